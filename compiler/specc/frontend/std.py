"""The files of specc's own blocks, which a spec includes by name: ``std/vision``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from specc.diagnostics.suggest import did_you_mean, fold
from specc.frontend.read import read_file
from specc.source import Document

PREFIX = "std/"
FOLDER = Path(__file__).resolve().parent.parent / "std"
EXAMPLES = FOLDER / "examples"
"""A spec for each block that shows it used, of the block's name."""
_ENDING = ".yaml"


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


def read(name: str) -> Document:
    """The file of a name, as messages show it: ``std/vision.yaml``."""
    return read_file(str(FOLDER / f"{name.removeprefix(PREFIX)}{_ENDING}"), name + _ENDING)


@cache
def blocks() -> dict[str, str]:
    """The file of each block, by the block's name."""
    return {block: name for name in names() for block in read(name).data["blocks"]}


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
