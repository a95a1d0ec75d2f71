"""specc's own blocks, described: for ``specc layers`` and docs/blocks.md, from their files alone."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from specc.diagnostics.columns import wrap
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import fold
from specc.frontend import std
from specc.frontend.schema import Block, BlockFile
from specc.language.layer_pages import COLUMNS
from specc.source import Document

_COMMENT = re.compile(r"\s#\s*(.+?)\s*\Z")


class StdBlock(NamedTuple):
    """A block of specc's own."""

    name: str
    file: str
    """What a spec includes: ``std/vision``."""
    block: Block
    document: Document

    @property
    def description(self) -> str:
        """What it is, in words."""
        return self.block.description or ""

    @property
    def example(self) -> Path:
        """A spec that shows it used."""
        return std.EXAMPLES / f"{self.name}.yaml"

    def about(self, argument: str) -> str:
        """What the file says of an argument: its description, or the comment on its line."""
        if argument in self.block.args.descriptions:
            return self.block.args.descriptions[argument]
        line = self.document.source.lines[self.document.locate(("blocks", self.name, "args", argument), "key").line - 1]
        found = _COMMENT.search(line)
        return "" if found is None else found[1]


@cache
def _files() -> dict[str, tuple[Document, BlockFile]]:
    documents = {name: std.read(name) for name in std.names()}
    return {name: (document, std.parse_on_demand(document)) for name, document in documents.items()}


def blocks(file: str | None = None) -> list[StdBlock]:
    """All blocks, or those of one file, in the order of the files."""
    return [
        StdBlock(block, name, content, document)
        for name, (document, parsed) in _files().items()
        if file in (None, name)
        for block, content in parsed.blocks.items()
    ]


def find(name: str) -> StdBlock | None:
    """The block of a name, in any letter case; None if there is none."""
    return next((it for it in blocks() if fold(it.name) == fold(name)), None)


def named(name: str | None) -> list[StdBlock]:
    """All blocks that a name stands for: those of a file, the one of that name; all for None."""
    if name is None or name in files():
        return blocks(name)
    found = find(name)
    return [] if found is None else [found]


def files() -> dict[str, str]:
    """What each file contains, in words."""
    return {name: file.description or "" for name, (_, file) in _files().items()}


# -- For a terminal --------------------------------------------------------------------------------


def overview() -> str:
    """The names of all blocks by file."""
    lines = []
    for file in files():
        lines.append(f"blocks of {file}:")
        lines.append(f"  {wrap(', '.join(it.name for it in blocks(file)), COLUMNS, 2, 2)}")
    return "\n".join(lines)


def listed(file: str) -> str:
    """The blocks of a file: each with its arguments and the first sentence about it."""
    lines = [f"{file}: blocks of specc's own, for a spec with include: [{file}]", _wrapped(files()[file]), ""]
    for it in blocks(file):
        lines += [f"{it.name}{_signature(it.block)}", f"  {wrap(_first_sentence(it.description), COLUMNS, 2, 2)}"]
    lines.append("\n'specc layers BLOCK' describes one of them, 'specc layers BLOCK --source' prints it.")
    return "\n".join(lines)


def describe(it: StdBlock) -> str:
    """One block as the page of a layer: what it is, its arguments, inputs and outputs, and an example."""
    lines = [f"{it.name}: a block of {it.file}", _wrapped(it.description), ""]
    if it.block.args:
        wide = max(map(len, it.block.args))
        lines.append("arguments")
        for name, default in it.block.args.items():
            shown = "(required)" if default is None else flow(default)
            lines.append(f"  {name:<{wide}}  {shown}{it.about(name) and f': {it.about(name)}'}")
    lines += ["inputs", f"  {_inputs(it.block)}", "outputs", f"  {', '.join(it.block.ports)}"]
    lines += ["example", *(f"  {line}" for line in _text(it.example).splitlines())]
    lines.append(f"see  'specc layers {it.name} --source' prints its layers")
    return "\n".join(lines)


