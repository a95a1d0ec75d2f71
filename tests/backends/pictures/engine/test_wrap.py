"""Tall pictures in columns."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, js, wires


def columns(ends: list[str], names: str, count: int, heights: dict[str, float] | None = None) -> Any:
    """The columns of cards below each other, and the arrows, or None where they cannot be cut."""
    places, flow = [], 0.0
    for name in names:
        length = (heights or {}).get(name, 20)
        places.append([name, {"cross": 0, "flow": flow, "width": 50, "length": length}])
        flow += length + 10
    code = """(() => {
      const members = cards.map((card) => ({ id: card.id, card }));
      const found = wrap({ members, wires: arrows }, new Map(places), count);
      return found && {
        columns: found.members.map(({ members }) => members.map(({ id }) => id)),
        wires: found.wires.map(({ tail, head }) => `${tail} > ${head}`),
        signs: found.members.flatMap(({ members }) => members.filter(({ card }) => card.form === "link").map(({ card }) => card.symbol)),
      };
    })()"""
    cards = [card(name, "Dense") for name in names]
    return js(code, "wrap", cards=cards, arrows=wires(*ends), places=places, count=count)


def test_a_chain_goes_on_at_the_same_number() -> None:
    found = columns(["a b", "b c", "c d"], "abcd", 2)
    assert found["columns"] == [["a", "b", "link 1"], ["link 1 again", "c", "d"]]
    assert found["wires"] == ["a > b", "b > link 1", "link 1 again > c", "c > d"]
    assert found["signs"] == ["1", "1"]


def test_columns_are_of_like_height() -> None:
    found = columns([f"{a} {b}" for a, b in zip("abcdef", "bcdefg", strict=True)], "abcdefg", 2, {"a": 100})
    assert found["columns"][0] == ["a", "b", "link 1"]


def test_a_cut_is_where_one_tensor_passes() -> None:
    found = columns(["a b", "b c", "c d", "b d", "d e", "e f"], "abcdef", 2)
    assert found["columns"][0] in (["a", "b", "link 1"], ["a", "b", "c", "d", "link 1"])
    assert columns(["a b", "b c", "c d", "a d"], "abcd", 2, {"a": 5}) is None


def test_a_tensor_that_two_read_passes_a_cut_once() -> None:
    found = columns(["a b", "b c", "c d", "b d"], "abcd", 2)
    assert sorted(found["wires"]) == ["a > b", "b > link 1", "c > d", "link 1 again > c", "link 1 again > d"]


def test_what_cannot_be_cut_into_like_columns_stays_whole() -> None:
    assert columns(["a b", "b c"], "abc", 2, {"a": 500}) is None
    assert columns(["a b"], "ab", 3) is None
