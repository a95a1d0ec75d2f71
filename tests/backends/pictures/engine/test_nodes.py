"""Cards as SVG."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.engine import card, js

MEASURED = {
    "width": 60, "height": 30, "body": {"x": 0, "y": 0, "width": 60, "height": 30}, "plate": None,
    "lines": [{"runs": [{"text": "Conv2D", "size": 9.5, "bold": True, "tone": "ink"}], "x": 30, "y": 12.5, "anchor": "middle"}],
}  # fmt: skip
CONV = card("n1", "Conv2D", "conv", name="stem", words=["64 filters", "3x3"], facts=["1.8k params"])


def drawn(card: dict[str, Any], theme: str = "light", **measured: Any) -> str:
    svg: str = js(
        "cardSvg(card, measured, {x: 10, y: 20}, THEMES[theme])", "nodes", "theme",
        card=card, measured=MEASURED | measured, theme=theme,
    )  # fmt: skip
    return svg


def test_a_card() -> None:
    assert drawn(CONV) == (
        '<g class="node conv" id="n1"><title>stem: Conv2D\n64 filters, 3x3\n1.8k params</title>'
        '<path class="shape" d="M14 20H66A4 4 0 0 1 70 24V46A4 4 0 0 1 66 50H14A4 4 0 0 1 10 46V24A4 4 0 0 1 14 20Z"'
        ' fill="#2c70b8" stroke="#1b4a82"/>'
        '<text x="40" y="32.5" text-anchor="middle" class="on" font-size="9.5" font-weight="bold" fill="#ffffff">Conv2D</text>'
        "</g>"
    )


def test_a_folded_block_has_a_strong_border_and_its_own_family() -> None:
    group = ET.fromstring(drawn(card("f0", "decoder", form="block", times=12)))
    path = group.find("path")
    assert group.get("class") == "node block"
    assert path is not None
    assert path.get("stroke-width") == "1.6"
    assert group.findtext("title") == "decoder × 12"  # noqa: RUF001  # as a picture has it


@pytest.mark.parametrize(
    ("mark", "classes", "fill", "stroke"),
    [
        ("added", "node conv added", "#2c70b8", "#15803d"),
        ("changed", "node conv changed", "#2c70b8", "#b45309"),
        ("error", "node conv error", "#2c70b8", "#b91c1c"),
        ("removed", "node conv removed ghost", "#ffffff", "#b91c1c"),
        ("unknown", "node conv unknown ghost", "#ffffff", "#64748b"),
    ],
)
def test_marks(mark: str, classes: str, fill: str, stroke: str) -> None:
    group = ET.fromstring(drawn(CONV | {"mark": mark, "notes": ["note"]}))
    path, text = group.find("path"), group.find("text")
    assert path is not None
    assert text is not None
    assert (group.get("class"), path.get("fill"), path.get("stroke")) == (classes, fill, stroke)
    assert text.get("fill") == ("#0f172a" if "ghost" in classes else "#ffffff")
    assert (group.findtext("title") or "").endswith("\nnote")


def test_an_output_has_a_second_line_inside() -> None:
    assert 'class="ring"' in drawn(card("y", "output", "output", "output"))
    assert 'class="ring"' not in drawn(card("x", "Input", "input", "input"))
    assert 'class="ring"' not in drawn(card("y", "output", "output", "output", mark="removed"))


def test_words_beside_a_circle_have_the_page_s_ink() -> None:
    lines = [
        {"runs": [{"text": text, "size": 8, "tone": "ink"}], "x": 8, "y": 8, "anchor": "start"} for text in ("+", "Add")
    ]
    body = {"x": 0, "y": 0, "width": 17, "height": 17}
    svg = drawn(card("n", "Add", "merge", "merge", symbol="+"), lines=lines, body=body)
    assert [(text.text, text.get("class"), text.get("fill")) for text in ET.fromstring(svg).iter("text")] == [
        ("+", "on", "#ffffff"), ("Add", "ink", "#0f172a")
    ]  # fmt: skip


def test_names_are_escaped() -> None:
    assert "&lt;b&gt; &amp; &quot;: Conv2D" in drawn(CONV | {"name": '<b> & "'})


def test_sheets_below_a_stack_have_its_form() -> None:
    svg = js("sheetsSvg(card, measured, {x: 0, y: 0}, THEMES.light)", "nodes", "theme", card=CONV, measured=MEASURED)
    group = ET.fromstring(svg)
    assert (group.get("class"), len(group.findall("path"))) == ("sheets conv", 2)
