"""What may be a name, and what a name that may not be one is told."""

from __future__ import annotations

import pytest

from specc.frontend.names import invalid_name
from tests.support.checking import parsed, said, told

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


@pytest.mark.parametrize(("name", "expected"), [
    ("mobilenet_1.00_224", None), ("net.v2.small", None), ("a" * 99 + "." + "b" * 99, None),
    ("net.", "\"net.\" is not a name of a model | a dot in a model's name is between two names; for instance 'net'"),
    ("a..b", "\"a..b\" is not a name of a model | a dot in a model's name is between two names; for instance 'a.b'"),
    ("..", "\"..\" is not a name of a model | a dot in a model's name is between two names"),
    ("a.-b", "\"a.-b\" is not a name of a model | a dot in a model's name is between two names; for instance 'a.b'"),
    ("../a", "a name cannot contain \"/\", as \"../a\" does | a name has letters, digits, '_' and '-'; for instance 'a'"),
])  # fmt: skip
def test_a_model_may_have_dots_in_its_name(name: str, expected: str | None) -> None:
    found = told(f"{BASE}name: '{name}'\n")
    assert found == ([] if expected is None else [f"4:7 invalid-name: the spec: {expected}"])
    assert told(f"{BASE}vars: {{n: '{name}'}}\nname: $n\n") == [line.replace("4:7", "4:11") for line in found]
