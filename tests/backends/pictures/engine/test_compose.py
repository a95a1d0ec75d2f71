"""Frames laid out by themselves and put into each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engine import js, wires

CODE = """(() => {
  const measured = [];
  const measure = (item) => {
    measured.push(item.id);
    return { flow: 20, cross: 40, key: "card", ...(item.members ? { flow: 0, cross: 0, clear: 30, before: 19 } : {}), ...(sizes[item.id] ?? {}) };
  };
  const { places, ways, flow, cross } = compose({ id: "", members }, arrows, measure, { gap: 12 });
  return { places: Object.fromEntries(places), ways: Object.fromEntries(ways), flow, cross, measured };
})()"""


def composed(members: list[Any], *ends: str, sizes: dict[str, Any] | None = None) -> Any:
    """A layout; members are names of cards, or lists of a frame's name and its members."""

    def item(member: Any) -> dict[str, Any]:
        return (
            {"id": member} if isinstance(member, str) else {"id": member[0], "members": [item(it) for it in member[1:]]}
        )

    return js(CODE, "compose", members=[item(it) for it in members], arrows=wires(*ends), sizes=sizes or {})


def test_cards_stand_below_each_other_with_an_arrow_between() -> None:
    found = composed(["a", "b"], "a b", sizes={"": {"clear": 0}})
    assert found["places"]["b"]["flow"] == 35
    assert found["ways"]["a-b"] == [[20, 20], [20, 35]]
    assert (found["flow"], found["cross"]) == (55, 40)


def test_an_arrow_crosses_a_frame_after_its_title() -> None:
    found = composed(["a", ["f", "b"], "c"], "a b", "b c")
    frame, inner = found["places"]["f"], found["places"]["b"]
    assert inner["flow"] > frame["flow"] + 19
    assert inner["cross"] + inner["width"] <= frame["cross"] + frame["width"]
    (x, top), (end, bottom) = found["ways"]["a-b"][0], found["ways"]["a-b"][-1]
    assert x == end >= frame["cross"] + 30
    assert top < frame["flow"] < bottom


def test_what_is_inside_a_frame_with_a_long_title_stands_in_its_middle() -> None:
    found = composed(["a", ["f", "b"]], "a b", sizes={"f": {"flow": 0, "cross": 60, "clear": 60, "before": 19}})
    frame, inner = found["places"]["f"], found["places"]["b"]
    middle = frame["cross"] + frame["width"] / 2
    assert inner["cross"] + inner["width"] / 2 == pytest.approx(middle, abs=1)


def test_a_long_arrow_runs_beside_what_it_passes() -> None:
    found = composed(["a", "b", "c"], "a b", "b c", "a c")
    lane = [x for x, _ in found["ways"]["a-c"]]
    passed = found["places"]["b"]
    assert min(lane) < passed["cross"] or max(lane) > passed["cross"] + passed["width"]


def test_arrows_of_a_tensor_share_their_line() -> None:
    found = composed(["a", "b", "c", "d"], "a b", "b c", "c d", "a c", "a d")
    to_c, to_d = found["ways"]["a-c"], found["ways"]["a-d"]
    assert to_c[:3] == to_d[:3]


def test_an_empty_scene_has_no_size() -> None:
    found = composed([])
    assert (found["flow"], found["cross"]) == (0, 0)
