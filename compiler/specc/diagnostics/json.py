"""Diagnostics for a program: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from specc.diagnostics.diagnostic import Diagnostic
from specc.diagnostics.fixes import edit
from specc.diagnostics.text import file_name, in_order


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """One object a line, in the form of `as_dict`; pure ASCII, so that any reader takes it."""
    return "\n".join(json.dumps(as_dict(diagnostic)) for diagnostic in in_order(diagnostics))


def as_dict(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic with its place as file, lines and columns (from 1), and ``path`` as a list of keys and indices."""
    span = diagnostic.place.span
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "file": file_name(diagnostic.place),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "path": list(diagnostic.place.path),
        "help": diagnostic.help,
        "fix": None if (fix := edit(diagnostic)) is None else fix.as_dict(),
        "copies": diagnostic.copies,
        "related": [
            {
                "message": related.message,
                "file": file_name(related.place),
                "line": related.place.span.line,
                "column": related.place.span.column,
            }
            for related in diagnostic.related
        ],
    }
