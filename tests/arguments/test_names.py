"""What an unknown argument was meant to be: its name of today, where it belongs, or what to write in its stead."""

from __future__ import annotations

from typing import Any

import pytest

from specc import layers
from specc.arguments.names import meant, unknown_argument
from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"


@pytest.mark.parametrize(("layer", "name", "value", "help"), [
    ("Dense", "W_regularizer", "l2", "write kernel_regularizer, which Keras 1 calls W_regularizer"),
    ("Dense", "W_constraint", "unit_norm", "write kernel_constraint, which Keras 1 calls W_constraint"),
    ("Embedding", "W_constraint", "unit_norm", "write embeddings_constraint, which Keras 1 calls W_constraint"),
    ("Dense", "init", "uniform", "write kernel_initializer, which Keras 1 calls init"),
    ("LSTM", "inner_activation", "sigmoid", "write recurrent_activation, which Keras 1 calls inner_activation"),
    ("LSTM", "dropout_U", 0.1, "write recurrent_dropout, which Keras 1 calls dropout_U"),
    ("Dense", "output_dim", 3, "write units, which Keras 1 calls output_dim"),
    ("Conv2D", "border_mode", "same", "write padding, which Keras 1 calls border_mode"),
    ("Conv2D", "subsample", [2, 2], "write strides, which Keras 1 calls subsample"),
    ("Dropout", "p", 0.5, "write rate, which Keras 1 calls p"),
    ("Dense", "input_shape", [3], "an Input item above has the shape: {type: Input, shape: [3]}"),
    ("Dense", "input_dim", 3, "an Input item above has the shape: {type: Input, shape: [3]}"),
    ("LSTM", "input_dim", 3, "an Input item above has the shape: {type: Input, shape: [null, 3]}"),
    ("Dense", "batch_input_shape", [16, 3], "an Input item above has the shape, without the batch axis: {type: Input, shape: [3]}"),
    ("Dense", "optimizer", "adam", "it goes under the spec's own 'compile', as in compile: {optimizer: adam, loss: mse}"),
    ("Dense", "outputs", ["y"], "'outputs' is a key of the spec itself: write it next to 'layers'"),
    ("LSTM", "from", "x", "'from' is a key of an item; it is not allowed on a layer inside another"),
    ("Dense", "input", "x", "write from"),
    ("Bidirectional", "units", 8, "it is an argument of the layer inside: write layer: {type: LSTM, units: 8}"),
    ("TimeDistributed", "filters", 8, "it is an argument of the layer inside: write layer: {type: Conv2D, filters: 8}"),
    ("RNN", "units", 8, "it is an argument of the layer inside: write cell: {type: LSTMCell, units: 8}"),
])  # fmt: skip
def test_help_for_arguments(layer: str, name: str, value: Any, help: str) -> None:
    cls = layers.find(layer)
    assert cls is not None
    assert unknown_argument(cls, name, {name: value}).help == help


def test_an_argument_of_the_layer_inside() -> None:
    cls = layers.find("Bidirectional")
    assert cls is not None
    given = {"layer": {"type": "LSTM", "units": 4}, "return_sequences": True}
    help = "it is an argument of the layer inside: write layer: {type: LSTM, units: 4, return_sequences: true}"
    assert unknown_argument(cls, "return_sequences", given).help == help


def test_what_an_older_name_gives_is_not_missing() -> None:
    cls = layers.find("Dense")
    assert cls is not None
    _, problems = cls.parse({"output_dim": 3})
    assert [problem.code for problem in problems] == ["unknown-argument"]
    assert meant(cls, "output_dim") == meant(cls, "unit") == "units"


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, config: {units: 4}}", "write the arguments next to 'type': {type: Dense, units: 4}"),
    ("{type: Dense, use_bias: false, kwargs: {units: 4}}",
     "write the arguments next to 'type': {type: Dense, use_bias: false, units: 4}"),
    ("{type: Dense, units 4}", "a colon is missing: write units: 4"),
    ("{type: Dense, units: 4, dropout: 0.2}", "write it as a separate layer after this one: {type: Dropout, rate: 0.2}"),
    ("{type: Conv1D, filters: 4, kernel_size: 1, batch_norm: true}",
     "write it as a separate layer after this one: {type: BatchNormalization}"),
    ("{type: Dense, units: 4, wrapper: TimeDistributed}",
     "a wrapper contains the layer: {type: TimeDistributed, layer: {type: ..., ...}}"),
    ("{type: Input, size: 8}", "write shape; a list, without the batch axis"),
    ("{type: Dense, units: 4, frozen: true}", "write trainable: false"),
    ("{type: ops.mean, dim: 1}", "write axis, which PyTorch calls dim"),
    ("{type: Dense, units: 4, activation: {type: leaky_relu, alpha: 0.1}}",
     "a function takes none; write the layer: {type: LeakyReLU, negative_slope: 0.1}"),
    ("{type: Dense, units: 4, weight_decay: 0.01}", "write kernel_regularizer; as {type: L2, l2: 0.01}; the decay of weights "
     "is an argument of the optimizer AdamW"),
])  # fmt: skip
def test_arguments_in_other_forms(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n")[0] == help


def test_an_input_in_other_words() -> None:
    assert helps("layers:\n  - {type: InputLayer, input_shape: [8]}\n  - {type: Dense, units: 4}\n") == [
        "write shape, which Keras 2 calls input_shape; without the batch axis"
    ]
    assert helps("layers:\n  - {type: Input, shape: {height: 28, width: 28}}\n  - {type: Dense, units: 4}\n") == [
        "write [28, 28]"
    ]
