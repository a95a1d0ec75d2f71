"""What every layer is: its arguments, the call with its policy, and rules that are the same unless a layer has others."""

from __future__ import annotations

import pytest

from specc.calls import FLOAT32, Policy
from specc.layers.base import Layer, example_of
from specc.shapes import Tensor
from tests.support.checking import said


class Plain(Layer):
    """A layer with an argument."""

    units: int = 1


class Odd(Layer):
    """A layer whose constructor in Keras takes fewer base arguments, and which casts nothing."""

    missing_base_arguments = frozenset({"trainable", "activity_regularizer"})
    refused = {"adapted": "it is adapted once it is built"}
    casts = False


def output(layer: Layer, dtype: str, policy: str = "float32") -> Tensor:
    (found,) = layer.infer(layer.call({"inputs": Tensor((None, 3), dtype)}, {}, Policy.named(policy)))
    return found


def test_arguments_of_every_layer_come_first() -> None:
    assert Plain.argument_order() == ["name", "trainable", "dtype", "activity_regularizer", "units"]
    assert Odd.argument_order() == ["name", "trainable", "dtype"]  # Keras has a setter for trainable


def test_arguments_that_a_layer_does_not_have() -> None:
    made, problems = Odd.parse({"activity_regularizer": "l2", "adapted": True, "trainable": False})
    assert made is None
    assert [(problem.code, problem.path) for problem in problems] == [
        ("unknown-argument", ("activity_regularizer",)),
        ("refused-argument", ("adapted",)),
    ]
    made, problems = Odd.parse({"adapted": None, "trainable": False})  # null says nothing
    assert problems == []
    assert made is not None
    assert made.frozen


def test_a_layer_gives_what_it_takes_in_its_compute_dtype() -> None:
    assert output(Plain(), "float64") == Tensor((None, 3), "float32")
    assert output(Plain(), "int32", "mixed_float16") == Tensor((None, 3), "float16")
    assert output(Plain(dtype="float64"), "float32", "mixed_float16") == Tensor((None, 3), "float64")


@pytest.mark.parametrize(
    ("layer", "dtype", "cast"),
    [(Plain(), "float64", "float32"), (Plain(), "int64", "int64"), (Odd(), "float64", "float64")],
)
def test_floats_are_cast_where_keras_casts(layer: Layer, dtype: str, cast: str) -> None:
    call = layer.call({"inputs": (Tensor((None, 3), dtype), Tensor((None, 3)))}, {}, FLOAT32)
    assert [tensor.dtype for tensor in call.many()] == [cast, "float32"]


SPECS: dict[str, tuple[str, list[str]]] = {
    "what stands before an interpolation by areas": (
        "  - {type: Dense, name: d, units: 3}\n  - {type: Resizing, height: 4, width: 4, interpolation: area}\n",
        [
            "4:58 cannot-train: 'resizing' (Resizing) cannot train the layers before it: interpolation \"area\" has no gradient"
        ],
    ),
    "noise that runs and cannot train": (
        "  - {type: ops.cast, name: c, dtype: int32}\n  - {type: GaussianNoise, name: n, stddev: 1}\n",
        ["4:5 cannot-train: 'n' (GaussianNoise) cannot train, where it needs an input of floats, got int32"],
    ),
    "an object that Keras cannot save": (
        "  - {type: ELU, name: p, activity_regularizer: {type: L2, l2: 0.1}}\n",
        [
            "3:48 argument-clash: 'p' (ELU): activity_regularizer must be a name, since Keras cannot save this layer with an object"
        ],
    ),
}


@pytest.mark.parametrize("name", SPECS)
def test_cautions_that_several_layers_share(name: str) -> None:
    layers, expected = SPECS[name]
    assert said(f"layers:\n  - {{type: Input, name: x, shape: [8, 8, 3]}}\n{layers}") == expected


def test_an_example_is_a_whole_spec() -> None:
    assert said(example_of("Dropout, rate: 0.5", "[16]")) == []
    assert example_of("ReLU", "[3]", "h") == "layers:\n  - {type: Input, name: h, shape: [3]}\n  - ReLU\n"
