"""Masks that end too early. Which layers end one is compared with Keras."""

from __future__ import annotations

import warnings

import keras
import pytest

import specc
from specc import layers
from tests.support.checking import codes, said, spec

EMBEDDED = "layers:\n  - {type: Input, name: x, shape: [6], dtype: int32}\n  - {type: Embedding, name: e, input_dim: 9, output_dim: 4, mask_zero: true}\n"
MASKED = "layers:\n  - {type: Input, name: x, shape: [6, 4]}\n  - {type: Masking, name: e}\n"

ARGUMENTS = {
    "Dense": "units: 2", "EinsumDense": 'equation: "abc,cd->abd", output_shape: [null, 2]', "Conv1D": "filters: 2, kernel_size: 3, padding: same",
    "SeparableConv1D": "filters: 2, kernel_size: 3", "DepthwiseConv1D": "kernel_size: 3", "Conv1DTranspose": "filters: 2, kernel_size: 3",
    "Dropout": "rate: 0.1", "SpatialDropout1D": "rate: 0.1", "GaussianNoise": "stddev: 0.1", "GaussianDropout": "rate: 0.1",
    "AlphaDropout": "rate: 0.1", "ActivityRegularization": "l2: 0.1", "Activation": "activation: tanh", "Reshape": "target_shape: [6, 2, 2]",
    "Permute": "dims: [2, 1]", "ZeroPadding1D": "padding: 1", "Cropping1D": "cropping: 1", "UpSampling1D": "size: 2",
    "SimpleRNN": "units: 2, return_sequences: true", "GRU": "units: 2, return_sequences: true", "LSTM": "units: 2, return_sequences: true",
    "Bidirectional": "layer: {type: LSTM, units: 2, return_sequences: true}", "TimeDistributed": "layer: {type: Dense, units: 2}",
    "Rescaling": "scale: 2.0", "MaxPooling1D": "pool_size: 2", "AveragePooling1D": "pool_size: 2",
}  # fmt: skip
PLAIN = [
    "Identity", "ReLU", "LeakyReLU", "PReLU", "ELU", "LayerNormalization", "BatchNormalization", "RMSNormalization",
    "UnitNormalization", "GroupNormalization", "Flatten", "GlobalMaxPooling1D", "GlobalAveragePooling1D", "Masking",
]  # fmt: skip


def test_the_layers_that_end_a_mask_are_those_of_keras() -> None:
    items = [f"{{type: {name}, {arguments}, from: e}}" for name, arguments in ARGUMENTS.items()]
    items += [
        f"{{type: {name}, groups: 2, from: e}}" if name == "GroupNormalization" else f"{{type: {name}, from: e}}"
        for name in PLAIN
    ]
    items += [
        "{type: Add, from: [e, e]}",
        "{type: Add, from: [e, x]}",
        "{type: Concatenate, from: [e, x]}",
        "{type: Multiply, from: [e, x]}",
    ]
    items += [
        "{type: Attention, from: [e, x]}",
        "{type: Attention, from: [x, e]}",
        "{type: MultiHeadAttention, num_heads: 1, key_dim: 2, from: {query: e, value: x}}",
    ]
    items += ["{type: ops.tanh, from: e}", "{type: ops.add, from: [e, e]}"]
    text = MASKED + "".join(
        f"  - {item.replace('{', f'{{name: n{number}, ', 1)}\n" for number, item in enumerate(items)
    )
    graph = specc.compile(spec(text))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own, of the masks that end
        model = specc.build(spec(text))
    ours = {name: graph.tensors[name][0].mask is not None for name in graph.nodes if name.startswith("n")}
    outputs = dict(zip((it.name for it in graph.graph.outputs), model.outputs, strict=True))
    theirs = {name: getattr(outputs[name], "_keras_mask", None) is not None for name in ours}
    named = {f"n{number}": item for number, item in enumerate(items)}
    assert [named[name] for name in ours if ours[name] != theirs[name]] == []
    assert set(ours.values()) == {True, False}


