"""Objects of Keras that are values of a spec: each layer has its own."""

from __future__ import annotations

import numpy as np
import pytest

import specc
from specc.backends.python.source import source
from tests.support.checking import spec
from tests.support.emitted import run

BLOCK = """
vars: {width: 4}
blocks:
  pair:
    args: {begin: zeros, act: relu, n: 2}
    inputs: [x]
    layers:
      - {type: Dense, name: first, units: $width, kernel_initializer: $begin, activation: $act, repeat: $n}
      - {type: Dense, name: out, units: $width, kernel_initializer: $begin}
    outputs: [out]
"""


@pytest.mark.parametrize(
    "items",
    [
        "[{type: Input, name: x, shape: [4]}, {type: pair, begin: {type: RandomNormal}}]",
        "[{type: Input, name: x, shape: [4]}, {type: pair}, {type: pair, begin: {type: RandomNormal}, n: 1}]",
        "[{type: Input, name: x, shape: [4]}, {type: pair, begin: $way, each: {way: [{type: RandomNormal}, ones]}}, {type: Add}]",
    ],
)
def test_no_two_layers_draw_the_same_numbers(items: str) -> None:
    model = run(source(specc.compile(spec(f"{BLOCK}\nlayers: {items}"))))
    drawn = [np.array(it) for it in model.weights if it.ndim == 2 and len(np.unique(it)) > 1]
    assert len(drawn) in (2, 3)
    assert not any(np.array_equal(one, other) for one in drawn for other in drawn if one is not other)


def test_a_layer_as_activation_is_of_one_layer() -> None:
    items = "[{type: Input, name: x, shape: [4]}, {type: pair, act: {type: LeakyReLU}}]"
    text = source(specc.compile(spec(f"{BLOCK}\nlayers: {items}")))
    assert "activation=cloned(act)" in text
    first, second = (layer.activation for layer in run(text).layers[1:3])
    assert first is not second
