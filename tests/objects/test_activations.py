"""Activations take no arguments: what they have in Keras is an argument of the layer or the operation of their name."""

from __future__ import annotations

import pytest

from specc import layers, objects
from specc.objects import activations
from specc.objects.activations import FUNCTIONS
from tests.support.helps import helps

HELPS = {
    "{type: leaky_relu, negative_slope: 0.1}": "a function takes none; write the layer: {type: LeakyReLU, negative_slope: 0.1}",
    "{type: softmax, axis: 1}": "a function takes none; write the layer: {type: Softmax, axis: 1}",
    "{type: celu, alpha: 2.0}": "a function takes none; an item of type ops.celu after this one does",
    "{type: tanh, alpha: 2.0}": "it takes no arguments",
    "softmax()": "write softmax",
    "leaky_relu(0.2)": "write the layer: {type: LeakyReLU, negative_slope: 0.2}",
    "{leaky_relu: 0.2}": "write the layer: {type: LeakyReLU, negative_slope: 0.2}",
    "'lambda x: x ** 2'": "a spec contains no code; write operations as items (type: ops.NAME), or a layer class in a plugin",
    "glu": "it halves the last axis, which Keras's layers do not allow for: remove 'activation', and put {type: ops.glu} "
    "after this layer",
}


@pytest.mark.parametrize("activation", HELPS)
def test_arguments_of_an_activation(activation: str) -> None:
    text = (
        f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: Dense, units: 2, activation: {activation}}}\n"
    )
    assert helps(text) == [HELPS[activation]]


def test_a_layer_may_be_an_activation() -> None:
    made = objects.parse("activation", {"type": "LeakyReLU", "negative_slope": 0.1})
    assert isinstance(made, layers.find("LeakyReLU"))  # type: ignore[arg-type]


def test_names_are_kept_as_they_were_written() -> None:
    assert [objects.parse("activation", name) for name in ("relu", "swish", {"type": "silu"})] == [
        "relu",
        "swish",
        "silu",
    ]
    assert objects.find("activation", "swish") is objects.find("activation", "silu")


def test_each_is_found_without_the_others() -> None:
    found = {name: objects.find("activation", name) for name in [*FUNCTIONS, "swish", "hard_swish"]}
    assert found == objects.spellings("activation")
    assert {cls for cls in found.values() if cls is not None} == set(activations.CLASSES)
    assert objects.find("activation", "rellu") is None
