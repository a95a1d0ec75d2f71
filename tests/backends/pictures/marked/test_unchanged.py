"""Long rows without a mark become one card; a few beside each mark stay."""

from __future__ import annotations

import pytest

from specc.alignment import align
from specc.backends.pictures.html import page_data
from specc.backends.pictures.marked.change import change_scene
from specc.backends.pictures.marked.unchanged import AROUND, FEWEST, fold_unchanged
from specc.backends.pictures.scenes.scene import Card, Frame, Mark, card_of
from specc.ir import TypedGraph
from tests.support.graphs import Item, typed


def row(count: int, mark: Mark = "") -> list[Card | Frame]:
    return [Card(f"{mark}{number}", "layer", "other", "ReLU", params=1, mark=mark) for number in range(count)]


@pytest.mark.parametrize(("before", "after", "folded"), [
    (FEWEST + AROUND - 1, 1, 0),
    (FEWEST + AROUND, 1, 1),
    (1, FEWEST + AROUND, 0),  # the end of a row may be as far from a mark as its beginning
    (FEWEST + AROUND, FEWEST + 2 * AROUND, 2),
])  # fmt: skip
def test_rows(before: int, after: int, folded: int) -> None:
    members = [*row(before), *row(1, "added"), *row(after)]
    found = fold_unchanged(members)
    frames = [item for item in found if isinstance(item, Frame)]
    assert len(frames) == folded
    assert [frame.card.layers for frame in frames] == [len(frame.members) for frame in frames]
    flat = [it for item in found for it in (item.members if isinstance(item, Frame) else [item])]
    assert flat == members


def test_rows_in_frames() -> None:
    frame = Frame(Card("f", "block", "other", "block"), "block", [*row(30), *row(1, "changed")])
    (found,) = fold_unchanged([frame])
    assert isinstance(found, Frame)
    assert [card_of(item).type for item in found.members] == ["unchanged", "ReLU", "ReLU", "ReLU"]


def chain(count: int, units: int) -> TypedGraph:
    items = [Item("x", "Input", shape=[4])]
    for number in range(count):
        items.append(Item(f"n{number}", "Dense", items[-1].name, units=units if number == 40 else number + 1))
    return typed("chain", *items)


def test_a_change_of_a_long_chain() -> None:
    alignment = align(chain(80, 3), chain(80, 4))
    found = change_scene(alignment)
    assert [card_of(item).type for item in found.members].count("unchanged") == 2
    assert len(found.members) == 13
    assert page_data(alignment)["scene"]["members"]
    assert len(change_scene(align(chain(80, 3), chain(80, 3))).members) == 82
