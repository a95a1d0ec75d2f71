"""The lines on what a picture folds, and on one that cannot be read."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, frame, js


def said(
    members: list[dict[str, Any]], open: list[str] | None = None, room: dict[str, float] | None = None
) -> list[str]:
    code = "saidOf({ open: new Set(open) }, placesOf(members), { room })"
    found: list[str] = js(code, "said", "view", members=members, open=open or [], room=room)
    return found


def block(id: str, type: str, *members: dict[str, Any], times: int = 1) -> dict[str, Any]:
    return frame(card(id, type, form="block", times=times), *(members or [card(f"{id}_a", "Dense")]))


def test_what_is_folded_is_counted_by_its_kind() -> None:
    members = [block("f", "decoder", times=12), block("g", "stage"), block("h", "stage"), block("i", "head")]
    assert said(members) == [
        "folded: decoder \N{MULTIPLICATION SIGN} 12, stage \N{MULTIPLICATION SIGN} 2, head (--expand decoder, --depth 1)"
    ]


def test_only_what_could_be_seen_is_said() -> None:
    inner = block("f", "unit")
    members = [block("g", "stage", inner, inner | {"id": "h"}), block("i", "head")]
    assert said(members) == ["folded: stage, head (--expand stage, --depth 1)"]
    assert said(members, ["g", "i"]) == ["folded: unit \N{MULTIPLICATION SIGN} 2 (--expand unit, --depth 2)"]
    assert said(members, ["f", "g", "h", "i"]) == []


def test_equal_layers_in_a_row_are_not_folded_blocks() -> None:
    assert said([frame(card("s1", "Conv2D", times=3), card("a", "Conv2D"))]) == []


def test_many_kinds_are_not_all_named() -> None:
    line = said([block(letter, letter * 3) for letter in "abcde"])
    assert line == ["folded: aaa, bbb, ccc, … (--expand aaa, --depth 1)"]


def test_a_picture_that_cannot_be_read_says_what_to_do() -> None:
    column, page = {"width": 302.36, "height": 850.4}, {"width": 642.5, "height": 907.1}
    assert said([], [], column) == ["too large to be read at 80 \N{MULTIPLICATION SIGN} 225 mm (--fit page)"]
    assert said([], ["f"], column) == [
        "too large to be read at 80 \N{MULTIPLICATION SIGN} 225 mm (--depth 0, --fit page)"
    ]
    assert said([], [], page) == ["too large to be read at 170 \N{MULTIPLICATION SIGN} 240 mm (--format html)"]
    lying = {"width": 850.4, "height": 302.36}
    assert said([], [], lying) == ["too large to be read at 225 \N{MULTIPLICATION SIGN} 80 mm (--fit slide)"]
