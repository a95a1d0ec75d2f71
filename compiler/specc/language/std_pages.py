"""specc's own blocks, described: for ``specc layers`` and docs/blocks.md, from their files alone."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from specc.diagnostics import Report
from specc.diagnostics.columns import wrap
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import fold
from specc.frontend import std
from specc.frontend.parse import parse
from specc.frontend.schema import Block
from specc.frontend.whole_spec import WholeSpec, as_block
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
    def is_whole(self) -> bool:
        """Whether it is a whole spec."""
        return isinstance(self.block, WholeSpec)

    @property
    def outputs(self) -> str:
        """The names of its outputs."""
        return ", ".join(self.block.ports) or "what nothing in it reads"

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
        path = ("vars", argument) if self.is_whole else ("blocks", self.name, "args", argument)
        line = self.document.source.lines[self.document.locate(path, "key").line - 1]
        found = _COMMENT.search(line)
        return "" if found is None else found[1]


@cache
def blocks() -> tuple[StdBlock, ...]:
    """All blocks, in the order of the files."""
    found: list[StdBlock] = []
    for name in std.names():
        document = std.read(name)
        spec = parse(document, Report()) if "layers" in document.data else None
        whole = None if spec is None else as_block(document, spec, Report())
        inside = std.parse_on_demand(document).blocks.items() if whole is None else [whole]
        found += [StdBlock(block, name, content, document) for block, content in inside]
    return tuple(found)


@cache
def groups() -> dict[str, list[StdBlock]]:
    """The blocks by what ``specc layers`` lists together: those of a file, or the whole specs of a folder."""
    found: dict[str, list[StdBlock]] = {}
    for it in blocks():
        found.setdefault(it.file.rpartition("/")[0] if it.is_whole else it.file, []).append(it)
    return found


def find(name: str) -> StdBlock | None:
    """The block of a name, in any letter case, or of a file with one whole spec; None if there is none."""
    return next((it for it in blocks() if fold(it.name) == fold(name) or (it.is_whole and it.file == name)), None)


def named(name: str | None) -> list[StdBlock]:
    """All blocks that a name stands for: those of a group, the one of that name; all for None."""
    if name is None or name in groups():
        return list(blocks()) if name is None else groups()[name]
    found = find(name)
    return [] if found is None else [found]


def _about(group: str) -> str:
    """What a group contains, in words."""
    first = groups()[group][0]
    if first.is_whole:
        return f"Whole specs, each in a file of its own: include: [{first.file}] adds the block {first.name}."
    return " ".join(str(first.document.data["description"]).split())


# -- For a terminal --------------------------------------------------------------------------------


def overview() -> str:
    """The names of all blocks by group."""
    lines = []
    for group, inside in groups().items():
        lines.append(f"blocks of {group}:")
        lines.append(f"  {wrap(', '.join(it.name for it in inside), COLUMNS, 2, 2)}")
    return "\n".join(lines)


def listed(group: str) -> str:
    """The blocks of a group: each with its arguments and the first sentence about it."""
    lines = [f"{group}: blocks of specc's own", _wrapped(_about(group)), ""]
    for it in groups()[group]:
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
            shown = "(required)" if name in it.block.required else flow(default)
            lines.append(f"  {name:<{wide}}  {shown}{it.about(name) and f': {it.about(name)}'}")
    lines += ["inputs", f"  {_inputs(it.block)}", "outputs", f"  {it.outputs}"]
    lines += ["example", *(f"  {line}" for line in _text(it.example).splitlines())]
    lines.append(f"see  'specc layers {it.name} --source' prints its layers")
    return "\n".join(lines)


def source(it: StdBlock) -> str:
    """A block as its file has it, to copy into a spec, with the blocks that it uses; a whole spec as it is."""
    if it.is_whole:
        return it.document.source.text.rstrip()
    return "\n".join(["blocks:", *(line for one in _used(it) for line in _lines(one))])


def as_dict(it: StdBlock) -> dict[str, Any]:
    """One block as plain data, with the keys of a layer."""
    arguments = [
        {
            "name": name,
            "description": it.about(name),
            "value": "",
            "required": name in it.block.required,
            "default": default,
        }
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
    for group, inside in groups().items():
        parts += [f"\n## {group}\n", f"{_about(group)}\n"]
        parts += [_markdown_of(it, pictures) for it in inside]
    return "\n".join(parts)


def _markdown_of(it: StdBlock, pictures: str) -> str:
    lines = [f"### {it.name}\n", f"{it.description}\n"]
    if it.block.args:
        lines += ["| argument | says | default |", "|---|---|---|"]
        for name, default in it.block.args.items():
            lines.append(
                f"| `{name}` | {it.about(name)} | {'required' if name in it.block.required else f'`{flow(default)}`'} |"
            )
        lines.append("")
    lines += [f"- **inputs**: {_inputs(it.block)}", f"- **outputs**: {it.outputs}\n"]
    lines += [f"```yaml\n{_text(it.example)}```\n", f"![The picture of the example]({pictures}/{it.name}.svg)\n"]
    return "\n".join(lines)


# -- Text ------------------------------------------------------------------------------------------


def _signature(block: Block) -> str:
    parts = [name if name in block.required else f"{name}={flow(value)}" for name, value in block.args.items()]
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
