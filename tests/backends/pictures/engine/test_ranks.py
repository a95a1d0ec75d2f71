"""Which rank each member of a frame stands in."""

from __future__ import annotations

from typing import Any

from tests.support.engine import js


def ranked(members: list[dict[str, Any]], *arrows: str, room: dict[str, float] | None = None) -> dict[str, int]:
    """The ranks of members, by their names; arrows are pairs of letters."""
    edges = [{"tail": arrow[0], "head": arrow[1], "net": arrow[0]} for arrow in arrows]
    boxes = [{"flow": 10, "cross": 10, **member} for member in members]
    code = "Object.fromEntries(rankMembers(members, edges, room ?? undefined))"
    found: dict[str, int] = js(code, "ranks", members=boxes, edges=edges, room=room)
    return found


def named(letters: str) -> list[dict[str, Any]]:
    return [{"id": letter} for letter in letters]


def test_a_head_stands_after_all_its_tails() -> None:
    assert ranked(named("abcd"), "ab", "bc", "ac", "cd", "ad") == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_constant_stands_next_to_its_reader_and_an_input_first() -> None:
    members = [*named("abc"), {"id": "k"}, {"id": "x", "first": True}]
    assert ranked(members, "ab", "bc", "kc", "xc") == {"a": 0, "b": 1, "c": 2, "k": 1, "x": 0}


def test_gates_are_first_and_last() -> None:
    members = [*named("ab"), {"id": "i", "gate": "in"}, {"id": "o", "gate": "out"}]
    assert ranked(members, "ib", "ao") == {"i": 0, "a": 1, "b": 1, "o": 2}


def test_a_wide_rank_is_split_and_what_reads_it_follows() -> None:
    arrows = [*(f"x{letter}" for letter in "abcd"), *(f"{letter}y" for letter in "abcd")]
    ranks = ranked(named("xabcdy"), *arrows, room={"width": 25, "apart": 4})
    assert ranks == {"x": 0, "a": 1, "b": 1, "c": 2, "d": 2, "y": 3}


def test_one_that_is_wider_than_the_room_stands_by_itself() -> None:
    members = [{"id": "a", "cross": 90}, {"id": "b", "cross": 90}]
    assert ranked(members, room={"width": 50, "apart": 4}) == {"a": 0, "b": 1}


def closing(letters: str, *arrows: str) -> list[str]:
    edges = [{"tail": arrow[0], "head": arrow[1], "net": arrow[0]} for arrow in arrows]
    code = "[...closingEdges(members, edges)].map(({ tail, head }) => tail + head)"
    found: list[str] = js(code, "ranks", members=named(letters), edges=edges)
    return found


def test_what_closes_a_cycle_is_the_arrow_back() -> None:
    assert closing("abcd", "ab", "bc", "ca", "cd", "ad") == ["ca"]
    assert closing("abcd", "ab", "bc", "ac", "cd") == []
    assert closing("ab", "ba", "ab") == ["ba"]
