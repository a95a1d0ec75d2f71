"""Loads the files that a spec includes. The only place where a spec makes specc open a file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from specc.diagnostics import CompileError, Related, Report
from specc.diagnostics.text_safety import quote_value
from specc.frontend import std
from specc.frontend.parse import parse_blocks
from specc.frontend.read import UnreadableError, read_file
from specc.frontend.schema import BlockFile
from specc.source import Document, Place

MOST_FILES = 100
LONGEST_NAME = 1000
"""Most characters of a path; each folder in it is looked up."""


@dataclass(frozen=True, eq=False)
class Unit:
    """A file of the compilation: its document and its content. The first is the spec, the others are included."""

    document: Document
    spec: BlockFile
    within: Unit | None = None
    """The spec or library whose blocks it adds to; None for these themselves."""
    libraries: list[Unit] = field(default_factory=list)
    """The libraries that it includes, which see only what they include themselves: specc's own files."""
    is_std: bool = False
    """Whether it is one of specc's own files."""

    @property
    def head(self) -> Unit:
        """The spec or library that it is part of."""
        return self.within or self

    def place(self, *path: str | int, part: Any = "value") -> Place:
        """A place in this file."""
        return Place(self.document, path, part)


def load(document: Document, spec: BlockFile, report: Report) -> list[Unit]:
    """The spec's own unit, then those of the files it includes, each file once for each library.

    A file is named by a relative path and must be in the spec's folder; a path out of it is an error.
    """
    root = Unit(document, spec)
    if not spec.include:
        return [root]
    path = document.source.name if document.file is None else str(FilePath(document.file).resolve())
    loader = _Loader(document, report)
    loader.units[path, None] = root
    loader.load_into(root, {path: document})
    return list(loader.units.values())


class _Loader:
    """Loads the files of one compilation."""

    def __init__(self, root: Document, report: Report) -> None:
        self.root = root
        self.report = report
        self.units: dict[tuple[str, Unit | None], Unit] = {}
        """By path and by the library that it is part of; a library is part of none."""

    def load_into(self, unit: Unit, chain: dict[str, Document]) -> None:
        """Load what a unit includes; ``chain`` are the files that lead to it, by path."""
        for index, name in enumerate(unit.spec.include):
            place = unit.place("include", index)
            if index >= MOST_FILES:
                self.report.error("too-large", f"the file includes more than {MOST_FILES} files", place)
                return
            is_library = std.is_std(name)
            path = _std(name, place, self.report) if is_library else _resolve(name, unit, self.root, place, self.report)
            if path is None:
                continue
            if path in chain:
                names = [document.source.name for document in chain.values()] + [name]
                self.report.error(
                    "include-cycle",
                    f"the file includes itself: {' -> '.join(names)}",
                    place,
                    help="remove this include",
                )
                continue
            head = None if is_library else unit.head
            found = self.units.get((path, head))
            if found is None:
                if len(self.units) >= MOST_FILES:
                    self.report.error("too-large", f"the spec includes more than {MOST_FILES} files", place)
                    return
                read = _read(path, name, unit.document, place, self.report)
                if read is None:
                    continue
                found = self.units[path, head] = Unit(*read, within=head, is_std=is_library)
                self.load_into(found, {**chain, path: found.document})
            if is_library and found not in unit.libraries:
                unit.libraries.append(found)


def _std(name: str, place: Place, report: Report) -> str | None:
    path = std.path_of(name)
    if path is None:
        report.error("include", f"specc has no file {quote_value(name)}", place, help=std.help_for_name(name))
    return path


def _resolve(name: str, unit: Unit, root: Document, place: Place, report: Report) -> str | None:
    document = unit.document
    if document.folder is None or root.folder is None:
        report.error("include", "a spec that is not a file cannot include one", place, help="save the spec as a file")
        return None
    if len(name) > LONGEST_NAME:
        report.error(
            "include", f"a path of {len(name):,} characters is too long", place, help="name a file with blocks"
        )
        return None
    given = FilePath(name)
    if "\0" in name or given.is_absolute() or "\\" in name or ":" in name:
        report.error(
            "include",
            f"{quote_value(name)} is not a relative path",
            place,
            help="write it from the folder of this file, with /: blocks/resnet.yaml",
        )
        return None
    try:
        path = (FilePath(document.folder) / given).resolve()
        folder = FilePath(root.folder).resolve()
    except (OSError, RuntimeError):
        report.error("include", f"cannot read {quote_value(name)}", place)
        return None
    if not path.is_relative_to(folder):
        report.error(
            "include",
            f"{quote_value(name)} is outside the folder of the spec",
            place,
            help="move the file into the spec's folder",
        )
        return None
    return str(path)


def _read(path: str, name: str, includer: Document, place: Place, report: Report) -> tuple[Document, BlockFile] | None:
    shown = str(FilePath(includer.source.name).parent / name)
    if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would block
        report.error("include", f"{quote_value(name)} is not a file", place, help="name a file with blocks")
        return None
    try:
        document = std.read(name) if std.is_std(name) else read_file(path, shown)
    except UnreadableError as error:
        report.error("include", str(error), place, help="paths are relative to the folder of the including file")
        return None
    except CompileError as error:
        report.diagnostics += error.diagnostics
        return None
    before = len(report.diagnostics)
    spec = parse_blocks(document, report)
    for position in range(before, len(report.diagnostics)):
        found = report.diagnostics[position]
        report.diagnostics[position] = replace(found, related=(*found.related, Related("included here", place)))
    return None if spec is None else (document, spec)
