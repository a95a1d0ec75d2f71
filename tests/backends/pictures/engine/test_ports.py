"""Where arrows meet a card."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const boxes = members.map(([id, cross]) => ({ id, flow: 10, cross }));
  const list = edges.map(([tail, head, net]) => ({ tail, head, net: net ?? tail }));
  const { ranks, ways } = makeLayers(boxes, list);
  fixPorts(ranks, () => null);
  placePorts(ranks, () => null, () => width, ({ size }) => border ?? [0, size]);
  return list.map((edge) => ways.get(edge)).map((way) => [way[0].tailAt, way[way.length - 1].headAt]);
})()"""


def ports(
    members: list[tuple[str, float]], edges: list[tuple[str, ...]], width: float = 10, border: list[float] | None = None
) -> Any:
    return js(CODE, "layers", "ports", members=members, edges=edges, width=width, border=border)


def test_arrows_into_a_card_are_spread_over_it_in_their_order() -> None:
    found = ports([("a", 20), ("b", 20), ("c", 20), ("d", 60)], [("a", "d"), ("b", "d"), ("c", "d")])
    assert [head for _, head in found] == [20, 30, 40]
    assert {tail for tail, _ in found} == {10}


def test_what_a_net_gives_leaves_at_one_place() -> None:
    found = ports([("a", 60), ("b", 20), ("c", 20)], [("a", "b"), ("a", "c"), ("a", "c", "other")])
    assert found[0][0] == found[1][0] != found[2][0]


def test_the_main_arrow_is_in_the_middle() -> None:
    found = ports([("a", 60), ("b", 60), ("c", 60)], [("a", "b"), ("b", "c"), ("a", "c")])
    assert found[1] == [30, 30]
    assert found[2][1] != 30


def test_the_main_line_passes_straight_as_near_to_the_middle_as_what_is_beside_it_lets_it() -> None:
    chain = [("z", "a"), ("a", "b"), ("b", "c"), ("c", "d")]
    members: list[tuple[str, float]] = [("z", 60), ("a", 60), ("b", 30), ("c", 60), ("d", 60)]
    found = ports(members, [*chain, ("z", "b")], width=12)
    assert found[1] == [30, 21]
    assert found[4][1] == 9
    assert found[2] == [21, 30]


def test_several_main_arrows_are_spread_about_the_middle() -> None:
    found = ports([("a", 60), ("b", 40)], [("a", "b", "state_h"), ("a", "b", "state_c")])
    assert [head for _, head in found] == [15, 25]


@pytest.mark.parametrize("border", [None, [5, 22]])
def test_arrows_stay_on_a_card_however_many_they_are(border: list[float] | None) -> None:
    names = [f"n{number}" for number in range(30)]
    found = ports([*((name, 20) for name in names), ("y", 40)], [(name, "y") for name in names], border=border)
    begin, end = border or [0, 40]
    assert all(begin < head < end for _, head in found)
