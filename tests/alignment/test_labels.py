"""Labels are equal for what computes the same."""

from __future__ import annotations

from typing import Any

import pytest

from specc.alignment.labels import Labels, Side
from specc.ir import TypedGraph
from tests.support import graphs
from tests.support.graphs import Item, layer, typed


def one(type: str, **arguments: Any) -> TypedGraph:
    return typed("m", Item("x", "Input", shape=[8, 8, 3]), Item("y", type, "x", **arguments))


def contents(*models: TypedGraph) -> set[int]:
    labels = Labels()
    return {Side(model, labels, {}).content["y"] for model in models}


def test_written_out_defaults_are_no_difference() -> None:
    assert len(contents(one("Dense", units=4), one("Dense", units=4, use_bias=True))) == 1


@pytest.mark.parametrize("other", [{"units": 5}, {"use_bias": False}, {"trainable": False}, {"activation": "relu"}])
def test_other_arguments_are_a_difference(other: dict[str, Any]) -> None:
    assert len(contents(one("Dense", units=4), one("Dense", **{"units": 4, **other}))) == 2


def test_names_of_layers_inside_are_no_difference() -> None:
    wrapped = [one("TimeDistributed", layer=layer("Dense", units=4, name=name)) for name in ("a", "b")]
    assert len(contents(*wrapped, one("TimeDistributed", layer=layer("Dense", units=5, name="a")))) == 2


def test_an_input_is_its_tensor() -> None:
    labels = Labels()
    forms: list[dict[str, Any]] = [{"shape": [3]}, {"batch_shape": [None, 3]}, {"shape": [3], "dtype": "float32"}]
    sides = [Side(typed("m", Item("x", "Input", **form), Item("y", "ReLU", "x")), labels, {}) for form in forms]
    assert len({side.content["x"] for side in sides}) == 1


def test_the_order_does_not_depend_on_the_file() -> None:
    def model(*names: str) -> TypedGraph:
        made = [Item(name, "Dense", "x", units=ord(name)) for name in names]
        return typed("m", Item("x", "Input", shape=[3]), *made, Item("y", "Concatenate", "a", "b"))

    labels = Labels()
    assert Side(model("a", "b"), labels, {}).order == Side(model("b", "a"), labels, {}).order == ["x", "a", "b", "y"]


def test_the_structure_tells_networks_apart() -> None:
    labels = Labels()
    models = [graphs.chain(), graphs.branches(), graphs.translator(), graphs.blocks(2), graphs.siamese()]
    again = [graphs.chain(), graphs.branches(), graphs.translator(), graphs.blocks(2), graphs.siamese()]
    structures = [Side(model, labels, {}).structure for model in models]
    assert len(set(structures)) == len(models)
    assert [Side(model, labels, {}).structure for model in again] == structures
