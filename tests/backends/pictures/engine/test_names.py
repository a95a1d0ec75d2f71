"""The names at a card's arrows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engine import card, js

PORTS = {"in": {"query": "query", "value": "value"}, "out": {"": "output", "scores": "scores"}}


def room(names: dict[str, list[str]], down: bool = True, **fields: Any) -> Any:
    return js("roomOf(card, names, down)", "names", card=card("n", "LSTM", **fields), names=names, down=down)


def test_names_are_those_of_the_ports_that_arrows_meet() -> None:
    arrows = [
        {"id": "0", "tail": "x", "out": "", "head": "n", "in": "value", "mark": ""},
        {"id": "1", "tail": "x", "out": "", "head": "n", "in": "query", "mark": ""},
        {"id": "2", "tail": "n", "out": "scores", "head": "y", "in": "0", "mark": ""},
    ]
    code = "Object.fromEntries(namesOf(cards, arrows))"
    cards = [card("n", "Attention", ports=PORTS), card("x", "Input"), card("y", "Dense")]
    assert js(code, "names", cards=cards, arrows=arrows) == {"n": {"in": ["value", "query"], "out": ["scores"]}}


def test_a_row_of_names_takes_its_width_and_the_height_of_a_line() -> None:
    found = room({"in": ["query", "value"], "out": []})
    assert (found["top"], found["bottom"], found["slot"]["in"]) == (10, 0, 0)
    assert 40 < found["width"] < 70


def test_arrows_with_the_same_name_share_its_room() -> None:
    """A block's input of several tensors: its name stands once, and each arrow takes a part of the name's width."""
    alone, two, many = (room({"in": [*["variables"] * count, "context"], "out": []})["width"] for count in (1, 2, 9))
    assert alone == two < many
    assert many < 170


def test_a_name_stands_in_the_middle_of_its_arrows() -> None:
    ports = {"in": {"0": "skip", "1": "skip", "2": "x"}, "out": {}}
    wires = [{"id": port, "tail": "t", "out": port, "head": "n", "in": port, "mark": ""} for port in "012"]
    code = """(() => {
      const box = { width: 90, height: 40, lines: [] };
      const one = (value) => new Map([["n", value]]);
      const ways = new Map([["0", [[0, 0], [50, 9]]], ["1", [[0, 0], [70, 9]]], ["2", [[0, 0], [120, 9]]]]);
      const layout = { places: one({ cross: 40, flow: 0 }), ways };
      const ends = roomOf(card, { in: [], out: [] }, true);
      writeNames(one(card), one(box), wires, layout, one(ends));
      return box.lines.map(({ runs, x }) => [runs[0].text, x]);
    })()"""
    assert js(code, "names", card=card("n", "up", ports=ports), wires=wires) == [["skip", 20], ["x", 80]]


def test_a_wide_row_becomes_two() -> None:
    names = ["forward_state_h", "backward_state_h", "forward_state_c", "backward_state_c"]
    found = room({"in": [], "out": names})
    assert found["bottom"] == 22
    assert found["width"] >= (len(names) + 1) * found["slot"]["out"]
    assert found["slot"]["out"] > 35
    assert found["width"] < room({"in": [], "out": names[:2]})["width"] * 2


def test_where_arrows_come_from_the_left_names_stand_below_each_other() -> None:
    found = room({"in": ["query", "value"], "out": ["scores"]}, down=False)
    assert found["height"] == 20
    assert found["left"] > 20
    assert found["right"] > 20
    assert (found["top"], found["bottom"]) == (0, 0)


@pytest.mark.parametrize("down", [True, False])
def test_a_card_without_names_keeps_nothing_free(down: bool) -> None:
    found = room({"in": [], "out": []}, down)
    assert [found[side] for side in ("top", "bottom", "left", "right", "height")] == [0] * 5


def test_the_names_at_a_circle_are_outside_of_it() -> None:
    found = room({"in": ["x1", "x2"], "out": []}, symbol="-")
    assert found["left"] == found["right"] > 10
    assert found["top"] == 10
