"""What an alignment says of itself."""

from __future__ import annotations

from specc.alignment import align
from specc.ir import TypedGraph
from tests.support.graphs import Item, typed


def test_names_that_nobody_gave_are_not_renamed() -> None:
    def model(name: str, named: bool) -> TypedGraph:
        return typed("m", Item("x", "Input", shape=[8]), Item(name, "Dense", "x", units=4, named=named))

    automatic = align(model("dense", False), model("dense_1", False))
    given = align(model("dense", False), model("hidden", True))
    assert automatic.renamed == ()
    assert [(pair.old.name, pair.new.name) for pair in given.renamed] == [("dense", "hidden")]
    assert given.equal


def test_what_follows_from_a_change_is_no_change_of_the_layer() -> None:
    def model(units: int) -> TypedGraph:
        last = Item("y", "Dense", "a", units=1)
        return typed("m", Item("x", "Input", shape=[8]), Item("a", "Dense", "x", units=units), last)

    alignment = align(model(4), model(8))
    assert [pair.new.name for pair in alignment.changed] == ["a"]
    (_, a, y) = alignment.pairs
    assert [change.aspect for change in a.changes] == ["argument", "shape", "parameters"]
    assert [change.aspect for change in y.changes] == ["parameters"]
    assert not alignment.equal
