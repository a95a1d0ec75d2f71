"""Names are evidence where most have been kept, and structure is where they have not."""

from __future__ import annotations

from specc.alignment import align
from specc.alignment.labels import Labels, Side
from specc.alignment.matching import match
from specc.ir import TypedGraph
from tests.support.graphs import Item, typed


def chain(*units: int, names: str) -> TypedGraph:
    items = [Item("x", "Input", shape=[8])]
    for name, size in zip(names, units, strict=True):
        items.append(Item(name, "Dense", items[-1].name, units=size))
    return typed("chain", *items)


def matched(old: TypedGraph, new: TypedGraph) -> dict[str, str]:
    labels = Labels()
    return match(Side(old, labels, {}), Side(new, labels, {}))


def test_kept_names_say_which_layer_was_removed() -> None:
    found = matched(chain(2, 3, 4, 5, names="abcd"), chain(20, 40, 50, names="acd"))
    assert found == {"x": "x", "a": "a", "c": "c", "d": "d"}


def test_numbers_that_moved_on_say_nothing() -> None:
    found = matched(chain(2, 3, 4, names="abc"), chain(9, 2, 3, 4, names="abcd"))
    assert found == {"x": "x", "a": "b", "b": "c", "c": "d"}


def test_layers_that_swapped_places_are_recognized() -> None:
    def model(*types: str) -> TypedGraph:
        items = [Item("x", "Input", shape=[8]), Item("a", "Dense", "x", units=4)]
        for type in types:
            items.append(Item(f"{type}_{len(types)}", type, items[-1].name))
        return typed("m", *items, Item("y", "Dense", items[-1].name, units=1))

    old, new = model("ReLU", "BatchNormalization"), model("BatchNormalization", "ReLU")
    found = align(old, new)
    assert len(found.pairs) == 5
    assert {change.aspect for pair in found.changed for change in pair.causes} == {"inputs"}


def test_a_gap_too_large_for_the_exact_alignment() -> None:
    names = [f"n{index}" for index in range(300)]
    units = [index % 7 + 1 for index in range(300)]

    def model(start: int, extra: int) -> TypedGraph:
        items = [Item("x", "Input", shape=[start])]
        for name, size in zip(names, units, strict=True):
            items.append(Item(name, "Dense", items[-1].name, units=size + extra * (name == "n150")))
        return typed("m", *items, Item("end", "Dense", items[-1].name, units=start))

    found = matched(model(8, 0), model(9, 100))
    assert found == {name: name for name in ["x", *names, "end"]}
