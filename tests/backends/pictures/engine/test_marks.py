"""The signs at the corners of cards and frames."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.engine import js

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


@pytest.mark.parametrize(
    ("mark", "glyph"), [("added", "+"), ("removed", "\u2212"), ("changed", "\u2260"), ("error", "!"), ("unknown", "?")]
)
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


def test_what_is_gone_or_unknown_is_dashed() -> None:
    strokes = {mark: js("markedStroke(mark, THEMES.paper)", "marks", "theme", mark=mark) for mark in ("added", "removed", "unknown")}  # fmt: skip
    assert strokes["added"] == 'stroke="#000000" stroke-width="1.8"'
    assert strokes["removed"] == 'stroke="#000000" stroke-width="1.8" stroke-dasharray="5 3"'
    assert js("['added', 'removed', 'changed', 'error', 'unknown'].filter(isGhost)", "marks") == ["removed", "unknown"]
