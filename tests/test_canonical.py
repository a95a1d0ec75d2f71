"""The comparison of models sees every difference but names."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras import layers, ops

from tests.support.canonical import same


def model(
    *,
    units: int = 3,
    activation: str = "relu",
    swapped: bool = False,
    shared: bool = False,
    constant: int = 1,
    axis: int = -1,
    operation: bool = False,
    port: int = 1,
    inner: int = 2,
    name: str | None = None,
) -> Any:
    """A small network with everything that may differ: order of inputs, sharing, operations, ports, nesting."""
    x = keras.Input((4, 3), name=name)
    first = layers.Dense(units, activation=activation, name=name and f"{name}_dense")
    one, other = first(x), (first if shared else layers.Dense(units, use_bias=False))(x)
    pair = [other, one] if swapped else [one, other]
    less = ops.subtract(*pair) if operation else layers.Subtract()(pair)
    joined = layers.Concatenate(axis=axis)([ops.add(less, constant), less])
    states = layers.LSTM(units, return_state=True)(joined)
    nested_input = keras.Input((units,))
    nested = keras.Model(nested_input, layers.Dense(inner)(nested_input))
    wrapped = layers.TimeDistributed(layers.Dense(inner))(joined)
    return keras.Model(x, [nested(states[port]), wrapped])


def test_names_make_no_difference() -> None:
    same(model(), model(name="other"))


@pytest.mark.parametrize(
    "change",
    [
        {"units": 4},
        {"activation": "tanh"},
        {"swapped": True},
        {"shared": True},
        {"constant": 2},
        {"axis": 1},
        {"operation": True},
        {"port": 2},
        {"inner": 3},
    ],
    ids=str,
)
def test_everything_else_does(change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        same(model(), model(**change))
