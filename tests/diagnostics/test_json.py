"""One JSON object a diagnostic and line, as DESIGN lists its keys."""

from __future__ import annotations

import json

from specc.diagnostics.json import render
from tests.support.diagnostics import diagnostic, document

WHERE = document("name: größe\nlayers: x\n", a=(1, 7, 1, 12), b=(2, 9, 2, 10))


def test_keys_and_values() -> None:
    (found,) = map(
        json.loads,
        render([diagnostic(WHERE, "b", "no x", help="do this", related=(("first", WHERE, "a"),))]).split("\n"),
    )
    assert found == {
        "severity": "error", "code": "some-code", "message": "no x", "file": "spec.yaml",
        "line": 2, "column": 9, "end_line": 2, "end_column": 10, "path": ["b"], "help": "do this", "fix": None, "copies": 0,
        "related": [{"message": "first", "file": "spec.yaml", "line": 1, "column": 7}],
    }  # fmt: skip
    assert list(found) == [
        "severity", "code", "message", "file", "line", "column", "end_line", "end_column", "path", "help", "fix",
        "copies", "related",
    ]  # fmt: skip


def test_lines_in_order_and_pure_ascii() -> None:
    text = render([diagnostic(WHERE, "b", "zwölf\n\x1b"), diagnostic(WHERE, "a", severity="warning")])
    assert text.isascii()
    assert text.isprintable() or text.count("\n") == 1
    assert [(json.loads(line)["line"], json.loads(line)["severity"]) for line in text.split("\n")] == [
        (1, "warning"),
        (2, "error"),
    ]
    assert json.loads(text.split("\n")[1])["message"] == "zwölf\n\x1b"
    assert render([]) == ""
