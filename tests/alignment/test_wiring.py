"""A layer is re-wired if it reads from elsewhere, not if something was put on its wire."""

from __future__ import annotations

import pytest

from specc.alignment import Alignment, align
from specc.ir import TypedGraph
from tests.support.graphs import Item, typed


def model(*items: Item) -> TypedGraph:
    return typed("m", Item("x", "Input", shape=[8]), Item("z", "Input", shape=[8]), *items)


def rewired(alignment: Alignment) -> list[str]:
    return [pair.new.name for pair in alignment.pairs for change in pair.changes if change.aspect == "inputs"]


BASE = (Item("a", "Dense", "x", units=8), Item("b", "Dense", "z", units=8), Item("y", "Add", "a", "b"))


@pytest.mark.parametrize(("items", "expected"), [
    ((*BASE[:2], Item("y", "Add", "b", "a")), []),
    ((*BASE[:2], Item("y", "Add", "a", "z")), ["y"]),
    ((*BASE[:2], Item("d", "Dropout", "b", rate=0.5), Item("y", "Add", "a", "d")), []),
    ((*BASE[:2], Item("d", "Dropout", "a", rate=0.5), Item("e", "ReLU", "d"), Item("y", "Add", "e", "b")), []),
    ((*BASE[:2], Item("c", "Dense", "x", units=8), Item("y", "Add", "a", "b", "c")), ["y"]),
    ((BASE[0], Item("y", "Add", "a", "z")), []),
])  # fmt: skip
def test_rewired(items: tuple[Item, ...], expected: list[str]) -> None:
    assert rewired(align(model(*BASE), model(*items))) == expected


def test_the_order_counts_where_it_matters() -> None:
    old, new = (model(*BASE[:2], Item("y", "Concatenate", *names)) for names in ("ab", "ba"))
    assert rewired(align(old, new)) == ["y"]