USERS = {
    "LSTM": "{type: LSTM, name: y, units: 2}",
    "GRU": "{type: GRU, name: y, units: 2}",
    "RNN": "{type: RNN, name: y, cell: {type: LSTMCell, units: 2}}",
    "Bidirectional": "{type: Bidirectional, name: y, layer: {type: LSTM, units: 2}}",
    "pooling": "{type: GlobalAveragePooling1D, name: y}",
    "several heads": "{type: MultiHeadAttention, name: y, num_heads: 1, key_dim: 2, from: {query: m, value: m}}",
    "attention": "{type: Attention, name: y, from: [m, m]}",
}


@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
@pytest.mark.parametrize("start", [EMBEDDED, MASKED], ids=["Embedding", "Masking"])
def test_a_layer_that_would_use_it(start: str, user: str) -> None:
    for end in ("{type: ops.tanh, name: m}", "{type: Conv1D, name: m, filters: 4, kernel_size: 3, padding: same}"):
        assert codes(f"{start}  - {end}\n  - {user}\n") == ["lost-mask"]
    assert codes(f"{start}  - {{type: Activation, name: m, activation: tanh}}\n  - {user}\n") == []


SILENT = {
    "nothing uses it": EMBEDDED + "  - {type: ops.tanh}\n  - {type: Dense, units: 2}\n",
    "the steps end too": EMBEDDED + "  - Flatten\n  - {type: Reshape, target_shape: [3, 8]}\n  - {type: LSTM, units: 2}\n",
    "other steps": EMBEDDED + "  - {type: Conv1D, filters: 4, kernel_size: 3, strides: 2}\n  - {type: LSTM, units: 2}\n",
    "it was used": EMBEDDED + "  - {type: LSTM, units: 2}\n  - {type: RepeatVector, n: 6}\n  - {type: LSTM, units: 2}\n",
    "handed by itself": EMBEDDED + "  - {type: ops.tanh, name: t}\n  - {type: ops.not_equal, name: m, x2: 0, from: x}\n  - {type: LSTM, name: y, units: 2, from: {sequences: t, mask: m}}\n",
    "a query without one": EMBEDDED + "  - {type: Input, name: q, shape: [6, 4]}\n  - {type: Attention, name: a, from: [q, e]}\n  - {type: LSTM, name: y, units: 2}\n",
    "allowed": EMBEDDED + "  - {type: ops.tanh, allow: [lost-mask]}\n  - {type: LSTM, units: 2}\n",
}  # fmt: skip


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_no_warning(text: str) -> None:
    assert codes(text) == []


def test_far_apart_and_in_nested_models() -> None:
    block = "blocks: {b: {inputs: [i], layers: [{type: ops.tanh, name: t}, {type: LayerNormalization, name: n}], outputs: [n]}}\n"
    for form in ("", ", nested: true"):
        (found,) = specc.check(
            spec(f"{block}{EMBEDDED}  - {{type: b, name: one{form}}}\n  - {{type: LSTM, name: y, units: 2}}\n")
        )
        assert found.code == "lost-mask"
        assert [it.message for it in found.related][:2] == ["the mask comes from here", "would use it"]
    inside = block.replace("{type: LayerNormalization, name: n}", "{type: LSTM, name: n, units: 2}")
    assert codes(f"{inside}{EMBEDDED}  - {{type: b, nested: true}}\n") == ["lost-mask"]


def test_the_help_names_the_layer_of_the_operation() -> None:
    (found,) = specc.check(
        spec(EMBEDDED + "  - {type: ops.add, name: s, from: [e, e]}\n  - {type: LSTM, name: y, units: 2}\n")
    )
    assert found.help == "write Add instead of ops.add: the layer passes the mask on"
    assert said(EMBEDDED + "  - {type: ops.add, name: s, from: [e, e]}\n  - {type: LSTM, name: y, units: 2}\n") == [
        "4:5 lost-mask: the mask of 'e' ends at 's' (ops.add), which does not pass it on: 'y' (LSTM) treats the masked steps as data"
    ]


def test_every_layer_of_the_help_is_one() -> None:
    from specc.passes.advice.masks import _LAYERS

    for operation, words in _LAYERS.items():
        assert layers.find(operation) is not None
        assert layers.find(words) is not None or keras.activations.get(words.split(": ")[-1].rstrip("}")) is not None
