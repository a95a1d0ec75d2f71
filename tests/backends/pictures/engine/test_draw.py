"""Whole pictures as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.engine import card, frame, js, wires

SVG = "{http://www.w3.org/2000/svg}"
X = card("x", "Input", "input", "input", name="x", facts=["(None, 10)"])
Y = card("y", "output", "output", "output", name="y")
DENSE = card("n", "Dense", "dense", words=["1 unit"], facts=["11 params"])
MLP = {
    "title": "mlp",
    "caption": "Sequential · 1 layer · 11 parameters",
    "members": [X, DENSE, Y],
    "wires": wires("x n", "n y"),
}


def draw(scene: dict[str, Any], **options: Any) -> str:
    own = {"direction": "down", "room": None, "depth": None, "expand": [], "show": "brief", "theme": "light"} | options
    svg: str = js("render(scene, options)", "main", scene=scene, options=own)["svg"]
    return svg


def test_a_picture() -> None:
    assert draw(MLP) == Path(__file__).with_name("mlp.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("scheme", "style", "page"),
    [("auto", True, "#ffffff"), ("light", False, "#ffffff"), ("dark", False, "#0f172a"), ("paper", False, "#ffffff")],
)
def test_themes(scheme: str, style: bool, page: str) -> None:
    svg = draw(MLP, theme=scheme)
    assert ("prefers-color-scheme:dark" in svg) == style
    assert f'height="158" fill="{page}"/>' in svg


def test_auto_differs_from_light_in_its_style_only() -> None:
    auto = draw(MLP, theme="auto")
    assert auto[: auto.index("<style>")] + auto[auto.index("</style>\n") + 9 :] == draw(MLP, theme="light")


def test_groups_by_id_in_the_order_frames_arrows_cards() -> None:
    inner = frame(card("f", "block", form="block"), DENSE)
    root = ET.fromstring(draw(MLP | {"members": [X, inner, Y]}))
    groups = [(group.get("class"), group.get("id")) for group in root.iter(f"{SVG}g") if group.get("id")]
    assert groups == [
        ("cluster", "f"), ("edge", "wx-n"), ("edge", "wn-y"), ("node input", "x"), ("node dense", "n"), ("node output", "y")
    ]  # fmt: skip


def test_arrows_with_marks() -> None:
    root = ET.fromstring(draw(MLP | {"wires": wires("x n", mark="removed") + wires("n y", mark="added")}))
    edges = [group for group in root.iter(f"{SVG}g") if (group.get("class") or "").startswith("edge")]
    assert [(edge.get("class"), edge[0].get("stroke"), edge[0].get("stroke-dasharray")) for edge in edges] == [
        ("edge removed ghost", "#b91c1c", "5 3"), ("edge added", "#15803d", None)
    ]  # fmt: skip


def test_a_picture_to_the_right_has_the_axes_exchanged() -> None:
    root = ET.fromstring(draw(MLP, direction="right"))
    width, height = (float((root.get(side) or "").removesuffix("pt")) for side in ("width", "height"))
    assert width > height


def test_a_thousand_layers_are_drawn_at_once() -> None:
    members = [card(f"n{index}", "Dense", "dense", words=["8 units"]) for index in range(1000)]
    chain = wires(*(f"n{index} n{index + 1}" for index in range(999)))
    scene = {"title": "long", "caption": "", "members": members, "wires": chain}
    took = js(
        "(() => { const planned = plan(scene, options); return [1, 2, 3].map(() => { const start = Date.now(); "
        "draw(scene, planned, THEMES.light, false); return Date.now() - start; }); })()",
        "draw", "picture", "theme", scene=scene,
        options={"direction": "down", "room": None, "depth": None, "expand": [], "show": "brief", "theme": "light"},
    )  # fmt: skip
    assert min(took) < 1000
