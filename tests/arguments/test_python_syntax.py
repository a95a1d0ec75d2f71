"""What was written as Python has it, in the form of a spec."""

from __future__ import annotations

from typing import Any

import pytest

from specc.arguments.python_syntax import NoValueError, as_item, as_object, references, value
from specc.diagnostics.notation import flow

VALUES: dict[str, Any] = {
    "(28, 28, 1)": [28, 28, 1],
    "[1, (2, 3)]": [1, [2, 3]],
    "{'a': [1, -2]}": {"a": [1, -2]},
    "None": None,
    "1_000": 1000,
    "'same'": "same",
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    assert value(text) == VALUES[text]


@pytest.mark.parametrize("text", ["x", "Dense(3)", "lambda: 1", "1 +", "n * 2", "(" * 500, "[" + "1, " * 1000 + "]"])
def test_what_is_no_value(text: str) -> None:
    with pytest.raises(NoValueError):
        value(text)


ITEMS: dict[str, str | None] = {
    "Dense(10)": "{type: Dense, units: 10}",
    "Dense(units)": "{type: Dense, units: $units}",
    "Conv2D(32, (3, 3), activation=tf.nn.relu)": "{type: Conv2D, filters: 32, kernel_size: [3, 3], activation: relu}",
    "nn.Conv2d(3, 64, kernel_size=(3, 3), bias=False)": "{type: Conv2D, filters: 64, kernel_size: [3, 3], use_bias: false}",
    "nn.Linear(10, 5)": "{type: Dense, units: 5}",
    "Dense(5, kernel_regularizer=l1_l2(0.1, 0.2))": "{type: Dense, units: 5, kernel_regularizer: {type: l1l2, l1: 0.1, l2: 0.2}}",
    "Bidirectional(LSTM(8))": "{type: Bidirectional, layer: {type: LSTM, units: 8}}",
    "model.add(LSTM(8))": "{type: LSTM, units: 8}",
    "layers.Dropout(rate=0.5, name='d')(x)": "{type: Dropout, rate: 0.5, name: d, from: x}",
    "MultiHeadAttention(2, 4)(q, v)": "{type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: [q, v]}",
    "y = Add()([x, h])": "{type: Add, name: y, from: [x, h]}",
    "x = Dense(3)(x)": "{type: Dense, units: 3}",
    "Permute([2, 1], 3)": "{type: Permute, dims: [2, 1], ...: ...}",
    "Dense(n * 2)": None,
    "Dense(10": None,
    "Dense": None,
}


@pytest.mark.parametrize("text", ITEMS)
def test_items(text: str) -> None:
    made = as_item(text)
    assert (None if made is None else flow(made)) == ITEMS[text]


OBJECTS: dict[tuple[str, str], str | None] = {
    ("optimizer", "Adam(0.01)"): "{type: Adam, learning_rate: 0.01}",
    ("optimizer", "keras.optimizers.SGD(lr=0.1, momentum=0.9)"): "{type: SGD, learning_rate: 0.1, momentum: 0.9}",
    ("optimizer", "SGD 0.1 momentum=0.9"): "{type: SGD, learning_rate: 0.1, momentum: 0.9}",
    ("regularizer", "l1_l2(0.1, 0.2)"): "{type: l1l2, l1: 0.1, l2: 0.2}",
    ("initializer", "initializers.xavier_uniform(seed=1)"): "{type: glorot_uniform, seed: 1}",
    ("loss", "Huber(delta=2)"): "{type: Huber, delta: 2}",
    ("activation", "softmax()"): "{type: softmax}",
    ("optimizer", "adam"): None,
    ("optimizer", "no such 0.1"): None,
}


@pytest.mark.parametrize(("kind", "text"), OBJECTS)
def test_objects(kind: str, text: str) -> None:
    made = as_object(kind, text)
    assert (None if made is None else flow(made)) == OBJECTS[kind, text]


def test_variables_are_names() -> None:
    assert references(["$x", ["$y", 1]]) == ["x", ["y", 1]]
