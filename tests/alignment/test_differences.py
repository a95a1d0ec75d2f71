"""What differs between two layers that are the same one, and between two models."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.alignment import Alignment, Change, align
from tests.support.graphs import Item, typed

TRAINED = {"optimizer": {"type": "Adam", "learning_rate": 0.1}, "loss": "mse"}


def between(
    old: dict[str, Any], new: dict[str, Any], type: str = "Dense", shape: tuple[int, ...] = (8,)
) -> list[Change]:
    """The changes of one layer that gets two sets of arguments."""
    models = [
        typed("m", Item("x", "Input", shape=list(shape)), Item("y", type, "x", **arguments)) for arguments in (old, new)
    ]
    return list(align(*models).pairs[1].changes)


def test_an_argument() -> None:
    assert between({"units": 4}, {"units": 8}) == [
        Change("argument", "units", 4, 8),
        Change("shape", "", (None, 4), (None, 8)),
        Change("parameters", "", 36, 72),
    ]


@pytest.mark.parametrize(("new", "expected"), [
    ({"units": 4, "use_bias": False}, [("argument", "use_bias"), ("parameters", "")]),
    ({"units": 4, "trainable": False}, [("argument", "trainable"), ("frozen", "")]),
    ({"units": 4, "dtype": "float16"}, [("argument", "dtype"), ("dtype", "")]),
    ({"units": 4, "use_bias": True}, []),
])  # fmt: skip
def test_what_follows(new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert [(change.aspect, change.name) for change in between({"units": 4}, new)] == expected


def test_an_argument_of_an_object_inside() -> None:
    def form(scale: float) -> dict[str, Any]:
        return {"units": 4, "kernel_initializer": {"type": "VarianceScaling", "scale": scale}}

    assert between(form(1.0), form(2.0)) == [Change("argument", "kernel_initializer.scale", 1.0, 2.0)]


def test_an_argument_of_a_layer_inside() -> None:
    def form(units: int) -> dict[str, Any]:
        return {"layer": {"type": "Dense", "units": units}}

    (first, *_) = between(form(4), form(5), "TimeDistributed", (3, 8))
    assert first == Change("argument", "layer.units", 4, 5)


def test_a_call_argument() -> None:
    old, new = ({"rate": 0.5, "call": call} for call in ({}, {"training": True}))
    assert between(old, new, "Dropout") == [Change("call", "training", None, True)]


def test_the_shape_of_an_input() -> None:
    old, new = (typed("m", Item("x", "Input", shape=[n]), Item("y", "Dense", "x", units=1)) for n in (3, 4))
    (x, y) = align(old, new).pairs
    assert x.changes == (Change("argument", "shape", (None, 3), (None, 4)),)
    assert [change.aspect for change in y.changes] == ["parameters"]


def whole(old: dict[str, Any], new: dict[str, Any]) -> Alignment:
    layers = [{"type": "Input", "name": "x", "shape": [8]}, {"type": "Dense", "name": "y", "units": 1}]
    return align(*(specc.compile({"layers": layers, **keys}) for keys in (old, new)))


def test_training() -> None:
    other = {**TRAINED, "optimizer": {"type": "Adam", "learning_rate": 0.2}}
    assert whole({"compile": TRAINED}, {"compile": TRAINED}).equal
    assert whole({"compile": TRAINED}, {"compile": other}).changes == (
        Change("compile", "optimizer.learning_rate", 0.1, 0.2),
    )
    (added,) = whole({}, {"compile": TRAINED}).changes
    assert (added.aspect, added.old, added.new.loss) == ("compile", None, "mse")


def test_the_dtype_policy() -> None:
    found = whole({}, {"dtype_policy": "mixed_float16"})
    assert found.changes == (Change("dtype_policy", "", "float32", "mixed_float16"),)
    assert found.changed == ()


def test_another_output() -> None:
    layers = [
        {"type": "Input", "name": "x", "shape": [8]},
        {"type": "Dense", "name": "a", "units": 1},
        {"type": "Dense", "name": "b", "units": 1, "from": "a"},
    ]
    old, new = (specc.compile({"layers": layers, "outputs": outputs}) for outputs in (["b"], ["a", "b"]))
    assert align(old, new).changes == (Change("outputs", "", ("b",), ("a", "b")),)
