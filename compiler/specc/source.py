"""What was read, and where everything in it is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
"""A path in a document: keys of maps and indices of lists, from the root down."""

Part = Literal["value", "key"]


class Span(NamedTuple):
    """A range of a source, lines and columns counted from 1; the end column is the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, eq=False)
class Source:
    """A text and the name to show for it (a path as the user wrote it, ``<stdin>``, ``<dict>``)."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends; only line feeds (with a carriage return before them or not) end one."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]


@dataclass(frozen=True, eq=False)
class Document:
    """A source read into plain data (maps, lists, strings, numbers, booleans, None)."""

    source: Source
    data: Any
    locate: Callable[[Path, Part], Span]
    """Where a path's value or key is written; for a path that does not exist, its nearest ancestor."""
    file: str | None = None
    """The file that it was read from, as an absolute path; None if the text came from no file."""
    format: Literal["json", "yaml"] = "yaml"
    """How the text is written."""
    respell: Callable[[str], str] | None = None
    """Converts a help, whose examples are YAML, into the notation of the text; None for YAML."""
    root: str | None = None
    """The folder that its includes must be in, if the user names one."""

    @property
    def folder(self) -> str | None:
        """The folder that includes are relative to."""
        return None if self.file is None else os.path.dirname(self.file)

    def within(self, root: str | None) -> Document:
        """The same document, whose includes must be in a folder."""
        return replace(self, root=root)


class Place(NamedTuple):
    """A place that a diagnostic shows. Its lines are found only when it is shown."""

    document: Document
    path: Path
    part: Part = "value"
    within: tuple[int, int] | None = None
    """For a part of a string, such as a term of an expression: first and last + 1 character of its value."""

    def __repr__(self) -> str:
        """Without the document, which is long."""
        return f"Place(path={self.path!r}, part={self.part!r}, within={self.within!r})"

    @property
    def file(self) -> str:
        """The name of the file, as the user wrote it."""
        return self.document.source.name

    @property
    def span(self) -> Span:
        """Where it is written, part of a string included (without escapes before it)."""
        span = self.document.locate(self.path, self.part)
        if self.within is None:
            return span
        if span.line != span.end_line:
            return _within_lines(span, self.within, self.written, self.document.source.lines)
        written = self.document.source.lines[span.line - 1][span.column - 1 : span.end_column - 1]
        quoted = 1 if written[:1] in ("'", '"') else 0
        first, last = self.within
        if last + quoted > len(written):
            return span
        return Span(span.line, span.column + quoted + first, span.line, span.column + quoted + last)

    def at(self, *path: str | int, part: Part = "value") -> Place:
        """A place inside it: ``place.at("units")``. Nothing is inside a part of a string."""
        if self.within is not None:
            return self
        return Place(self.document, (*self.path, *path), part)

    @property
    def written(self) -> Any:
        """The value there, as it was written; None if the document has none."""
        data = self.document.data
        try:
            for step in self.path:
                data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
        return data

    @property
    def has_end(self) -> bool:
        """Whether the span covers the whole value, so that it can be replaced.

        The span of a very long map or list is its first character.
        """
        span = self.span
        is_first = span[2:] == (span.line, span.column + 1)
        return not (is_first and self.part == "value" and isinstance(self.written, list | dict))

    def has(self, key: str | int) -> bool:
        """Whether there is a map with that key, so that a diagnostic can point at it."""
        written = self.written
        return isinstance(written, dict) and key in written

    def is_computed(self) -> bool:
        """Whether the value there is a string with a ``$``, so that its value is decided elsewhere."""
        return isinstance(self.written, str) and "$" in self.written


def _within_lines(span: Span, within: tuple[int, int], value: object, lines: list[str]) -> Span:
    """Where a part of a string is that is written on several lines; all of it if that cannot be told.

    YAML changes the white space of such a string and nothing else, so its other characters are counted.
    """
    written = [
        (character, line, column)
        for line in range(span.line, span.end_line + 1)
        for column, character in enumerate(lines[line - 1], 1)
        if not character.isspace() and (line, column) >= span[:2] and (line, column) < span[2:]
    ]
    if not isinstance(value, str) or not written:
        return span
    if written[0][0] in "|>":  # a block scalar; its text begins on the next line
        written = [it for it in written if it[1] > span.line]
    elif written[0][0] in "'\"":
        written = written[1:]
    before, part = "".join(value[: within[0]].split()), "".join(value[slice(*within)].split())
    found = written[len(before) : len(before) + len(part)]
    if not part or "".join(it[0] for it in found) != part:
        return span
    (_, line, column), (_, end_line, end_column) = found[0], found[-1]
    return Span(line, column, end_line, end_column + 1)


class Frame(NamedTuple):
    """A block instance or a copy on the way to an item: where it is written, and its values."""

    place: Place
    name: str
    values: dict[str, Any] = {}
    block: str | None = None
    """The block, for an instance that is expanded in place."""
    each: int | None = None
    """Which of the values of ``each`` or ``repeat``, counted from 0."""


class Origin(NamedTuple):
    """Where an item was written, and through which block instances and copies it was created."""

    place: Place
    frames: tuple[Frame, ...] = ()

    @classmethod
    def nowhere(cls, name: str = "<program>") -> Origin:
        """The origin of something that a program made, whose name messages show as the file."""
        return cls(Place(Document(Source(name, ""), None, lambda path, part: Span(1, 1, 1, 1)), ()))

    def at(self, *path: str | int, part: Part = "value") -> Place:
        """A place inside the item: ``origin.at("units")``."""
        return self.place.at(*path, part=part)
