"""What specc asks of the engine."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, frame, js, wires

SCENE = {
    "title": "net",
    "caption": "functional",
    "members": [card("x", "Input", "input", "input"), frame(card("f", "block", form="block"), card("n", "Dense"))],
    "wires": wires("x n"),
}
OPTIONS: dict[str, Any] = {
    "direction": "down",
    "room": None,
    "depth": 0,
    "expand": [],
    "show": "brief",
    "theme": "light",
}


def test_a_picture_its_size_and_what_it_folds() -> None:
    found = js("render(scene, options)", "main", scene=SCENE, options=OPTIONS)
    assert found["svg"].startswith("<svg ")
    assert f'width="{found["width"]}pt" height="{found["height"]}pt"' in found["svg"]
    assert found["said"] == ["folded: block (--expand block, --depth 1)"]
    assert ">folded: block<" in found["svg"]


def test_an_unknown_theme_is_light() -> None:
    dawn, light = (js("render(scene, options).svg", "main", scene=SCENE, options=OPTIONS | {"theme": it}) for it in ("dawn", "light"))  # fmt: skip
    assert dawn == light