def source(it: StdBlock) -> str:
    """A block as its file has it, to copy into a spec, with the blocks that it uses."""
    return "\n".join(["blocks:", *(line for one in _used(it) for line in _lines(one))])


def as_dict(it: StdBlock) -> dict[str, Any]:
    """One block as plain data, with the keys of a layer."""
    arguments = [
        {"name": name, "description": it.about(name), "value": "", "required": default is None, "default": default}
        for name, default in it.block.args.items()
    ]
    return {
        "name": it.name,
        "kind": "block",
        "family": it.file,
        "description": it.description,
        "aliases": [],
        "arguments": arguments,
        "url": None,
        "inputs": [{"name": name, "required": True, "many": name in it.block.many} for name in it.block.inputs],
        "outputs": list(it.block.ports),
        "call": {},
        "shape": None,
        "example": _text(it.example),
    }


# -- docs/blocks.md --------------------------------------------------------------------------------


def markdown(pictures: str) -> str:
    """Every block with its arguments, inputs, outputs and example; ``pictures`` is the folder of their pictures."""
    parts = [
        "# Blocks\n",
        "specc's own blocks, of ordinary Keras layers: `include: [std/vision]` adds those of a file, see",
        "[the language](language.md#speccs-own-blocks). Made from the files by `python docs/generate.py`;",
        "`specc layers BLOCK` shows the same in a terminal, and `specc layers BLOCK --source` prints a block to copy.\n",
    ]
    for file, description in files().items():
        parts += [f"\n## {file}\n", f"{description}\n"]
        parts += [_markdown_of(it, pictures) for it in blocks(file)]
    return "\n".join(parts)


def _markdown_of(it: StdBlock, pictures: str) -> str:
    lines = [f"### {it.name}\n", f"{it.description}\n"]
    if it.block.args:
        lines += ["| argument | says | default |", "|---|---|---|"]
        for name, default in it.block.args.items():
            lines.append(f"| `{name}` | {it.about(name)} | {'required' if default is None else f'`{flow(default)}`'} |")
        lines.append("")
    lines += [f"- **inputs**: {_inputs(it.block)}", f"- **outputs**: {', '.join(it.block.ports)}\n"]
    lines += [f"```yaml\n{_text(it.example)}```\n", f"![The picture of the example]({pictures}/{it.name}.svg)\n"]
    return "\n".join(lines)


# -- Text ------------------------------------------------------------------------------------------


def _signature(block: Block) -> str:
    parts = [name if default is None else f"{name}={flow(default)}" for name, default in block.args.items()]
    return f"({', '.join(parts)})"


def _inputs(block: Block) -> str:
    return ", ".join(f"{name} (a list)" if name in block.many else name for name in block.inputs)


def _wrapped(text: str) -> str:
    return wrap(" ".join(text.split()), COLUMNS, 0, 0)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _used(it: StdBlock) -> list[StdBlock]:
    """A block and all that it uses, each before what uses it."""
    known = {one.name: one for one in blocks()}
    found: list[StdBlock] = []

    def add(one: StdBlock) -> None:
        for kind in _types(one.block):
            if kind in known and known[kind] not in found:
                add(known[kind])
        found.append(one)

    add(it)
    return found


def _types(block: Block) -> list[str]:
    """All strings in a block's layers that may be types, those of layers inside layers included."""
    found: list[str] = []
    pending: list[Any] = [value for item in block.layers for value in (item.type, item.arguments)]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict | list):
            pending += value.values() if isinstance(value, dict) else value
    return found


def _lines(it: StdBlock) -> list[str]:
    """The lines of a block in its file, as they are written."""
    lines = it.document.source.lines
    first = it.document.locate(("blocks", it.name), "key").line - 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    inside = takewhile(lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent, lines[first + 1 :])
    return "\n".join([lines[first], *inside]).rstrip().split("\n")
