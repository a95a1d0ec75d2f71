"""The files of specc's own blocks, which a spec includes by name: ``std/vision``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from specc.diagnostics.suggest import did_you_mean, fold
from specc.frontend.read import in_text, read_file, read_text
from specc.frontend.schema import Block, BlockFile
from specc.source import Document

PREFIX = "std/"
FOLDER = Path(__file__).resolve().parent.parent / "std"
EXAMPLES = FOLDER / "examples"
"""A spec for each block that shows it used, of the block's name."""
_ENDING = ".yaml"
_BLOCK = re.compile(r"^  (\w+):$", re.MULTILINE)
"""The line that begins a block; `tests/frontend/test_std.py` checks that no other line looks so."""


def is_std(name: str) -> bool:
    """Whether an ``include`` names one of specc's own files: a name without an ending, not a path.

    >>> is_std("std/vision"), is_std("std/vision.yaml")
    (True, False)
    """
    return name.startswith(PREFIX) and "." not in name


@cache
def names() -> tuple[str, ...]:
    """What ``include`` can name: each file."""
    found = (path for path in FOLDER.rglob(f"*{_ENDING}") if EXAMPLES not in path.parents)
    return tuple(sorted(PREFIX + path.relative_to(FOLDER).with_suffix("").as_posix() for path in found))


def path_of(name: str) -> str | None:
    """The file that a name stands for; None if there is none."""
    return str(FOLDER / f"{name.removeprefix(PREFIX)}{_ENDING}") if name in names() else None


@cache
def read(name: str) -> Document:
    """The file of a name, as messages show it: ``std/vision.yaml``. A block is read when something asks for it."""
    path = FOLDER / f"{name.removeprefix(PREFIX)}{_ENDING}"
    shown, text = name + _ENDING, path.read_text(encoding="utf-8")
    if "\nlayers:" in text:  # a whole spec
        return read_file(str(path), shown)
    head, *parts = _BLOCK.split(text)
    data = read_text(head, shown, "yaml").data
    written = _Blocks(zip(parts[::2], parts[1::2], strict=True))
    return in_text(text, shown, {**data, "blocks": written}, str(path))


class _Blocks(dict[str, Any]):
    """The blocks of a file by name: each is its text until something asks for it, as a spec uses a few of many."""

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        if isinstance(found, str):
            found = self[name] = read_text(f"{name}:{found}", name, "yaml").data[name]
        return found


class BlocksOnDemand(Mapping[str, Block]):
    """The blocks of a file, each parsed when something asks for it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._parsed: dict[str, Block] = {}

    def __getitem__(self, name: str) -> Block:
        if name not in self._parsed:
            block, problems = Block.parse(self._data[name])
            assert block is not None, problems  # a test checks every file
            self._parsed[name] = block
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def parse_on_demand(document: Document) -> BlockFile:
    """What `specc.frontend.parse.parse_blocks` gives of a file with blocks, before any of them is needed."""
    given = document.data
    return BlockFile.model_construct(
        description=given.get("description"),
        include=given.get("include", []),
        blocks=BlocksOnDemand(given["blocks"]),
    )


@cache
def blocks() -> dict[str, str]:
    """The file of each block, by the block's name; a whole spec is a block of its own name."""
    found: dict[str, str] = {}
    for name in names():
        data = read(name).data
        found |= dict.fromkeys([data["name"]] if "layers" in data else data["blocks"], name)
    return found


@cache
def _folded() -> dict[str, str]:
    return {fold(block): block for block in blocks()}


def help_for_type(kind: str) -> str | None:
    """A help for an unknown type that is the name of one of specc's own blocks, in any letter case; None if it is not."""
    block = _folded().get(fold(kind))
    if block is None:
        return None
    written = "" if block == kind else f"write {block}, and "
    return f"{written}add include: [{blocks()[block]}], specc's own file with this block"


def help_for_name(name: str) -> str:
    """A help for an ``include`` that no file has."""
    return did_you_mean(name, names()) or f"specc's own files are {', '.join(names())}"
