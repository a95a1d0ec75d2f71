"""Small bends go where there is room, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const boxes = members.map(([id, cross]) => ({ id, flow: 10, cross }));
  const { ranks, of } = makeLayers(boxes, edges.map(([tail, head]) => ({ tail, head, net: tail })));
  for (const vertex of ranks.flat()) {
    for (const segment of vertex.into) segment.headAt = vertex.size / 2;
    for (const segment of vertex.from) segment.tailAt = vertex.size / 2;
  }
  for (const [id, , cross] of members) of.get(id).cross = cross;
  straighten(ranks, () => 10);
  return members.map(([id]) => of.get(id).cross);
})()"""


def straightened(members: list[tuple[str, float, float]], *arrows: str) -> Any:
    """The places of members, which are given with their sizes and places; arrows are pairs of letters."""
    return js(CODE, "layers", "straighten", members=members, edges=[(arrow[0], arrow[1]) for arrow in arrows])


@pytest.mark.parametrize(
    ("case", "places", "arrows", "expected"),
    [
        ("the smaller part moves, as a whole", [0, 0, 4, 4, 4], "ab bc cd de", [4, 4, 4, 4, 4]),
        ("a large bend is meant", [0, 0, 10, 10, 10], "ab bc cd de", [0, 0, 10, 10, 10]),
        ("what is straight stays so", [0, 4, 20, 0, 4], "ad be", [0, 4, 20, 0, 4]),
    ],
)
def test_small_bends(case: str, places: list[float], arrows: str, expected: list[float]) -> None:
    members = [(letter, 20.0, place) for letter, place in zip("abcde", places, strict=True)]
    assert straightened(members, *arrows.split()) == expected, case


@pytest.mark.parametrize(("gap", "moved"), [(14, "a"), (13, "b")])
def test_neighbours_keep_their_distance(gap: float, moved: str) -> None:
    """One of two has to move by 4: a to the right, where c is its neighbour, or else b to the left."""
    places = straightened([("a", 20, 0), ("c", 20, 20 + gap), ("b", 20, 4), ("d", 20, 90)], "ab", "cd")
    both = 4 if moved == "a" else 0
    assert places == [both, 20 + gap, both, 90]
