"""What may be a name, and what a name that may not be one is told."""

from __future__ import annotations

import pytest

from specc.frontend.names import invalid_name
from tests.support.checking import parsed, said

BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
FORMS: dict[str, list[str]] = {
    f"{BASE}name: {'a' * 300}": ["4:7 invalid-name: the spec: a name has at most 200 characters, not 300"],
    f"{BASE}name: ''": ["4:7 invalid-name: the spec: a name cannot be empty"],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


@pytest.mark.parametrize("name", ["a", "A1", "_x", "a-b", "größe", "画像", "a_", "3x3", "a" * 200, "x²"[:1]])
def test_names(name: str) -> None:
    assert parsed(f"layers: [{{type: Input, name: '{name}', shape: [3]}}]").layers[0].name == name


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "a.b", "a:b", "é!", "a\u200b", "😀", "a" * 201, "a\u202e"])
def test_no_names(name: str) -> None:
    assert [line.split()[1] for line in said(f"layers: [{{type: Input, name: '{name}', shape: [3]}}]")] == [
        "invalid-name:"
    ]


@pytest.mark.parametrize(("name", "help"), [
    ("block 1", "a name has letters, digits, '_' and '-'; for instance 'block_1'"),
    ("-stem", "a name has letters, digits, '_' and '-'; for instance 'stem'"),
    ("!", "a name has letters, digits, '_' and '-'"),
])  # fmt: skip
def test_a_name_that_is_right(name: str, help: str) -> None:
    assert invalid_name(name).help == help
