# ruff: noqa: RUF001 - the multiplication sign of sizes
"""The arguments of a layer as a picture shows them: in brief on its box, in full on the page."""

from __future__ import annotations

from typing import Any

import pytest

from specc.backends.pictures.wording import in_brief, in_full, in_lines
from tests.support.graphs import layer

LEAKY = {"type": "LeakyReLU", "negative_slope": 0.3}
NORMAL = {"type": "RandomNormal", "stddev": 0.02}


@pytest.mark.parametrize(("type", "arguments", "expected"), [
    ("Conv2D", {"filters": 1, "kernel_size": [3, 5], "strides": [2, 1], "padding": "same", "use_bias": False}, "1 filter, 3×5, stride 2×1, same, no bias"),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": [2, 2], "dilation_rate": 1}, "8 filters, 3×3, stride 2, dilation 1"),
    ("Conv1D", {"filters": 8, "kernel_size": 3, "activation": LEAKY}, "8 filters, kernel 3, LeakyReLU(negative_slope 0.3)"),
    ("MaxPooling1D", {"pool_size": 2, "strides": None}, "pool 2"), ("Dropout", {"rate": 0.123456, "seed": 3}, "rate 0.1235, seed 3"),
    ("Dense", {"name": "d", "trainable": False, "dtype": "float16", "units": 2, "kernel_initializer": NORMAL}, "2 units, kernel_initializer RandomNormal(stddev 0.02), dtype float16, frozen"),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_bias": True}, "2 heads, key_dim 3, use_bias"),
    ("Bidirectional", {"layer": {"type": "LSTM", "units": 1, "return_sequences": True}}, "LSTM(1 unit, return_sequences)"),
    ("Input", {"shape": [3], "dtype": "int32", "sparse": True}, "sparse"), ("Reshape", {"target_shape": [4]}, "target_shape (4,)"),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": [2]}, 'equation "ab,bc->ac", output_shape (2,)'),
    ("Normalization", {"mean": [0.5] * 9, "variance": [1.0] * 9}, "mean [0.5, 0.5, 0.5, 0.5, 0...0.5, 0.5, 0.5], variance [1.0, 1.0, 1.0, 1....1.0, 1.0, 1.0]"),
])  # fmt: skip
def test_in_brief(type: str, arguments: dict[str, Any], expected: str) -> None:
    assert ", ".join(in_brief(layer(type, **arguments))) == expected


def test_layers_in_layers_end() -> None:
    inner: dict[str, Any] = {"type": "Dense", "units": 2}
    for _ in range(5):
        inner = {"type": "TimeDistributed", "layer": inner}
    nested = "TimeDistributed(TimeDistributed(TimeDistributed(TimeDistributed)))"
    assert in_full(layer(**inner)) == [("layer", nested)]
    assert in_brief(layer(**inner)) == ["TimeDistributed(TimeDistrib...Distributed)))"]


def test_in_full() -> None:
    conv = layer("Conv2D", name="c", filters=1, kernel_size=[3, 5], padding="same", activation=None, use_bias=False)
    assert in_full(conv, {"training": False, "\x1b": 1}) == [
        ("filters", "1"), ("kernel_size", "(3, 5)"), ("padding", "same"), ("activation", "null"), ("use_bias", "false"),
        ("training (call)", "false"), ("\\x1b (call)", "1"),
    ]  # fmt: skip


def test_what_does_not_fit_into_the_lines_is_left_out() -> None:
    phrases = ["32 filters", "3×3", "same", "relu", "no bias"]
    assert in_lines(phrases, 18, 3) == ("32 filters, 3×3,", "same, relu,", "no bias")
    assert in_lines(phrases, 18, 2) == ("32 filters, 3×3,", "same, relu, …")
    assert in_lines([], 18, 2) == ()
