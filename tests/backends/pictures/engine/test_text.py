"""Widths of texts as the bundled font has them, and lines that are cut or wrapped."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from specc.backends import pictures
from tests.support.engine import js

FONTS = Path(pictures.__file__).parent / "fonts"
SIGNS = "+\u2212\u00d7\u2225\u00b7\u2228\u2227\u2026\u2192\u2260\u00d8"
"""What pictures show beside letters and digits."""


@pytest.mark.parametrize(("font", "bold"), [("DejaVuSans.ttf", False), ("DejaVuSans-Bold.ttf", True)])
def test_widths_are_those_of_the_font(font: str, bold: bool) -> None:
    loaded = TTFont(FONTS / font)
    glyphs, metrics, unit = loaded.getBestCmap(), loaded["hmtx"], loaded["head"].unitsPerEm
    characters = [chr(code) for code in range(32, 127)] + list("\u00a0" + SIGNS)
    measured = js("characters.map((it) => textWidth(it, 1000, bold))", "text", characters=characters, bold=bold)
    drawn = [metrics[glyphs[ord(character)]][0] * 1000 / unit for character in characters]
    assert measured == pytest.approx(drawn, abs=1)
    assert {ord(sign) for sign in SIGNS} <= glyphs.keys()


def test_other_scripts_have_room() -> None:
    assert js("textWidth('層', 8)", "text") == 8
    assert js("textWidth('é', 8)", "text") == pytest.approx(5.6)


def test_a_text_that_fits_is_not_cut() -> None:
    assert js("[cut('predictions', 8, 60), cut('predictions', 8, 30), cut('predictions', 8, 1)]", "text") == [
        "predictions", "predi…", "p…"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "wrapped"),
    [
        (3, ["64 filters, 3x3,", "stride 2, same,", "softplus"]),
        (2, ["64 filters, 3x3,", "stride 2, same, …"]),
        (1, ["64 filters, 3x3, …"]),
        (0, []),
    ],
)
def test_phrases_are_not_broken(lines: int, wrapped: list[str]) -> None:
    phrases = ["64 filters", "3x3", "stride 2", "same", "softplus"]
    room = {"size": 8, "width": 84, "lines": lines}
    assert js("wrapPhrases(phrases, room)", "text", phrases=phrases, room=room) == wrapped


def test_a_phrase_wider_than_a_line_is_cut() -> None:
    room = {"size": 8, "width": 60, "lines": 2}
    assert js("wrapPhrases(['orthogonal_initializer', 'relu'], room)", "text", room=room) == ["orthogonal_i…,", "relu"]


def test_no_number_is_cut_to_say_that_there_is_more() -> None:
    room = {"size": 8, "width": 84, "lines": 1}
    assert js("wrapPhrases(['width 32', 'depth 128', 'stride 2'], room)", "text", room=room) == ["width 32, …"]
    assert js("wrapPhrases(['width 32', 'depth 1', 'stride 2'], room)", "text", room=room) == ["width 32, depth 1, …"]


def test_a_phrase_is_cut_at_a_word_and_once() -> None:
    room = {"size": 8, "width": 84, "lines": 1}
    phrases = ["backward LSTM(8 units)", "sizes [1, 2, 31...23, 24]", "100000000 -> 200000000"]
    assert js("phrases.map((it) => wrapPhrases([it], room)[0])", "text", phrases=phrases, room=room) == [
        "backward LSTM(8 …", "sizes [1, 2, …", "…"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "width", "left"),
    [("block_1234", 45, "block_…"), ("1234567", 30, "…"), ("left_image_...of_the_pair", 90, "left_image_…")],
)
def test_no_number_and_nothing_twice_is_cut_in_a_name(text: str, width: float, left: str) -> None:
    assert js("cut(text, 8, width)", "text", text=text, width=width) == left


def test_whole_phrases_take_lines() -> None:
    room = {"size": 8, "width": 84, "lines": 9, "whole": True}
    phrases = ["units 4", "num_key_value_heads 2", "kernel_initializer glorot_uniform", "rate 1"]
    assert js("wrapPhrases(phrases, room)", "text", phrases=phrases, room=room) == [
        "units 4,", "num_key_value_heads 2,", "kernel_initializer", "glorot_uniform,", "rate 1"
    ]  # fmt: skip


def test_facts_and_sentences() -> None:
    room = {"size": 8, "width": 84, "lines": 2}
    facts = js("wrapPhrases(['16.6k params', '(None, 10)'], {...room, joint: ' · '})", "text", room=room)
    assert facts == ["16.6k params", "(None, 10)"]
    assert js("wrapWords('units is a positive integer', room)", "text", room=room) == ["units is a positive", "integer"]
    assert js("wrapWords('folded: encoder × 12', room)", "text", room=room) == ["folded:", "encoder × 12"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("formula", "lines", "wrapped"),
    [
        ("exp(x) * 2 + x", 2, ["exp(x) * 2 + x"]),
        ("drawn[1][:, 0] - 0.25 * log_likelihood", 2, ["drawn[1][:, 0] -", "0.25 * log_likelihood"]),
        ("concatenate([passage, asked])", 3, ["concatenate([", "passage, asked])"]),
        ("softmax(squeeze(score, -1) - 1e9 * seen)", 2, ["softmax(squeeze(", "score, -1) - 1e9 * …"]),
        ("expand_dims(softmax(similar, axis=2))", 1, ["expand_dims(…"]),
        ("2.5e-9*x**2-mean_of_all[-1]//8+rate", 3, ["2.5e-9*x**2-", "mean_of_all[-1]//8+", "rate"]),
        ("mean_of_the_other_things.scaled+1", 3, ["mean_of_the_other_", "things.scaled+1"]),
    ],
)
def test_a_formula_is_broken_after_brackets_commas_and_operators(formula: str, lines: int, wrapped: list[str]) -> None:
    room = {"size": 8, "width": 84, "lines": lines}
    assert js("wrapWords(formula, room)", "text", formula=formula, room=room) == wrapped


def test_a_formula_on_one_line_is_cut_where_it_could_be_broken() -> None:
    room = {"size": 8, "width": 84, "lines": 1}
    assert js("wrapPhrases(['concatenate([passage, asked])'], room)", "text", room=room) == ["concatenate([…"]


def test_a_name_is_broken_between_its_words() -> None:
    room = {"size": 9.5, "width": 84, "lines": 2}
    broken = js(
        "names.map((it) => wrapName(it, room))", "text", room=room, names=["x", "left_image_of_pair", "a_b" * 20]
    )
    assert broken == [["x"], ["left_image_of_", "pair"], ["a_ba_ba_ba_ba_", "ba_ba_ba_ba_…"]]
