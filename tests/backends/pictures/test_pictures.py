"""What can be measured of a picture, over all specs: nothing runs backwards or lies on another, and everything can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from specc.backends.pictures.options import Options
from tests.support.pictures import SPECS, picture

SVG = "{http://www.w3.org/2000/svg}"
POINTS_A_MILLIMETRE = 72 / 25.4
SMALLEST_PRINT = 6 - 1e-6
"""Points."""
ROUNDED = 2
"""What an arrow's bend may come into a card, in points: the ends of its parts are those of the bends."""
VIEWS = {
    "default": Options(),
    "all": Options(depth="all"),
    "right": Options(direction="right"),
    "page": Options(fit="page"),
    "slide": Options(fit="slide"),
}
PLACES = {"default": (80, 225), "page": (170, 240), "slide": (300, 150)}
"""Width and height in millimetres."""


class Box(NamedTuple):
    """A rectangle in a picture."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, margin: float = 0) -> bool:
        """Whether the other comes further into this one than a margin."""
        return (
            self.left + margin < other.right
            and other.left < self.right - margin
            and self.top + margin < other.bottom
            and other.top < self.bottom - margin
        )


def groups(root: ET.Element, kind: str) -> Iterator[ET.Element]:
    return (group for group in root.iter(f"{SVG}g") if kind in group.get("class", "").split())


def points(group: ET.Element) -> list[tuple[float, float]]:
    """The points of a group's first path; for arcs and curves their ends and controls."""
    path = group.find(f"{SVG}path")
    assert path is not None
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for letter, numbers in re.findall(r"([MLHVQAZ])([^MLHVQAZ]*)", path.get("d", "")):
        values = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        if letter == "H":
            x = values[0]
        elif letter == "V":
            y = values[0]
        elif letter != "Z":
            x, y = values[-2:]
        found.append((x, y))
    return found


def around(line: Iterable[tuple[float, float]]) -> Box:
    across, along = zip(*line, strict=True)
    return Box(min(across), min(along), max(across), max(along))


def backwards(root: ET.Element, view: str) -> list[object]:
    """Arrows that end before they begin."""
    axis = 0 if VIEWS[view].direction == "right" else 1
    lines = [points(arrow) for arrow in groups(root, "edge")]
    return [line for line in lines if line[-1][axis] <= line[0][axis]]


def through_cards(root: ET.Element) -> list[object]:
    """Arrows that run through cards, with the cards."""
    cards = {card.get("id"): around(points(card)) for card in groups(root, "node")}
    return [
        (arrow.get("id"), name)
        for arrow in groups(root, "edge")
        for part in map(around, pairwise(points(arrow)))
        for name, card in cards.items()
        if card.meets(part, margin=ROUNDED)
    ]


def overlapping(root: ET.Element) -> list[object]:
    """Pairs of cards that share a place."""
    cards = [around(points(card)) for card in groups(root, "node")]
    return [(one, other) for one, other in combinations(cards, 2) if one.meets(other)]


def smallest_print(root: ET.Element, width: float, height: float) -> float:
    """The size in points of the smallest text, where the picture stands in a place of so many millimetres."""
    sizes = [float(root.get(side, "").removesuffix("pt")) / POINTS_A_MILLIMETRE for side in ("width", "height")]
    texts = [float(text.get("font-size", "99")) for text in root.iter() if text.tag in (f"{SVG}text", f"{SVG}tspan")]
    return min(texts) * min(1, width / sizes[0], height / sizes[1])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.name)
def test_every_spec_can_be_read(spec: Path, view: str) -> None:
    root = ET.fromstring(picture(spec, VIEWS[view]))
    assert backwards(root, view) == []
    assert through_cards(root) == []
    assert overlapping(root) == []
    if view in PLACES:
        assert smallest_print(root, *PLACES[view]) >= SMALLEST_PRINT
