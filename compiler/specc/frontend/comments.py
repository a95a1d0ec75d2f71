"""The comments of a YAML text: those above an entry, and the one after it on its line."""

from __future__ import annotations

import re

from specc.source import Document, Part, Path

_AFTER = re.compile(r"\s*[}\],]*\s+#+\s*(.*)\Z")
_COMMENT = re.compile(r"\s*#+\s*(.*)\Z")


def comments(document: Document, path: Path, part: Part = "value") -> list[str]:
    """The comments about what is written at a path, a text for each line; none in JSON."""
    if document.format != "yaml":
        return []
    lines = document.source.lines
    span = document.locate(path, part)
    found: list[str] = []
    begin = document.locate(path, "key") if isinstance(path[-1], str) else span
    begins_line = not lines[begin.line - 1][: begin.column - 1].strip(" -")
    number = begin.line - 1 if begins_line else 0  # else what is above is about what begins the line
    while number and (above := _COMMENT.match(lines[number - 1])):
        found.insert(0, above[1].strip())
        number -= 1
    if span.end_line <= len(lines):
        after = lines[span.end_line - 1][span.end_column - 1 :]
        if part == "key":
            after = after.removeprefix(":")
        if beside := _AFTER.match(after):
            found.append(beside[1].strip())
    return [text for text in found if text]


def head(document: Document) -> list[str]:
    """The comments that a text begins with."""
    if document.format != "yaml":
        return []
    found: list[str] = []
    for line in document.source.lines:
        comment = _COMMENT.match(line)
        if comment is None:
            break
        found.append(comment[1].strip())
    return [text for text in found if text]
