"""The order within ranks: few crossings, counted rightly."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const members = boxes.map((id) => ({ id, flow: 10, cross: 10 }));
  const { ranks } = makeLayers(members, edges.map(([tail, head]) => ({ tail, head, net: tail })));
  const before = crossings(ranks);
  const pairs = ranks.map((rank) => rank.flatMap(({ into }) => into.map(({ tail, head }) => [tail.position, head.position])));
  orderRanks(ranks);
  return { before, pairs, after: crossings(ranks), ranks: ranks.map((rank) => rank.map(({ member }) => member?.id ?? "")) };
})()"""


def ordered(boxes: list[str], edges: list[tuple[str, str]]) -> Any:
    return js(CODE, "layers", "order", boxes=boxes, edges=edges)


def random_edges(seed: int) -> tuple[list[str], list[tuple[str, str]]]:
    random = Random(seed)
    names = [f"n{number}" for number in range(20)]
    return names, [
        (names[random.randrange(n)], names[n]) for n in range(1, 20) for _ in range(random.choice([1, 1, 2]))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_crossings_are_counted_and_not_made(seed: int) -> None:
    found = ordered(*random_edges(seed))
    assert found["after"] <= found["before"]
    counted = sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for pairs in found["pairs"]
        for index, a in enumerate(pairs)
        for b in pairs[:index]
    )
    assert found["before"] == counted


def test_crossings_that_need_not_be_are_removed() -> None:
    found = ordered(list("abcdef"), [("a", "f"), ("b", "e"), ("c", "d")])
    assert (found["before"], found["after"]) == (3, 0)


@pytest.mark.parametrize(
    "arrows",
    ["ab ac ad be af df ag gh di cj gk", "ab bc cd ce ef fg bh ai cj fj fk bk", "ab bc bd be cf bg bh di ai gj fk"],
)
def test_another_beginning_is_tried_while_arrows_cross(arrows: str) -> None:
    """Sweeps from the spec's order alone leave a crossing."""
    found = ordered(sorted(set(arrows) - {" "}), [(arrow[0], arrow[1]) for arrow in arrows.split()])
    assert found["before"] > found["after"] == 0


def test_branches_stay_in_the_order_of_the_spec() -> None:
    found = ordered(list("xabcy"), [*(("x", letter) for letter in "abc"), *((letter, "y") for letter in "abc")])
    assert found["ranks"] == [["x"], ["a", "b", "c"], ["y"]]
