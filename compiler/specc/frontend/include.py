"""Loads the files that a spec includes. The only place where a spec makes specc open a file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from specc import project
from specc.diagnostics import CompileError, Related, Report
from specc.diagnostics.text_safety import quote_value
from specc.frontend import std
from specc.frontend.parse import parse, parse_blocks
from specc.frontend.read import UnreadableError, read_file
from specc.frontend.schema import BlockFile, Spec
from specc.frontend.whole_spec import WholeSpec, as_block
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
    includes: dict[Unit, Place] = field(default_factory=dict)
    """What it includes, each with the place that names it. Libraries see only what they include themselves."""
    whole: tuple[str, WholeSpec] | None = None
    """For a spec that another one includes: the block that it is, and the block's name. It is a library."""
    is_std: bool = False
    """Whether it is one of specc's own files, which are libraries."""

    @property
    def libraries(self) -> dict[Unit, Place]:
        """The libraries that it includes, each with the place that names it."""
        return {unit: place for unit, place in self.includes.items() if unit.is_std or unit.whole is not None}

    @property
    def head(self) -> Unit:
        """The spec or library that it is part of."""
        return self.within or self

    def place(self, *path: str | int, part: Any = "value") -> Place:
        """A place in this file."""
        return Place(self.document, path, part)


def load(document: Document, spec: BlockFile, report: Report) -> list[Unit]:
    """The spec's own unit, then those of the files it includes, each file once for each library.

    A file is named by a relative path and must be in a folder: the document's ``root``, or else the folder of the project that the spec
    belongs to, or else the spec's own; a path out of it is an error.
    """
    first = Unit(document, spec)
    if not spec.include:
        return [first]
    path = document.source.name if document.file is None else str(FilePath(document.file).resolve())
    loader = _Loader(document, report)
    loader.units[path, None] = first
    loader.load_into(first, {path: document})
    return list(loader.units.values())


class _Loader:
    """Loads the files of one compilation."""

    def __init__(self, first: Document, report: Report) -> None:
        self.first = first
        self.report = report
        self.units: dict[tuple[str, Unit | None], Unit] = {}
        """By path and by the library that it is part of; a library is part of none."""
        self._contents: dict[str, _Content | None] = {}
        """What was read, by path; None for what has errors."""

    def load_into(self, unit: Unit, chain: dict[str, Document]) -> None:
        """Load what a unit includes; ``chain`` are the files that lead to it, by path."""
        for index, name in enumerate(unit.spec.include):
            place = unit.place("include", index)
            if index >= MOST_FILES:
                self.report.error("too-large", f"the file includes more than {MOST_FILES} files", place)
                return
            is_std = std.is_std(name)
            path = _std(name, place, self.report) if is_std else self._resolve(name, unit.document, place)
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
            if path not in self._contents:
                if len(self._contents) >= MOST_FILES - 1:
                    self.report.error("too-large", f"the spec includes more than {MOST_FILES} files", place)
                    return
                self._contents[path] = _read(path, name, unit.document, place, self.report)
            content = self._contents[path]
            if content is None:
                continue
            head = None if is_std or content.whole is not None else unit.head
            if (path, head) not in self.units:
                found = Unit(content.document, content.spec, head, whole=content.whole, is_std=is_std)
                self.units[path, head] = found
                self.load_into(found, {**chain, path: found.document})
            unit.includes.setdefault(self.units[path, head], place)

    def _resolve(self, name: str, document: Document, place: Place) -> str | None:
        report = self.report
        if document.folder is None or self.first.folder is None:
            report.error(
                "include", "a spec that is not a file cannot include one", place, help="save the spec as a file"
            )
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
            folder = FilePath(self.first.root or self.first.folder).resolve()
        except (OSError, RuntimeError):
            report.error("include", f"cannot read {quote_value(name)}", place)
            return None
        if not path.is_relative_to(folder) and self.first.root is None:
            folder = project.root_of(folder) or folder
        if not path.is_relative_to(folder):
            is_own = folder == FilePath(self.first.folder).resolve()
            where = "the folder of the spec" if is_own else f"the root, {quote_value(str(folder))}"
            there = "the spec's folder" if is_own else "that folder"
            report.error(
                "include",
                f"{quote_value(name)} is outside {where}",
                place,
                help=f"move the file into {there}, or name a folder around both: --root FOLDER, or [tool.specc] in its pyproject.toml",
            )
            return None
        return str(path)


def _std(name: str, place: Place, report: Report) -> str | None:
    path = std.path_of(name)
    if path is None:
        report.error("include", f"specc has no file {quote_value(name)}", place, help=std.help_for_name(name))
    return path


@dataclass(frozen=True)
class _Content:
    """What an included file holds: blocks, or a whole spec."""

    document: Document
    spec: BlockFile
    whole: tuple[str, WholeSpec] | None


def _read(path: str, name: str, includer: Document, place: Place, report: Report) -> _Content | None:
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
    is_whole = isinstance(document.data, dict) and "layers" in document.data
    spec: BlockFile | None
    if is_whole:
        spec = parse(document, report, "the included spec")
    elif std.is_std(name):
        spec = std.parse_on_demand(document)
    else:
        spec = parse_blocks(document, report)
    whole = as_block(document, spec, report) if isinstance(spec, Spec) else None
    for position in range(before, len(report.diagnostics)):
        found = report.diagnostics[position]
        report.diagnostics[position] = replace(found, related=(*found.related, Related("included here", place)))
    return None if spec is None or (is_whole and whole is None) else _Content(document, spec, whole)
