"""The JSON of a file from anyone: read within bounds, and its places are those that the reader of specs finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specc.archive.json_text import DEEPEST, LARGEST, MOST_VALUES, read_text
from specc.diagnostics import CompileError
from specc.frontend import read
from specc.source import Path

REFUSED: list[tuple[bytes, str, str]] = [
    (b"", "syntax", "this is not valid JSON"),
    (b'{"a": }', "syntax", "this is not valid JSON"),
    (b'{"a": 1} x', "syntax", "this is not valid JSON"),
    (b"\xff", "encoding", "the JSON is not UTF-8 text"),
    (b'{"a": NaN}', "invalid-number", "NaN is not a finite number"),
    (b'{"a": -1e999}', "invalid-number", "the number is too large for a float"),
    (b'{"a": %s}' % (b"1" * 301), "invalid-number", "an integer of 301 digits is too long"),
    (b'{"a": "\\u0000"}', "invalid-text", "a string contains a NUL character or half of a surrogate pair"),
    (b'{"a": "\\ud800"}', "invalid-text", "a string contains a NUL character or half of a surrogate pair"),
    (b"[" * (DEEPEST + 1), "too-deep", f"maps and lists are nested more than {DEEPEST} deep"),
    (b"[" + b"0," * MOST_VALUES + b"0]", "too-large", f"the JSON has more than {MOST_VALUES:,} values"),
    (b" " * (LARGEST + 1), "too-large", f"the JSON has more than {LARGEST:,} bytes"),
]


@pytest.mark.parametrize(("content", "code", "message"), REFUSED, ids=[f"{row[1]}-{row[0][:9]!r}" for row in REFUSED])
def test_what_is_refused(content: bytes, code: str, message: str) -> None:
    with pytest.raises(CompileError) as caught:
        read_text(content, "config.json")
    assert [(it.code, it.message) for it in caught.value.diagnostics] == [(code, message)]


def test_a_key_twice() -> None:
    text = b'{"a": {"c": 1},\n "b": {"c": 1, "c": 2}}'
    with pytest.raises(CompileError) as caught:
        read_text(text, "config.json")
    assert (
        str(caught.value).strip()
        == """\
error[duplicate-key]: duplicate key "c"
 --> config.json:2:16
2 |  "b": {"c": 1, "c": 2}}
  |                ^^^
2 |  "b": {"c": 1, "c": 2}}  first here
  = help: the file is damaged, or was changed by hand: save the model again with Keras"""
    )


def test_what_is_read() -> None:
    text = '\ufeff{"\\u00e9": [1, -2.5e3, true, null, "\\ud83d\\ude00\\n"], "": {}}'
    assert read_text(text.encode(), "config.json").data == {"é": [1, -2500.0, True, None, "😀\n"], "": {}}


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all that is in a value."""
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step)
            yield from paths(item, (*path, step))


NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4)
VALUES = st.recursive(
    st.integers(-9, 99) | st.booleans() | NAMES | st.sampled_from(['"', "\\", "a\\", '{"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_places_are_those_of_a_spec(data: dict[str, Any], indent: int | None, ascii: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii)
    found, wanted = read_text(text.encode(), "m.json"), read.read_text(text, "m.json")
    assert found.data == wanted.data == data
    for path in paths(data):
        for part in ("value", "key") if isinstance(path[-1], str) else ("value",):
            assert found.locate(path, part)[:2] == wanted.locate(path, part)[:2], (text, path, part)
