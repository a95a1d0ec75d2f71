"""Text of a spec is safe to print, and short."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specc.diagnostics.text_safety import LONGEST_VALUE, printable, quote_value, shorten


@settings(max_examples=300, derandomize=True)
@given(st.text(st.characters(categories=None)))
def test_nothing_is_left_that_steers(text: str) -> None:
    safe = printable(text)
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in safe)
    assert printable(safe) == safe
    assert len(safe.splitlines()) <= 1


@pytest.mark.parametrize(("text", "wanted"), [
    ("plain", "plain"), ("größe 画像 😀", "größe 画像 😀"), ("a\nb", "a\\x0ab"), ("\x1b[31m", "\\x1b[31m"), ("\u202e", "\\u202e"),
    ("\ud800", "\\ud800"), ("\U000e0001", "\\U000e0001"), ("\x9b", "\\x9b"), ("\0", "\\x00"), ("\u2028", "\\u2028"),
])  # fmt: skip
def test_escapes(text: str, wanted: str) -> None:
    assert printable(text) == wanted


@pytest.mark.parametrize(("value", "wanted"), [
    ("same", '"same"'), (None, "null"), (True, "true"), (3, "3"), (1.5, "1.5"), (float("inf"), "inf"), ([], "[]"), ({}, "{}"),
    ([1, [2, [3, [4, [5]]]]], "[1, [2, [3, [4, ...]]]]"), ({"a": {"b": None}}, "{a: {b: null}}"), (list(range(25)), None),
    ({str(i): i for i in range(20)}, None), (10**999, None), (10**5000, "an integer of over 1,000 digits"), ("x" * 10**6, None),
    ("\x1b" * 100, None), ([["x" * 100] * 100] * 100, None),
], ids=lambda value: type(value).__name__)  # fmt: skip
def test_values(value: Any, wanted: str | None) -> None:
    shown = quote_value(value)
    assert len(shown) <= LONGEST_VALUE
    assert "\x1b" not in shown
    assert wanted is None or shown == wanted


def test_both_ends_of_a_long_text_stay() -> None:
    assert shorten("abcdefghijklmnop", 10) == "abcd...nop"
    assert shorten("short", 10) == "short"
