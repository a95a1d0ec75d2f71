"""The size of a picture with what stands around its layout."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, js

SCENE = {"title": "mlp", "caption": "Sequential · 1 layer"}


def plan(direction: str, *cards: dict[str, Any]) -> dict[str, Any]:
    members = [{"id": each["id"], "card": each} for each in cards]
    return {"members": members, "wires": [], "layout": {"cross": 300, "flow": 80}, "direction": direction, "said": []}


def test_the_layout_stands_between_head_and_legend() -> None:
    found = js("sheetOf(scene, plan)", "sheet", scene=SCENE, plan=plan("down", card("a", "Dense", badge="A")))
    assert (found["width"], found["left"], found["top"]) == (312, 6, 36)
    assert found["height"] == 36 + 80 + found["legend"]["height"] + 6


def test_a_narrow_layout_stands_in_the_middle_of_a_wider_head() -> None:
    found = js("sheetOf(scene, plan)", "sheet", scene=SCENE, plan=plan("right") | {"layout": {"cross": 60, "flow": 20}})
    assert found["left"] == (found["width"] - 20) / 2
    assert found["height"] == 36 + 60 + 6


def test_a_page_has_the_layout_alone() -> None:
    found = js("bareSheet(plan)", "sheet", plan=plan("right"))
    assert (found["width"], found["height"], found["head"]["height"]) == (92, 312, 0)
