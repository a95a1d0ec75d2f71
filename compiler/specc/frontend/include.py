"""Loads the block files that a spec includes. The only place where a spec makes specc open a file."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from specc.diagnostics import CompileError, Related, Report
from specc.diagnostics.text_safety import quote_value
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

    def place(self, *path: str | int, part: Any = "value") -> Place:
        """A place in this file."""
        return Place(self.document, path, part)


def load(document: Document, spec: BlockFile, report: Report) -> list[Unit]:
    """The spec's own unit, then those of the files it includes, each file once.

    A file is named by a relative path and must be in the spec's folder; a path out of it is an error.
    """
    root = Unit(document, spec)
    if not spec.include:
        return [root]
    path = document.source.name if document.file is None else str(FilePath(document.file).resolve())
    units = {path: root}
    _load_into(units, root, {path: document}, report)
    return list(units.values())


def _load_into(units: dict[str, Unit], unit: Unit, chain: dict[str, Document], report: Report) -> None:
    for index, name in enumerate(unit.spec.include):
        place = unit.place("include", index)
        if index >= MOST_FILES:
            report.error("too-large", f"the file includes more than {MOST_FILES} files", place)
            return
        path = _resolve(name, unit.document, next(iter(chain.values())), place, report)
        if path is None:
            continue
        if path in chain:
            names = [document.source.name for document in chain.values()] + [name]
            report.error(
                "include-cycle", f"the file includes itself: {' -> '.join(names)}", place, help="remove this include"
            )
            continue
        if path in units:
            continue
        if len(units) >= MOST_FILES:
            report.error("too-large", f"the spec includes more than {MOST_FILES} files", place)
            return
        included = _read(path, name, unit.document, place, report)
        if included is not None:
            units[path] = included
            _load_into(units, included, {**chain, path: included.document}, report)


def _resolve(name: str, document: Document, root: Document, place: Place, report: Report) -> str | None:
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


def _read(path: str, name: str, includer: Document, place: Place, report: Report) -> Unit | None:
    shown = str(FilePath(includer.source.name).parent / name)
    if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would block
        report.error("include", f"{quote_value(name)} is not a file", place, help="name a file with blocks")
        return None
    try:
        document = read_file(path, shown)
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
    return None if spec is None else Unit(document, spec)
