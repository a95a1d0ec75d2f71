"""What is seen of a scene when some of its frames are open."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, frame, js, wires

INNER = frame(card("g", "unit", form="block"), card("b", "Dense"), card("c", "Dense"))
MEMBERS = [
    card("x", "Input", form="input"),
    frame(card("f", "stage", form="block"), card("a", "Dense"), INNER),
    card("y", "Dense"),
]
ARROWS = wires("x a", "a b", "b c", "a c", "c y", "x y")


def seen(
    open: str, members: list[dict[str, Any]] = MEMBERS, arrows: list[dict[str, str]] = ARROWS
) -> tuple[Any, set[str]]:
    code = """(() => {
      const found = see({ members, wires: arrows }, (frame) => open.includes(frame.id));
      const shown = (items) => items.map(({ id, members }) => (members ? [id, shown(members)] : id));
      return [shown(found.members), found.wires.map(({ tail, head }) => `${tail} ${head}`)];
    })()"""
    shown, ends = js(code, "view", members=members, arrows=arrows, open=open)
    assert len(ends) == len(set(ends)) or "2" in open
    return shown, set(ends)


def test_a_closed_frame_is_a_card_with_the_arrows_of_what_is_inside() -> None:
    assert seen("") == (["x", "f", "y"], {"x f", "f y", "x y"})


def test_an_open_frame_shows_its_members() -> None:
    assert seen("f") == (["x", ["f", ["a", "g"]], "y"], {"x a", "a g", "g y", "x y"})
    assert seen("fg") == (["x", ["f", ["a", ["g", ["b", "c"]]]], "y"], {"x a", "a b", "b c", "a c", "c y", "x y"})


def test_the_arrows_of_equal_ones_to_one_card_are_one() -> None:
    stack = frame(card("s", "Dense", times=8), card("a", "Dense"))
    arrows = [{**wire, "id": str(n), "in": str(n)} for n, wire in enumerate(wires(*["a y"] * 8))]
    named = card("y", "stack", ports={"in": {"0": "first"}, "out": {}})
    assert seen("s", [stack, card("y", "stack")], arrows)[1] == {"a y"}
    code = "see({ members, wires: arrows }, () => true).wires.length"
    assert js(code, "view", members=[stack, named], arrows=arrows) == 2


def test_places_say_how_deep_a_frame_is_and_in_which() -> None:
    code = "placesOf(members).map(({ frame, depth, outer }) => [frame.id, depth, outer])"
    assert js(code, "view", members=MEMBERS) == [["f", 0, None], ["g", 1, "f"]]


def test_an_open_frame_does_not_say_the_type_that_its_only_member_says() -> None:
    code = "see({ members, wires: [] }, () => true).members.map(({ card }) => card.type)"
    stacks = [frame(card("s", "Dense", times=8, name="expert"), card("a", "Dense"))]
    assert js(code, "view", members=stacks) == ["expert"]
    assert js(code, "view", members=[frame(card("f", "stage", name="first"), card("a", "Dense"))]) == ["stage"]
