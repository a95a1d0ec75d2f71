"""Reads texts in the tests of the readers."""

from __future__ import annotations

from typing import Any

from specc.diagnostics import CompileError, Diagnostic
from specc.frontend.read import Format, read_text
from specc.source import Part


def data(text: str, format: Format) -> Any:
    """What a text holds."""
    return read_text(text, "spec", format).data


def mistake(text: str, format: Format) -> Diagnostic:
    """The one error of a text that cannot be read; rendering it must work as well."""
    try:
        read_text(text, "spec", format)
    except CompileError as error:
        (found,) = error.diagnostics
        assert str(error).startswith(f"\nerror[{found.code}]: ")
        return found
    raise AssertionError(f"{text[:80]!r} is read")


def refusal(text: str, format: Format) -> tuple[str, int, int]:
    """Code, line and column of the error of a text."""
    found = mistake(text, format)
    span = found.place.span
    return found.code, span.line, span.column


def written(text: str, format: Format, *path: str | int, part: Part = "value") -> str:
    """What stands in a text at the place of a path."""
    document = read_text(text, "spec", format)
    span = document.locate(path, part)
    lines = document.source.lines[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)
