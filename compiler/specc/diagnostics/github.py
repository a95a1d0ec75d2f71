"""Diagnostics as GitHub workflow commands, which show as annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from specc.diagnostics.diagnostic import Diagnostic
from specc.diagnostics.text import MOST_SHOWN, file_name, in_order
from specc.diagnostics.text_safety import printable


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a line: ``::error file=...,line=...,title=...::message``."""
    ordered = in_order(diagnostics)
    commands = [_command(diagnostic) for diagnostic in ordered[:MOST_SHOWN]]
    if len(ordered) > MOST_SHOWN:
        commands.append(f"::notice title=specc::{len(ordered) - MOST_SHOWN:,} more are not shown")
    return "\n".join(commands)


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.place.span
    properties = {
        "file": file_name(diagnostic.place),
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "title": f"specc {diagnostic.code}",
    }
    message = diagnostic.message if diagnostic.help is None else f"{diagnostic.message}\nhelp: {diagnostic.help}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{diagnostic.severity} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """A message with characters escaped that would end a command. Source: GitHub's actions/toolkit, command.ts."""
    lines = [printable(line) for line in text.split("\n")]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
