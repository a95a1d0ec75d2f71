"""The signs at the corners of cards and frames."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.engine import js

MARKS = {"added": "+", "removed": "\u2212", "changed": "\u2260", "error": "!", "unknown": "?"}
BOX = {"x": 10, "y": 20, "width": 100, "height": 40}
CIRCLE = {"x": 10, "y": 20, "width": 17, "height": 17}


def signs(box: dict[str, int], **card: Any) -> str:
    own = {"badge": "", "frozen": False, "mark": ""} | card
    found: str = js("signsSvg(card, box, THEMES.light)", "marks", "theme", card=own, box=box)
    return found


def discs(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg)]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(f"<g>{svg}</g>").iter("text")]


def test_a_plain_card_has_none() -> None:
    assert signs(BOX) == ""


@pytest.mark.parametrize(("mark", "glyph"), MARKS.items())
def test_each_mark_has_its_own_glyph(mark: str, glyph: str) -> None:
    assert texts(signs(BOX, mark=mark)) == [glyph]
    assert f'<g class="{mark}">' in signs(BOX, mark=mark)


def test_what_is_shared_frozen_and_marked_has_three_signs_apart() -> None:
    svg = signs(BOX, badge="B", frozen=True, mark="changed")
    assert texts(svg) == ["B", "\u2260"]
    assert discs(svg) == [(107, 20), (95, 20), (13, 20)]
    assert 'class="ray"' in svg


def test_a_circle_has_its_signs_left_of_its_words() -> None:
    assert discs(signs(CIRCLE, badge="A", mark="added")) == [(9, 38), (9, 19)]
    assert discs(signs(CIRCLE, badge="A")) == [(9, 19)]


def test_what_is_gone_or_unknown_is_dashed() -> None:
    dashes = {
        mark: js("markedStroke(mark, THEMES.paper)['stroke-dasharray']", "marks", "theme", mark=mark) for mark in MARKS
    }
    assert dashes == {"added": "", "removed": "5 3", "changed": "", "error": "", "unknown": "5 3"}
    assert js("marks.filter(isGhost)", "marks", marks=list(MARKS)) == ["removed", "unknown"]
