"""Paths, outlines and lines of text."""

from __future__ import annotations

import pytest

from tests.support.engine import js

BOX = {"x": 0, "y": 0, "width": 60, "height": 30}
INKS = {
    "ink": {"class": "ink", "fill": "#000"},
    "soft": {"class": "soft", "fill": "#333"},
    "mark": {"class": "mark", "fill": "#f00"},
}


def test_a_line_has_round_bends_and_ends_within_its_head() -> None:
    way = [[0, 0], [0, 20], [30, 20], [30, 40]]
    assert js("linePath(way)", "svg", way=way) == "M0 0L0 16Q0 20 4 20L26 20Q30 20 30 24L30 37.5"
    assert js("headPath(way)", "svg", way=way) == "M27.5 35L32.5 35L30 40Z"


def test_a_bend_is_no_rounder_than_its_legs_are_long() -> None:
    assert js("linePath([[0, 0], [0, 4], [2, 4], [2, 20]])", "svg") == "M0 0L0 3Q0 4 1 4L1 4Q2 4 2 5L2 17.5"


@pytest.mark.parametrize(
    ("family", "path"),
    [
        ("norm", "M0 0H60V30H0Z"),
        ("merge", "M7 0H53L60 15L53 30H7L0 15Z"),
        ("pool", "M0 0H60L54 30H6Z"),
        ("sequence", "M5 0H55L60 5V25L55 30H5L0 25V5Z"),
        (
            "conv",
            "M4 0H56A4 4 0 0 1 60 4V26A4 4 0 0 1 56 30H4A4 4 0 0 1 0 26V4A4 4 0 0 1 4 0Z",
        ),
    ],
)
def test_outlines(family: str, path: str) -> None:
    assert js("outline(family, box)", "svg", family=family, box=BOX) == path


def test_families_have_forms_of_their_own() -> None:
    families = ["conv", "norm", "dense", "pool", "sequence", "merge"]
    assert len(set(js("families.map((it) => outline(it, box))", "svg", families=families, box=BOX))) == len(families)
    assert len(js("[...new Set(ends.map((it) => outline(it, box)))]", "svg", ends=["input", "output"], box=BOX)) == 1


def test_runs_of_a_line_share_its_middle() -> None:
    line = {"x": 30, "y": 12, "anchor": "middle"} | {
        "runs": [
            {"text": "Add & <norm>", "size": 9.5, "bold": True, "tone": "ink"},
            {"text": "x", "size": 8, "tone": "soft"},
        ]
    }
    assert js("textSvg(line, inks)", "svg", line=line, inks=INKS) == (
        '<text x="30" y="12" text-anchor="middle">'
        '<tspan class="ink" font-size="9.5" font-weight="bold" fill="#000">Add &amp; &lt;norm&gt;</tspan>'
        '<tspan class="soft" font-size="8" fill="#333">\u00a0\u00a0x</tspan></text>'
    )


def test_a_line_of_one_run() -> None:
    line = {
        "x": 1.005,
        "y": 2,
        "anchor": "start",
        "runs": [{"text": "gone", "size": 8, "tone": "mark", "struck": True}],
    }
    assert js("textSvg(line, inks)", "svg", line=line, inks=INKS) == (
        '<text x="1" y="2" class="mark" font-size="8" text-decoration="line-through" fill="#f00">gone</text>'
    )
