"""Whole layouts: nothing lies on anything else, and no arrow runs backwards, through a card or through a title."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.support.engine import card, frame, js, wires
from tests.support.random_scenes import SLACK, faults, random_scene

DETAIL = {
    "width": 120,
    "lines": 2,
    "names": True,
    "facts": True,
    "oneLine": False,
    "narrow": False,
    "all": False,
}
STRIP = 19
"""The height of a frame's title."""


def arranged(scene: dict[str, Any], direction: str = "down", width: float | None = None) -> dict[str, Any]:
    """The places and ways of a scene with all frames open, and the widths of the frames' titles."""
    code = """(() => {
      const { layout, cards } = arrange(see(scene, () => true), detail, direction, { gap: 12, width: width ?? undefined });
      const titles = placesOf(scene.members).map(({ frame }) => [frame.id, titleWidth(frame.card)]);
      const { ways, places, cross, flow } = layout;
      return { ways: Object.fromEntries(ways), places: Object.fromEntries(places), titles: Object.fromEntries(titles), cross, flow, cards: Object.fromEntries(cards) };
    })()"""
    modules = ("arrange", "frames", "view")
    found: dict[str, Any] = js(code, *modules, scene=scene, detail=DETAIL, direction=direction, width=width)
    return found


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("width", [None, 200])
@pytest.mark.parametrize("seed", range(12))
def test_nothing_lies_on_anything_else_and_no_arrow_runs_backwards(
    seed: int, width: float | None, direction: str
) -> None:
    scene = random_scene(seed)
    found = arranged(scene, direction, width)
    assert faults(scene, found["places"], found["ways"]) == []


@pytest.mark.parametrize("seed", range(12))
def test_no_arrow_crosses_a_title(seed: int) -> None:
    found = arranged(random_scene(seed))
    for name, width in found["titles"].items():
        place = found["places"][name]
        right, bottom = place["cross"] + width - SLACK, place["flow"] + STRIP
        for way in found["ways"].values():
            for (x, y), (to_x, to_y) in pairwise(way):
                inside = max(x, to_x) > place["cross"] and min(x, to_x) < right and y < bottom and to_y > place["flow"]
                assert not inside, f"{name}: {way}"


@pytest.mark.parametrize("direction", ["down", "right"])
def test_a_layout_is_the_same_each_time(direction: str) -> None:
    scene = random_scene(3)
    assert arranged(scene, direction) == arranged(scene, direction)


@pytest.mark.parametrize(("direction", "side"), [("down", "width"), ("right", "length")])
def test_a_frame_is_as_wide_as_its_title(direction: str, side: str) -> None:
    closed = card("f", "block", form="block", name="a_name_that_is_longer_than_what_is_inside", notes=["units 1 -> 2"])
    scene = {"title": "", "caption": "", "members": [frame(closed, card("a", "ReLU"))], "wires": []}
    found = arranged(scene, direction)
    assert found["places"]["f"][side] >= found["titles"]["f"]
    assert found["places"]["a"]["flow"] > 9


def block(number: int) -> dict[str, Any]:
    cards = [card(f"{letter}{number}", "Dense") for letter in "abc"]
    return frame(card(f"f{number}", "block", form="block"), *cards)


def test_equal_frames_are_equal_inside() -> None:
    pairs = [f"{tail}{n} {head}{n}" for n in range(4) for tail, head in ("ab", "bc", "ac")]
    scene = {"members": [block(n) for n in range(4)], "wires": wires(*pairs, "c0 a1", "c1 a2", "c2 a3")}
    places = arranged(scene | {"title": "", "caption": ""})["places"]
    inside = [
        [
            (places[f"{letter}{n}"][axis] - places[f"f{n}"][axis], letter)
            for letter in "abc"
            for axis in ("cross", "flow")
        ]
        for n in (1, 2)
    ]
    assert inside[0] == inside[1]
    assert places["f1"]["width"] == places["f2"]["width"]


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_main_path_is_straight(direction: str) -> None:
    members = [card("x", "Input", form="input"), *(card(f"n{n}", "Dense" * (1 + n % 3)) for n in range(6))]
    path = wires("x n0", *(f"n{n} n{n + 1}" for n in range(5)), "n0 n3", "n2 n5")
    scene = {"title": "", "caption": "", "members": members, "wires": path}
    found = arranged(scene, direction)
    for wire in path[:-2]:
        way = found["ways"][wire["id"]]
        assert way[0][0] == pytest.approx(way[-1][0], abs=6), "beside another arrow, by at most a port"


def test_a_parent_is_centred_over_its_branches() -> None:
    members = [card("x", "Input", form="input"), *(card(name, "Dense") for name in "abc")]
    scene = {"title": "", "caption": "", "members": members, "wires": wires("x a", "x b", "x c")}
    places = arranged(scene)["places"]
    middles = {name: places[name]["cross"] + places[name]["width"] / 2 for name in "xabc"}
    assert middles["x"] == pytest.approx(middles["b"])
    assert middles["a"] < middles["b"] < middles["c"]


