"""Frames say what is in them, and are open if that is worth seeing."""

from __future__ import annotations

import pytest

from specc.backends.pictures.marked.marking import mark_frames, tell
from specc.backends.pictures.scenes.scene import Card, Frame, Mark, Wire


def card(id: str, mark: Mark = "", *notes: str) -> Card:
    return Card(id, "layer", "other", "Dense", mark=mark, notes=list(notes))


def frame(id: str, *members: Card | Frame) -> Frame:
    return Frame(
        Card(id, "block", "other", "block"), "outer" if isinstance(members[0], Frame) else "inner", list(members)
    )


@pytest.mark.parametrize(("marks", "mark", "notes", "is_open"), [
    (("", ""), "", [], False),
    (("added", "added"), "added", [], False),
    (("added", ""), "changed", ["1 added"], True),
    (("changed", "removed", "changed"), "changed", ["2 changed, 1 removed"], True),
    (("error", "unknown"), "error", ["1 error"], True),
    (("unknown", "unknown"), "unknown", [], False),
    (("unknown", ""), "", [], False),
])  # fmt: skip
def test_frames(marks: tuple[Mark, ...], mark: Mark, notes: list[str], is_open: bool) -> None:
    found = frame("f", *(card(f"n{number}", it) for number, it in enumerate(marks)))
    opened = mark_frames([found])
    assert (found.card.mark, found.card.notes, "f" in opened) == (mark, notes, is_open)


def test_of_equal_frames_the_first_is_open() -> None:
    frames = [frame(f"f{number}", card(f"n{number}", "changed", "units 1 → 2")) for number in range(3)]
    other = frame("f3", card("n3", "changed", "units 1 → 3"))
    assert mark_frames([*frames, other]) == {"f0", "f3"}


def test_frames_in_frames() -> None:
    assert mark_frames([frame("f0", frame("f1", card("n0", "changed"), card("n1")))]) == {"f0", "f1"}


def test_a_marked_wire_inside_is_seen() -> None:
    frames = [frame("f0", card("n0"), card("n1")), frame("f1", card("n2"))]
    assert mark_frames(frames, [Wire("n0", "", "n1", "", "removed")]) == {"f0"}
    assert mark_frames(frames, [Wire("n0", "", "n2", "", "removed")]) == frozenset()


def test_a_merge_with_notes_is_no_circle() -> None:
    merge = Card("n", "merge", "merge", "Add", symbol="+")
    tell(merge, "added")
    assert merge.form == "merge"
    tell(merge, "error", ["cannot add"])
    assert (merge.form, merge.symbol, merge.notes) == ("layer", "", ["cannot add"])
