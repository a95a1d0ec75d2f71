"""JSON of anyone: data as the standard library reads it, places, and what is refused."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from specc.archive.reading.json_text import DEEPEST, MOST_VALUES, read_text
from specc.diagnostics import CompileError
from specc.reading import json_reader
from specc.source import Path

TEXT = '{"a": [1, {"b": "x\\"]y", "c\\u0064": [null, true]}, -2.5e3],\n "e": {}, "long": [' + "1, " * 60 + '"end"]}'


def said(content: bytes | str) -> str:
    with pytest.raises(CompileError) as caught:
        read_text(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content, "m.json")
    (found,) = caught.value.diagnostics
    return str(found)


def paths(data: Any, path: Path = ()) -> list[Path]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(it for key, value in inside for it in paths(value, (*path, key)))]


def test_places_are_those_of_the_reader_of_specs() -> None:
    document = read_text(TEXT.encode(), "m.json")
    assert document.data == json.loads(TEXT)
    wanted = json_reader.places(TEXT)
    for path in [*paths(document.data), ("a", 9), ("a", "x"), ("e", "no"), (0,)]:
        found, place = document.locate(path, "value"), wanted.find(path, "value")
        assert found == place or (found[:2] == place[:2] and found.end_column == found.column + 1), path
        if path and isinstance(path[-1], str) and path in paths(document.data):
            assert document.locate(path, "key") == wanted.find(path, "key")


WRONG = [
    (b'{"a": "\xff"}', "encoding]: the JSON is not UTF-8 text\n --> m.json:1:1\n"),
    ('{"a": [1, 2}', "syntax]: this is not valid JSON\n --> m.json:1:12\n"),
    ('{"a": ', "syntax]: this is not valid JSON\n --> m.json:1:5\n"),
    ('{"a": 1, "b": {"c": {}, "d": 1, "c": 2}}', 'duplicate-key]: duplicate key "c"\n --> m.json:1:33\n'),
    ('{"a": {}, "b": [{"x": {}}, {"a": 1}], "a": 2}', 'duplicate-key]: duplicate key "a"\n --> m.json:1:39\n'),
    ('{"NaN": "NaN", "a": [1, NaN]}', "invalid-number]: NaN is not a finite number\n --> m.json:1:25\n"),
    ('{"a": [1, -Infinity]}', "invalid-number]: -Infinity is not a finite number\n --> m.json:1:11\n"),
    ('{"a": [1e9, 1e999]}', "invalid-number]: the number is too large for a float\n --> m.json:1:13\n"),
    ('{"a": ' + "9" * 301 + "}", "invalid-number]: an integer of 301 digits is too long\n --> m.json:1:7\n"),
    ('{"a": "\\ud83d\\ude00", "b": "x\\ud83d"}', "invalid-text]: a string contains a NUL character or half of a surrogate pair\n --> m.json:1:28\n"),
    ('{"a": "\\u0000"}', "invalid-text]: a string contains a NUL character or half of a surrogate pair\n --> m.json:1:7\n"),
    ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), f"too-deep]: maps and lists are nested more than {DEEPEST} deep\n --> m.json:1:301\n"),
    ('{"[": ' + "[" * 10_000, f"too-deep]: maps and lists are nested more than {DEEPEST} deep\n --> m.json:1:306\n"),
    (" " * ((32 << 20) + 1), "too-large]: the JSON has more than 33,554,432 bytes\n --> m.json:1:1\n"),
    ("[" + "1," * MOST_VALUES, f"too-large]: the JSON has more than {MOST_VALUES:,} values\n --> m.json:1:1\n"),
    ('"' + '\\"' * 2_000_000, "syntax]: this is not valid JSON\n --> m.json:1:1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG, ids=range(len(WRONG)))
def test_what_is_refused(text: bytes | str, message: str) -> None:
    assert said(text).startswith(f"error[{message}")


def test_a_duplicate_key_shows_both() -> None:
    assert (
        said('{\n "a": 1,\n "a": 2}')
        == """\
error[duplicate-key]: duplicate key "a"
 --> m.json:3:2
3 |  "a": 2}
  |  ^^^
2 |  "a": 1,  first here
  = help: the file is damaged, or was changed by hand: save the model again with Keras"""
    )


def test_as_deep_as_is_read() -> None:
    data = read_text(b"[" * DEEPEST + b"]" * DEEPEST, "m.json").data
    for _ in range(DEEPEST):
        (data,) = data or [None]


def test_nothing_else_is_raised_for_any_damage() -> None:
    draw = random.Random(1)
    for _ in range(1000):
        text = list(TEXT)
        for _ in range(draw.choice([1, 2, 5])):
            at = draw.randrange(len(text))
            text[at : at + draw.choice([0, 1, 1])] = draw.choice([*'{}[],:"\\9eN-\0', '"a": 1, ', "NaN", "\ud800"])
        try:
            document = read_text("".join(text).encode("utf-8", "surrogatepass"), "m.json")
        except CompileError as error:
            assert str(error)
        else:
            for path in paths(document.data):
                document.locate(path, "value")