def test_inputs_stand_on_the_first_rank() -> None:
    members = [card("x", "Input", form="input"), card("a", "Dense"), card("y", "Input", form="input"), card("b", "Add")]
    scene = {"title": "", "caption": "", "members": members, "wires": wires("x a", "a b", "y b")}
    places = arranged(scene)["places"]
    assert places["x"]["flow"] == places["y"]["flow"] == 0


@pytest.mark.parametrize("count", [5, 40])
def test_a_fan_shares_its_trunks(count: int) -> None:
    names = [f"n{n}" for n in range(count)]
    members = [
        card("x", "Input", form="input"),
        *(card(name, "Dense") for name in names),
        card("y", "Concatenate", symbol="|"),
    ]
    scene = {
        "title": "",
        "caption": "",
        "members": members,
        "wires": wires(*(f"x {n}" for n in names), *(f"{n} y" for n in names)),
    }
    found = arranged(scene)
    assert found["flow"] < 200
    assert len({tuple(found["ways"][f"{name}-y"][-1]) for name in names}) == 1
    narrow = arranged(scene, width=250)
    assert narrow["cross"] < 300
    assert faults(scene, narrow["places"], narrow["ways"]) == []


def test_arrows_end_at_the_circle_of_a_merge() -> None:
    members = [
        *(card(name, "Input", form="input") for name in "xy"),
        card("a", "Subtract", symbol="-", ports={"in": {"x1": "x1", "x2": "x2"}, "out": {}}),
    ]
    ends = [dict(wire, **{"in": name}) for wire, name in zip(wires("x a", "y a"), ("x1", "x2"), strict=True)]
    found = arranged({"title": "", "caption": "", "members": members, "wires": ends})
    place, body = found["places"]["a"], found["cards"]["a"]["body"]
    radius = body["width"] / 2
    for way in found["ways"].values():
        x, y = way[-1][0] - place["cross"] - body["x"] - radius, way[-1][1] - place["flow"] - body["y"] - radius
        assert (x**2 + y**2) ** 0.5 == pytest.approx(radius, abs=0.1)
    assert [line["runs"][0]["text"] for line in found["cards"]["a"]["lines"][-2:]] == ["x1", "x2"]


@pytest.mark.parametrize("direction", ["down", "right"])
def test_a_skip_enters_a_merge_from_the_side_and_the_main_path_straight(direction: str) -> None:
    members = [card("x", "Input", form="input"), card("a", "Dense"), card("b", "Dense"), card("y", "Add", symbol="+")]
    scene = {"title": "", "caption": "", "members": members, "wires": wires("x a", "a b", "b y", "x y")}
    found = arranged(scene, direction)
    place, body = found["places"]["y"], found["cards"]["y"]["body"]
    begin, before = (body["x"], body["y"]) if direction == "down" else (body["y"], body["x"])
    (from_, bend), end = found["ways"]["x-y"][-2], found["ways"]["x-y"][-1]
    assert end == pytest.approx([place["cross"] + begin, place["flow"] + before + body["height"] / 2])
    assert bend == end[1]
    assert from_ < end[0]
    main = found["ways"]["b-y"]
    assert main[0][0] == main[-1][0] == pytest.approx(place["cross"] + begin + body["width"] / 2)


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_sheets_behind_a_stack_have_room(direction: str) -> None:
    plain = [card("x", "Input", form="input"), card("a", "Dense"), card("y", "Dense")]
    stack = [plain[0], card("a", "Dense", times=3), plain[2]]
    flows = []
    for members in (plain, stack):
        scene = {"title": "", "caption": "", "members": members, "wires": wires("x a", "a y")}
        places = arranged(scene, direction)["places"]
        flows.append(places["y"]["flow"] - places["a"]["flow"] - places["a"]["length"])
    assert flows[1] == pytest.approx(flows[0] + 4.6)


def test_an_arrow_that_closes_a_cycle_runs_back() -> None:
    members = [card("x", "Input", form="input"), *(card(name, "Dense") for name in "abc")]
    scene = {"title": "", "caption": "", "members": members, "wires": wires("x a", "a b", "b c", "c a", "b b")}
    found = arranged(scene)
    assert found["ways"].keys() == {"x-a", "a-b", "b-c", "c-a"}
    assert found["ways"]["c-a"][0][1] == found["places"]["c"]["flow"]
    assert found["ways"]["c-a"][-1][1] == found["places"]["a"]["flow"] + found["places"]["a"]["length"]


def test_frames_that_feed_each_other_are_drawn() -> None:
    blocks = [frame(card(f"f{name}", "block"), card(f"{name}1", "Dense"), card(f"{name}2", "Dense")) for name in "ab"]
    scene = {"title": "", "caption": "", "members": blocks, "wires": wires("a1 b1", "b1 a2", "a2 b2")}
    assert len(arranged(scene)["ways"]) == 3
