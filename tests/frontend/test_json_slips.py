"""Other people's syntax in JSON: the help is the text to write instead; where the fix is certain, the spec is right with it."""

from __future__ import annotations

import pytest

from tests.support.helps import all_helps, assert_certain, diagnostics, fixed

JSON: dict[str, tuple[str, list[str]]] = {
    "decimal commas and a call": (
        '{"layers": [{"type": "Input", "shape": [8]}, {"type": "Dropout", "rate": ,5}, {"type": "Dropout", "rate": 0,5}, Dense(10)]}',
        ["write 0.5", "write 0.5", 'write {"type": "Dense", "units": 10}'],
    ),
    "Python": (
        '{"layers": [{"type": "Input", "name": "x", "shape": (None, 8)},\n'
        ' {"type": "LSTM", "units": 3, "return_sequences": True, "activity_regularizer": None}]}',
        ["write [null, 8]", "write true", "write null"],
    ),
    "JavaScript": (
        "{layers: [{type: 'Input', \"shape\": [8]}, {\"type\": Dense, \"units\": 3,},],}",
        [
            'write "layers"', 'write "type"', 'use double quotes: "Input"', 'write "Dense"',
            "remove the comma", "remove the comma", "remove the comma",
        ],
    ),
    "missing commas": (
        '{"layers": [{"type": "Input" "shape": [8]}\n {"type": "Dense", "units": 1_0}]}',
        ["put a comma between two entries", "put a comma between two entries", "write 10"],
    ),
    "values": (
        '{"layers": [{"type": "Input", "shape": "(8, 3)"}, "Flatten()", {"type": "Linear", "out_features": "3"}]}',
        ["YAML and JSON have no tuples: write [8, 3]", 'write {"type": "Flatten"}', 'write "Dense", which PyTorch calls Linear'],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), JSON.values(), ids=JSON)
def test_json(text: str, expected: list[str]) -> None:
    assert_certain(text, expected, "json")


def test_comments_in_json_stay() -> None:
    text = '{"layers": [ // the layers\n {"type": "Input", "shape": [3]}, {"type": "Dense", "units": 1,}]}'
    assert all_helps(text, "json") == ["remove it, or write the spec as YAML", "remove the comma"]
    assert fixed(text, "json") == text.replace("1,}", "1}")


@pytest.mark.parametrize(("text", "wanted"), [
    ('{"layers": [{"type": "Dense", "units": 4]}', "1:41 put a '}' here"),
    ('{"layers": [{"type": "Dense, "units": 4}]}', '1:22 write "Dense"'),
    ('{"layers": [{"type": "Input", "shape": [28*28]}]}', '1:41 write "$(28*28)"'),
])  # fmt: skip
def test_one_slip(text: str, wanted: str) -> None:
    (found,) = diagnostics(text, "json")
    assert f"{found.place.span.line}:{found.place.span.column} {found.help}" == wanted
