"""Lanes: each card's line with those that lead tensors to it and away from it."""

from __future__ import annotations

from collections import Counter

from specc.backends.pictures.texts.lanes import Lanes

Cards = list[tuple[str, list[str], list[str]]]
"""Of each card the sign, the tensors that it reads, and those that it gives."""


def drawn(cards: Cards, most: int = 8) -> str:
    lanes = Lanes(Counter(net for _, reads, _ in cards for net in reads), most)
    lines: list[str] = []
    for sign, reads, gives in cards:
        lane, above = lanes.read(reads)
        lines += [above, lanes.passing(sign, lane), lanes.give(lane, gives)]
    return "\n".join(line.rstrip() for line in lines if line) + "\n"


def test_a_chain() -> None:
    assert drawn([("a", [], ["x"]), ("b", ["x"], ["y"]), ("c", ["y"], [])]) == "a\nb\nc\n"


def test_a_skip_stays_in_its_lane() -> None:
    cards: Cards = [
        ("a", [], ["x"]),
        ("b", ["x"], ["y"]),
        ("c", ["y"], ["z"]),
        ("+", ["z", "x"], ["w"]),
        ("d", ["w"], []),
    ]
    assert (
        drawn(cards)
        == """\
a
├─╮
│ b
│ c
├─╯
+
d
"""
    )


def test_lanes_that_are_crossed_go_on() -> None:
    cards: Cards = [("a", [], ["x"]), ("b", [], ["y"]), ("c", ["x"], ["z"]), ("d", ["x", "y", "z"], [])]
    assert (
        drawn(cards)
        == """\
a
│ b
├─│─╮
│ │ c
├─┴─╯
d
"""
    )


def test_a_card_with_several_outputs() -> None:
    assert (
        drawn([("a", [], ["x", "h", "c"]), ("b", ["h", "c"], ["y"]), ("d", ["x", "y"], [])])
        == """\
a
├─┬─╮
│ ├─╯
│ b
├─╯
d
"""
    )


def test_what_reads_nothing_is_apart_from_an_end() -> None:
    """Else it would seem to read that."""
    cards: Cards = [("a", [], ["x"]), ("b", ["x"], []), ("c", [], ["z"]), ("d", [], ["w"]), ("e", ["z", "w"], [])]
    assert (
        drawn(cards)
        == """\
a
b

c
│ d
├─╯
e
"""
    )


def test_a_tensor_without_a_lane_has_a_number() -> None:
    lanes = Lanes({"x": 2, "y": 1, "z": 1}, 2)
    for net in "xyz":
        lane, _ = lanes.read([])
        lanes.give(lane, [net])
    assert lane == 2, "a card can stand beside all lanes"
    assert [lanes.number(net) for net in "xyz"] == [0, 0, 1]
    assert lanes.order("zyx") == ["x", "y", "z"]


def test_a_tensor_that_is_read_above_its_card_has_a_number() -> None:
    lanes = Lanes({"x": 2}, 8)
    lane, _ = lanes.read(["x"])
    assert lanes.number("x") == 1
    lanes.give(lane, ["x"])
    assert lanes.number("x") == 1
    assert lanes.passing() == ""
