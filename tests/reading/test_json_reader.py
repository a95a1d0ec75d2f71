"""JSON is read strictly, and every place in it is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specc.diagnostics import CompileError
from specc.frontend.read import read_text
from specc.reading.mistakes import DEEPEST
from tests.support.reading import data, mistake, refusal, written

REFUSED = {
    "duplicate key": ('{"a": 1, "b": 2, "a": 3}', "duplicate-key", 1, 18),
    "duplicate key by an escape": ('{"a": 1,\n "\\u0061": 3}', "duplicate-key", 2, 2),
    "duplicate key inside": ('{"a": [{"b": 1, "b": 1}]}', "duplicate-key", 1, 17),
    "NaN": ('{"a": NaN}', "invalid-number", 1, 7),
    "Infinity": ('[1, Infinity]', "invalid-number", 1, 5),
    "-Infinity": ('[1,\n -Infinity]', "invalid-number", 2, 2),
    "float too large": ('{"a": 1e999}', "invalid-number", 1, 7),
    "integer too long": ('{"a": 1, "b": ' + "9" * 5000 + "}", "invalid-number", 1, 15),
    "lone surrogate": ('{"a": "x\\ud800"}', "invalid-text", 1, 7),
    "lone surrogate in a key": ('{"\\udc00": 1}', "invalid-text", 1, 2),
    "NUL": ('{"a": ["x", "\\u0000"]}', "invalid-text", 1, 13),
    "trailing comma in a list": ('[1, 2,\n]', "syntax", 1, 6),
    "trailing comma in a map": ('{"a": 1, }', "syntax", 1, 8),
    "missing comma": ('{"a": 1 "b": 2}', "syntax", 1, 8),
    "missing colon": ('{"a" 1}', "syntax", 1, 6),
    "missing value": ('{"a": }', "syntax", 1, 7),
    "single quotes": ("{'a': 1}", "syntax", 1, 2),
    "key without quotes": ("{a: 1}", "syntax", 1, 2),
    "text without quotes": ('{"a": relu}', "syntax", 1, 7),
    "Python's words": ('{"a": True}', "syntax", 1, 7),
    "comment": ('{"a": 1 // one\n}', "syntax", 1, 9),
    "hash comment": ('# spec\n{"a": 1}', "syntax", 1, 1),
    "not closed": ('{"a": [1, 2', "syntax", 1, 11),
    "text not closed": ('{"a": "x\n}', "syntax", 1, 7),
    "text not closed at the end": ('{"a": "x', "syntax", 1, 7),
    "tab in a text": ('{"a": "x\ty"}', "syntax", 1, 9),
    "unknown escape": ('{"a": "\\q"}', "syntax", 1, 8),
    "half an escape": ('{"a": "\\u12"}', "syntax", 1, 9),
    "two texts": ('{"a": 1} {"b": 2}', "syntax", 1, 10),
    "leading zero": ('{"a": 010}', "syntax", 1, 7),
    "hexadecimal": ('{"a": 0x10}', "syntax", 1, 8),
    "plus": ('{"a": +1}', "syntax", 1, 7),
    "YAML": ("a: 1\n", "syntax", 1, 1),
    "lone surrogate as it is": ('{"a": "\ud800"}', "invalid-text", 1, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, code, line, column = REFUSED[name]
    assert refusal(text, "json") == (code, line, column)
    assert mistake(text, "json").help


def test_values() -> None:
    text = '{"a": [1, -2, 1.5, 1e3, true, false, null, "é\\u00e9\\ud83d\\ude00\\n"], "b": {}}'
    assert data(text, "json") == {"a": [1, -2, 1.5, 1000.0, True, False, None, "éé😀\n"], "b": {}}
    assert type(data('{"a": 1.0}', "json")["a"]) is float
    assert type(data('{"a": 1}', "json")["a"]) is int
    assert data("9" * 300, "json") == int("9" * 300)


def test_a_duplicate_key_shows_both_places() -> None:
    found = mistake('{\n  "a": 1,\n  "a": 2\n}', "json")
    assert str(CompileError([found])).split("\n")[2:] == [
        " --> spec:3:3",
        '3 |   "a": 2',
        "  |   ^^^",
        '2 |   "a": 1,  first here',
        "  = help: keep one of the two",
    ]


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_depth(opening: str, closed: bool, depth: int) -> None:
    closing = {"[": "]", '{"a":': "}", '[{"a":': "}]"}[opening] if closed else ""
    code = refusal(f"{opening * depth}1{closing * depth}", "json")[0]
    assert code == "too-deep" if closed or depth > DEEPEST * 10 else code in ("too-deep", "syntax")


def test_the_deepest_is_read() -> None:
    assert data("[" * DEEPEST + "]" * DEEPEST, "json")
    assert refusal("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "json") == ("too-deep", 1, DEEPEST + 1)


# -- Places ----------------------------------------------------------------------------------------

PLACED = """{
  "name": "größe 画像 \\"x\\"", "layers": [ {"type" : "Input", "shape":[1 , null,-2.5e3]},
    "Flatten"
  ],
  "\\u0061b": {"": [], "😀": {"k": true}}
}
"""


def test_places_of_values() -> None:
    assert written(PLACED, "json", "name") == '"größe 画像 \\"x\\""'
    assert written(PLACED, "json", "layers", 0) == '{"type" : "Input", "shape":[1 , null,-2.5e3]}'
    assert written(PLACED, "json", "layers", 0, "type") == '"Input"'
    assert [written(PLACED, "json", "layers", 0, "shape", i) for i in range(3)] == ["1", "null", "-2.5e3"]
    assert written(PLACED, "json", "layers", 1) == '"Flatten"'
    assert written(PLACED, "json", "ab", "") == "[]"
    assert written(PLACED, "json", "ab", "😀", "k") == "true"
    assert written(PLACED, "json").startswith('{\n  "name"')


def test_places_of_keys() -> None:
    assert written(PLACED, "json", "layers", 0, "type", part="key") == '"type"'
    assert written(PLACED, "json", "ab", part="key") == '"\\u0061b"'
    assert written(PLACED, "json", "ab", "😀", part="key") == '"😀"'


def test_places_of_what_is_not_there() -> None:
    assert written(PLACED, "json", "layers", 0, "units") == written(PLACED, "json", "layers", 0)
    assert written(PLACED, "json", "layers", 7) == written(PLACED, "json", "layers")


# -- Properties ------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé\n\"\\", max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, derandomize=True, deadline=None)
@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_what_json_writes_is_read_and_placed(value: Any, indent: int | None, ascii: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    assert data(text, "json") == value
    paths: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    for part, path in paths:
        assert json.loads(written(text, "json", *path)) == part
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        paths += [(child, (*path, step)) for step, child in items]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(st.sampled_from("{}[],:\"'ab\\u01.-eEtrunfalsNI \n\r\t/é\x00\ud800"), max_size=30))
def test_any_text_gives_data_or_diagnostics(text: str) -> None:
    try:
        read_text(text, "spec", "json")
    except CompileError as error:
        assert error.diagnostics[0].help
        str(error)
