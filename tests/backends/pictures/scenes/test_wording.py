# ruff: noqa: RUF001 - the multiplication sign of sizes
"""The arguments of a layer as a picture shows them: in brief on its card, in full where all is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import specc
from specc import layers, operations
from specc.arguments.fields import in_order
from specc.backends.pictures.scenes.wording import all_words, block_words, in_brief, in_full, in_lines
from specc.calls import Callee
from tests.support.graphs import layer

LEAKY = {"type": "LeakyReLU", "negative_slope": 0.25}
NORMAL = {"type": "RandomNormal", "stddev": 0.02}
LSTM = {"type": "LSTM", "units": 128, "return_sequences": True}


@pytest.mark.parametrize(("type", "arguments", "expected"), [
    ("Conv2D", {"filters": 1, "kernel_size": [3, 5], "strides": [2, 1], "padding": "same", "use_bias": False}, "1 filter, 3×5, stride 2×1, same"),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": [2, 2], "dilation_rate": [1, 1]}, "8 filters, 3×3, stride 2"),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 1, "padding": "valid", "activation": "linear", "data_format": "channels_last"}, "8 filters, 3×3"),
    ("Conv2D", {"filters": 8, "kernel_size": 1, "dilation_rate": 2, "groups": 4, "data_format": "channels_first"}, "8 filters, 1×1, channels first, dilation 2, 4 groups"),
    ("Conv1D", {"filters": 8, "kernel_size": 3, "activation": LEAKY}, "8 filters, kernel 3, LeakyReLU(negative_slope 0.25)"),
    ("MaxPooling1D", {}, "pool 2"), ("MaxPooling2D", {"strides": [2, 2]}, "2×2"), ("MaxPooling2D", {"strides": 1}, "2×2, stride 1"),
    ("UpSampling2D", {}, "2×2"), ("ZeroPadding2D", {}, "padding (1, 1)"), ("GroupNormalization", {}, "32 groups"),
    ("Dropout", {"rate": 0.123456, "seed": 3}, "rate 0.1235"),
    ("Dense", {"name": "d", "trainable": False, "dtype": "float16", "units": 2, "kernel_initializer": NORMAL}, "2 units"),
    ("LSTM", {"units": 4, "activation": None, "dropout": 0.1, "unroll": True}, "4 units, activation none, dropout 0.1"),
    ("Embedding", {"input_dim": 8000, "output_dim": 128, "mask_zero": True}, "8000 → 128, mask zero"),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_bias": True}, "2 heads, key_dim 3"),
    ("Bidirectional", {"layer": LSTM}, "LSTM, 128 units, return sequences"),
    ("Bidirectional", {"layer": LSTM, "merge_mode": None, "backward_layer": {**LSTM, "units": 8, "go_backwards": True}},
     "LSTM, 128 units, return sequences, merge_mode none, backward LSTM(8 units, retu... go backwards)"),
    ("RNN", {"cell": {"type": "GRUCell", "units": 3}}, "GRUCell, 3 units"),
    ("RNN", {"cell": [{"type": "GRUCell", "units": 3}, {"type": "LSTMCell", "units": 1}]}, "GRUCell(3 units), LSTMCell(1 unit)"),
    ("Input", {"shape": [3], "dtype": "int32", "sparse": True}, ""), ("Reshape", {"target_shape": [4]}, "(4,)"),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": [2]}, "ab,bc->ac"),
    ("Normalization", {"mean": [0.5] * 9, "variance": [1.0] * 9}, "mean of 9 numbers, variance of 9 numbers"),
    ("BatchNormalization", {"axis": -1, "epsilon": 1e-5, "momentum": 0.9, "scale": False}, ""), ("BatchNormalization", {"axis": 1}, "axis 1"),
    ("Rescaling", {"scale": 2.0, "offset": -1}, "scale 2, offset -1"), ("Concatenate", {"axis": 1}, "axis 1"), ("Concatenate", {"axis": -1}, ""),
])  # fmt: skip
def test_in_brief(type: str, arguments: dict[str, Any], expected: str) -> None:
    assert ", ".join(in_brief(layer(type, **arguments))) == expected


@pytest.mark.parametrize(("type", "arguments", "expected"), [
    ("ops.subtract", {"x2": 1}, "− 1"), ("ops.subtract", {"x1": 1}, "1 − x"), ("ops.multiply", {"x2": 0.5}, "× 0.5"), ("ops.maximum", {"x2": 0}, "at least 0"),
    ("ops.greater", {"x2": 3}, "> 3"), ("ops.where", {"x2": -1e9}, "else -1000000000"), ("ops.arctan2", {"x2": 2}, "x2 2"),
    ("ops.get_item", {"key": [":", "1:3"]}, "[:, 1:3]"), ("ops.get_item", {"key": ["...", None, "::-1", 0]}, "[..., null, ::-1, 0]"),
    ("ops.clip", {"x_min": 0, "x_max": 6.5}, "0 to 6.5"), ("ops.cast", {"dtype": "int32"}, "int32"), ("ops.mean", {"axis": [1, 2], "keepdims": True}, "axis (1, 2), keepdims"),
    ("ops.concatenate", {"axis": -1}, ""), ("ops.softmax", {"axis": 3}, ""), ("ops.softmax", {"axis": 1}, "axis 1"), ("ops.split", {"indices_or_sections": [2, 5], "axis": 1}, "at (2, 5), axis 1"),
    ("ops.gelu", {"approximate": False}, "approximate false"), ("ops.full_like", {"fill_value": 2.0}, "fill_value 2"), ("ops.transpose", {"axes": [0, 2, 1]}, "(0, 2, 1)"),
])  # fmt: skip
def test_operations(type: str, arguments: dict[str, Any], expected: str) -> None:
    cls = operations.find(type)
    assert cls is not None
    made, problems = cls.parse(arguments)
    assert isinstance(made, Callee), problems
    assert ", ".join(in_brief(made, axes=4)) == expected


def test_arguments_of_the_call() -> None:
    attention = layer("MultiHeadAttention", num_heads=2, key_dim=3)
    asked = {"use_causal_mask": True, "return_attention_scores": True, "training": False}
    assert in_brief(attention, asked) == ["2 heads", "key_dim 3", "causal mask", "training false"]


def examples() -> Iterator[tuple[str, Callee, dict[str, Any]]]:
    """Each layer and operation of the catalogue, as its example in the documentation has it."""
    for name in (*layers.names(), *operations.names()):
        cls = layers.find(name) or operations.find(name)
        assert cls is not None
        graph = specc.compile(specc.Spec.from_text(cls.example))
        found = [(node.layer.with_inner(), node.options) for node in graph.nodes.values()]
        yield from ((name, inner, options) for made, options in found for inner in made if inner.type_name == name)


NOISE = re.compile(r"initializer|regularizer|constraint|epsilon|momentum|seed|none\b|null|=|\bname\b|trainable|dtype")


def test_every_type_says_what_shapes_its_computation_and_nothing_else() -> None:
    seen = set()
    for name, made, options in examples():
        seen.add(name)
        phrases = in_brief(made, options)
        assert not [phrase for phrase in phrases if NOISE.search(phrase)], (name, phrases)
        missing = {
            argument for argument, field in made.argument_fields().items()
            if field.is_required() and argument not in ("x_max", "axis2", "width", "output_dim", "destination", "name")
        }  # fmt: skip
        assert len(phrases) >= len(missing - {"shape", "output_shape"} if name == "EinsumDense" else missing), (
            name,
            phrases,
        )
        assert in_full(made, options) or not made.given().keys() - {"name"}
    assert seen == {*layers.names(), *operations.names()}


POOLS = [
    name for name in layers.names() if re.fullmatch(r"MaxPooling\dD|UpSampling\dD|Cropping\dD|ZeroPadding\dD", name)
]


@pytest.mark.parametrize("name", POOLS)
def test_sizes_are_said_even_if_they_are_the_default(name: str) -> None:
    assert len(POOLS) == 12
    (said,) = in_brief(layer(name))
    assert re.search(r"\d", said)


def test_a_default_that_is_written_out_is_said_in_full_only() -> None:
    for name, made, _ in examples():
        fields = type(made).model_fields
        defaults = {it: field.default for it, field in fields.items() if not field.is_required()}
        written = made.model_copy(
            update={it: value for it, value in defaults.items() if it not in made.model_fields_set}
        )
        written.model_fields_set.update(defaults)
        assert in_brief(written) == in_brief(made), name
        assert len(in_full(written)) == len(in_order(type(written))) - ("name" in defaults), name


def test_layers_in_layers_end() -> None:
    inner: dict[str, Any] = {"type": "Dense", "units": 2}
    for _ in range(5):
        inner = {"type": "TimeDistributed", "layer": inner}
    nested = "TimeDistributed(layer TimeDistributed(layer TimeDistributed(layer TimeDistributed)))"
    assert in_full(layer(**inner)) == [("layer", nested)]
    assert in_brief(layer(**inner)) == [*["TimeDistributed"] * 3, "layer TimeDistributed"]


def test_in_full() -> None:
    conv = layer("Conv2D", name="c", filters=1, kernel_size=[3, 5], padding="same", activation=None, use_bias=False)
    assert in_full(conv, {"training": False, "\x1b": 1}) == [
        ("filters", "1"), ("kernel_size", "(3, 5)"), ("padding", "same"), ("activation", "null"), ("use_bias", "false"),
        ("training (call)", "false"), ("\\x1b (call)", "1"),
    ]  # fmt: skip


def test_all_words_of_a_wrapper_and_of_an_input() -> None:
    inner = {"type": "Bidirectional", "layer": {**LSTM, "kernel_initializer": NORMAL}}
    assert all_words(layer("TimeDistributed", layer=inner, trainable=False), {"training": False}) == [
        "trainable false", "Bidirectional", "LSTM", "units 128", "kernel_initializer RandomNormal(stddev 0.02)", "return_sequences true",
        "training (call) false",
    ]  # fmt: skip
    assert all_words(layer("Input", shape=[3], dtype="int32", sparse=True)) == ["sparse true"]


def test_arguments_of_a_block() -> None:
    given = {
        "filters": 64,
        "sizes": [1, 2],
        "end": {"type": "LeakyReLU", "negative_slope": 0.1},
        "text": "\x1bx" * 50,
        "none": None,
    }
    assert block_words(given) == ["filters 64", "sizes [1, 2]", "end LeakyReLU", "text \\x1bx\\x1bx\\x1b...bx\\x1bx"]


def test_what_does_not_fit_into_the_lines_is_left_out() -> None:
    phrases = ["32 filters", "3×3", "same", "relu", "no bias"]
    assert in_lines(phrases, 18, 3) == ("32 filters, 3×3,", "same, relu,", "no bias")
    assert in_lines(phrases, 18, 2) == ("32 filters, 3×3,", "same, relu, …")
    assert in_lines([], 18, 2) == ()
