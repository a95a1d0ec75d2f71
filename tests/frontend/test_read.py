"""A spec is read from bytes, from a string, or from data that never was text; its lines are there when an error is shown."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import specc
from specc.diagnostics import CompileError
from specc.frontend.read import Format, UnreadableError, decode, from_data, read_bytes, read_file, read_text
from tests.support.reading import data, written

# -- Bytes and lines -------------------------------------------------------------------------------

TEXTS: dict[Format, str] = {"json": '{"größe": "画像 😀"}', "yaml": "größe: 画像 😀\n"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("format", TEXTS)
def test_encodings(format: Format, encoding: str) -> None:
    content = TEXTS[format].encode(encoding)
    assert read_bytes(content, "spec", format).data == {"größe": "画像 😀"}
    text, again = decode(content)
    assert text.removeprefix("\ufeff") == TEXTS[format]
    assert text.encode(again) == content


@pytest.mark.parametrize("content", [b"a: \xff\n", b"a: gr\xf6\xdfe\n", "a: é".encode("utf-16")[:-1], b"\xff\xfe\x00"])
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(CompileError) as caught:
        read_bytes(content, "spec.yaml")
    assert [it.code for it in caught.value.diagnostics] == ["encoding"]
    assert "save the file as UTF-8" in str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    text = end.join(["a: 1", "b:", "  - x", "  - 'y'", "c: z", ""])
    assert data(text, "yaml") == {"a": 1, "b": ["x", "y"], "c": "z"}
    assert read_text(text, "spec", "yaml").locate(("b", 1), "value")[:2] == (4, 5)
    assert written(text, "yaml", "c") == "z"


def test_without_an_ending_json_is_tried_first() -> None:
    assert read_text('{"a": "\\ud83d\\ude00"}', "<stdin>").data == {"a": "😀"}
    assert read_text("{a: 1}", "<stdin>").data == {"a": 1}
    assert read_text("a: 1", "<stdin>").data == {"a": 1}
    with pytest.raises(CompileError, match="not valid JSON"):
        read_text('{"a": [1,}', "<stdin>")


@pytest.mark.parametrize(("name", "message"), [
    ("none.yaml", "cannot read none.yaml: No such file or directory"),
    ("folder", "cannot read folder: it is a folder, not a file"),
    ("a\0b", "cannot read a\0b: not a path"),
])  # fmt: skip
def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    with pytest.raises(UnreadableError) as caught:
        read_file(name)
    assert caught.value.message == message


# -- Data in place of text -------------------------------------------------------------------------


def test_a_dict_is_shown_as_json() -> None:
    (found,) = specc.check({"layers": [{"type": "Input", "name": "x", "shape": [3]}, {"type": "Dense", "unit": 1}]})
    assert '12 |       "unit": 1' in str(CompileError([found]))


@pytest.mark.parametrize(
    "value", [{1, 2}, object(), float("nan"), float("inf"), b"x", 1j, {(1, 2): 3}, {"a": {"b": [object()]}}]
)
def test_what_json_has_no_form_for(value: Any) -> None:
    with pytest.raises(CompileError) as caught:
        from_data({"a": value})
    assert [it.code for it in caught.value.diagnostics] == ["invalid-value"]
    assert "\n" in str(caught.value)


def test_a_dict_inside_itself() -> None:
    spec: dict[str, Any] = {"layers": []}
    spec["layers"].append(spec)
    assert [it.code for it in specc.check(spec)] == ["invalid-value"]


@pytest.mark.parametrize("text", ["x\ud800", "x\0", "x\x1b[31m", "\u2028"])
def test_strange_texts_in_a_dict(text: str) -> None:
    found = specc.check({"layers": [{"type": "Input", "name": text, "shape": [3]}]})
    assert {it.code for it in found} <= {"invalid-text", "invalid-name"}
    assert found
    assert "\x1b" not in str(CompileError(found))


def test_numbers_of_other_libraries_are_numbers() -> None:
    data = {"vars": {"n": np.int64(4), "rate": np.float32(0.5), "sizes": (np.int8(3), 5)}}
    assert from_data(data).data == {"vars": {"n": 4, "rate": 0.5, "sizes": [3, 5]}}


ROUND: list[Any] = []
ROUND.append(ROUND)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(2), "the spec's layers[1].units is a numpy.ndarray"),
        (len, "the spec's layers[1].units is a builtin_function_or_method"),
        ({1, 2}, "the spec's layers[1].units is a set"),
        (float("nan"), "the spec's layers[1].units is nan, which is not a number in a spec"),
        ({(1, 2): 3}, 'the spec\'s layers[1].units has a key that is not a string: "(1, 2)"'),
        (ROUND, "the spec's layers[1].units[0] is nested too deeply, or contains itself"),
    ],
    ids=["array", "function", "set", "nan", "key", "round"],
)
def test_data_that_no_spec_can_hold(value: Any, message: str) -> None:
    with pytest.raises(CompileError) as raised:
        from_data({"layers": [{"type": "Input"}, {"type": "Dense", "units": value}]})
    assert [it.message for it in raised.value.diagnostics] == [message]


def test_what_a_program_froze_is_counted_after_large_compilations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count walks through all of it."""
    counted = []

    def count() -> int:
        counted.append(True)
        return 1

    monkeypatch.setattr(gc, "get_freeze_count", count)
    text = "layers: [{{type: Input, shape: [3]}}, {{type: ReLU, repeat: {}}}]"
    assert specc.check(specc.Spec.from_text(text.format(2))) == []
    assert counted == []
    specc.check(specc.Spec.from_text(text.format(5000)))
    assert counted != []
