"""The places of vertices along the cross axis."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const boxes = members.map(([id, cross]) => ({ id, flow: 10, cross }));
  const list = edges.map(([tail, head]) => ({ tail, head, net: tail }));
  const { ranks, ways } = makeLayers(boxes, list);
  fixPorts(ranks, () => null);
  orderRanks(ranks);
  placePorts(ranks, () => null, () => 10, ({ size }) => [0, size]);
  placeVertices(ranks, { members: 14, lane: 9, lanes: 7 });
  return {
    ranks: ranks.map((rank) => rank.map(({ member, cross, size }) => ({ id: member?.id ?? "", cross, size }))),
    ways: list.map((edge) => ways.get(edge).flatMap(({ tail, head, tailAt, headAt }) => [tail.cross + tailAt, head.cross + headAt])),
  };
})()"""


def placed(members: list[tuple[str, float]], edges: list[tuple[str, str]]) -> Any:
    return js(CODE, "layers", "order", "ports", "place", members=members, edges=edges)


@pytest.mark.parametrize("seed", range(10))
def test_neighbours_keep_their_distance(seed: int) -> None:
    random = Random(seed)
    members = [(f"n{number}", random.choice([20.0, 45.0, 90.0])) for number in range(25)]
    edges = [
        (f"n{random.randrange(max(0, n - 9), n)}", f"n{n}") for n in range(1, 25) for _ in range(random.choice([1, 2]))
    ]
    found = placed(members, edges)
    assert min(vertex["cross"] for rank in found["ranks"] for vertex in rank) == 0
    for rank in found["ranks"]:
        for left, right in itertools.pairwise(rank):
            apart = 14 if left["id"] and right["id"] else 9 if left["id"] or right["id"] else 7
            assert right["cross"] - left["cross"] - left["size"] >= apart - 0.01


def test_a_chain_and_the_lane_beside_it_are_straight() -> None:
    members = [(letter, 20.0 + 30 * (index % 2)) for index, letter in enumerate("abcdef")]
    found = placed(members, [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("a", "f")])
    for way in found["ways"][:-1]:
        assert way[0] == pytest.approx(way[-1])
    lane = found["ways"][-1][2:-2]
    assert max(lane) - min(lane) < 0.01


def test_a_parent_is_centred_over_an_odd_and_an_even_number_of_branches() -> None:
    for letters in ("abc", "abcd"):
        found = placed([("x", 30.0), *((letter, 20.0) for letter in letters)], [("x", letter) for letter in letters])
        row = found["ranks"][1]
        assert found["ranks"][0][0]["cross"] + 15 == pytest.approx((row[0]["cross"] + row[-1]["cross"] + 20) / 2)


def test_a_chain_whose_members_each_give_something_aside_is_straight() -> None:
    chain = [f"s{number}" for number in range(6)]
    sides = [(name, f"out of {name}") for name in chain[:-2]]
    members = [*((name, 40.0) for name in chain), *((side, 60.0) for _, side in sides)]
    found = placed(members, [*itertools.pairwise(chain), *sides])
    ends = [at for way in found["ways"][: len(chain) - 1] for at in way]
    assert ends == pytest.approx([ends[0]] * len(ends))
