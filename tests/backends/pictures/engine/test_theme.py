"""The colours of themes: told apart by colour-blind readers and in grey print, and read with ease."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from math import dist
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from tests.support.engine import card, frame, js, wires

FAMILIES = ("other", "norm", "dense", "pool", "conv", "sequence", "merge", "input", "output")
LEAST_DISTANCE = 10
LEAST_CONTRAST = 4.5
"""Of text, by WCAG 2.1, 1.4.3."""

# How readers see linear RGB. Source: G. Machado, M. Oliveira, L. Fernandes, "A physiologically-based model for simulation of
# color vision deficiency", 2009, at severity 1; grey by the luminance of ITU-R BT.709.
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.95047, 1.0, 1.08883)


class Colour(NamedTuple):
    """Linear red, green and blue, from 0 to 1."""

    red: float
    green: float
    blue: float

    def through(self, rows: tuple[tuple[float, ...], ...]) -> Colour:
        return Colour(*(min(1, max(0, sum(a * b for a, b in zip(row, self, strict=True)))) for row in rows))


def colour(text: str) -> Colour:
    parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return Colour(*(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts))


def lab(seen: Colour) -> tuple[float, float, float]:
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in TO_XYZ]
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (value / white for value, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(a: Colour, b: Colour) -> float:
    return dist(lab(a), lab(b))


def contrast(a: str, b: str) -> float:
    low, high = sorted(colour(text).through(SEEN["grey"]).red for text in (a, b))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
@pytest.mark.parametrize("reader", SEEN)
def test_fills_differ(theme: str, reader: str) -> None:
    paints = js("THEMES[theme].families", "theme", theme=theme)
    fills = {family: colour(paints[family]["fill"]).through(SEEN[reader]) for family in FAMILIES}
    near = {
        (a, b): round(distance(fills[a], fills[b]), 1)
        for a, b in combinations(FAMILIES, 2)
        if distance(fills[a], fills[b]) < LEAST_DISTANCE
    }
    assert near == {}


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_texts_are_read_with_ease(theme: str) -> None:
    colours = js("THEMES[theme]", "theme", theme=theme)
    grounds = [colours["page"], *colours["frames"]]
    pairs = [(text, ground) for ground in grounds for text in (colours["ink"], colours["soft"])]
    pairs += [(paint[text], paint["fill"]) for paint in colours["families"].values() for text in ("ink", "soft")]
    pairs += [(mark, colours["page"]) for mark in colours["marks"].values()]
    assert [(pair, contrast(*pair)) for pair in pairs if contrast(*pair) < LEAST_CONTRAST] == []


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_lines_are_seen(theme: str) -> None:
    """By WCAG 2.1, 1.4.11, what is needed to understand a graphic has a contrast of 3 to its neighbour."""
    colours = js("THEMES[theme]", "theme", theme=theme)
    grounds = [colours["page"], *colours["frames"]]
    assert [colours["line"] for ground in grounds if contrast(colours["line"], ground) < 3] == []
    edges = {family: max(contrast(paint[part], colours["page"]) for part in ("fill", "line")) for family, paint in colours["families"].items()}  # fmt: skip
    assert {family: found for family, found in edges.items() if found < 3} == {}


SCENE = {
    "title": "net",
    "caption": "functional",
    "members": [
        card("x", "Input", "input", "input", name="x", facts=["(None, 10)"]),
        frame(
            card(
                "outer", "stage", form="block", name="outer", times=3, badge="B", mark="changed", notes=["units 1 -> 2"]
            ),
            frame(
                card("inner", "unit", form="block", frozen=True), card("a", "Conv2D", "conv", name="stem", frozen=True)
            ),
            card("b", "LSTM", "sequence", mark="added", words=["8 units"]),
        ),
        card("c", "Add", "merge", "merge", symbol="+", words=["axis 1"], mark="removed"),
        card("d", "ops.stack", "merge", words=["axis 1"]),
        card("e", "Dense", "dense", mark="error", notes=["units is 0"], words=["0 units"]),
        card("f", "Dropout", mark="unknown", words=["rate 0.1"]),
        frame(card("g", "closed", form="block", badge="A", facts=["2 layers"]), card("h", "Dense", "dense")),
        card("y", "output", "output", "output", name="y"),
    ],
    "wires": wires("x a", "a b", "c d", "d e", "e f", "f h", "h y")
    + wires("b c", mark="added")
    + wires("a c", mark="removed"),
}


def test_a_dark_reader_sees_of_auto_what_dark_has() -> None:
    options: dict[str, Any] = {"direction": "down", "room": None, "depth": 2, "expand": [], "show": "brief"}
    auto, dark = (
        ET.fromstring(js("render(scene, options).svg", "main", scene=SCENE, options=options | {"theme": theme}))
        for theme in ("auto", "dark")
    )
    style = auto[0].text or ""
    auto.remove(auto[0])
    seen = list(
        coloured(
            auto, [(tuple(found[0].split(",")), found[1]) for found in re.findall(r"^(\..*)\{(.*)\}$", style, re.M)]
        )
    )
    assert seen == list(coloured(dark, []))


def coloured(
    root: ET.Element, rules: list[tuple[tuple[str, ...], str]]
) -> Iterator[tuple[str, str | None, str | None]]:
    """The fill and stroke of each element, under rules of one weight; the last that matches wins."""

    def walk(element: ET.Element, above: tuple[ET.Element, ...]) -> Iterator[tuple[str, str | None, str | None]]:
        look = {name: element.get(name) for name in ("fill", "stroke")}
        for selectors, sets in rules:
            if any(matches(selector, (*above, element)) for selector in selectors):
                look |= dict(part.split(":") for part in sets.split(";"))
        yield element.get("class") or element.tag, look["fill"], look["stroke"]
        for inner in element:
            yield from walk(inner, (*above, element))

    return walk(root, ())


def matches(selector: str, path: tuple[ET.Element, ...]) -> bool:
    """Whether a selector of classes, within the picture, is of the last element of a path from the root."""
    *outer, own = selector.removeprefix(".specc ").replace(">", " > ").split()
    if not has(path[-1], own):
        return False
    if not outer:
        return True
    around = path[-2:-1] if outer[-1] == ">" else path[1:-1]
    return any(has(element, outer[0]) for element in around)


def has(element: ET.Element, classes: str) -> bool:
    return set(classes.split(".")) - {""} <= set((element.get("class") or "").split())
