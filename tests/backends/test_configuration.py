"""Arguments as plain data are equal where Keras's configurations are, and differ where those do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import specc
from specc import layers
from specc.backends import keras_model, summary
from specc.backends.configuration import configuration
from specc.frontend.read import read_text
from specc.layers.base import Layer
from specc.operations.base import Operation

VALUES: list[Any] = [
    True, False, 1, 2, 0.25, "swish", "silu", "ones", "he_normal", {"type": "HeNormal"}, {"type": "HeNormal", "seed": 1}, "l2",
    {"type": "L2"}, {"type": "L2", "l2": 0.3}, "non_neg", "valid", "same", "channels_last", "float16", "float32", "nearest", "sum", "concat",
    "constant", "one_hot", "count", [1, 1], [2, 2], [2], [1, 2, 1],
]  # fmt: skip
MOST = 2
"""Values that are tried of each argument."""
UNRECORDED = {
    "lora_alpha", "lora_rank", "implementation", "use_cudnn", "flash_attention", "seed", "vocabulary_size", "sparse", "fill_value",
    "sequence_length", "max_freq", "strides", "padding", "dtype", "activity_regularizer",
}  # fmt: skip
"""Arguments that Keras's ``get_config`` of some layer leaves out, or fills in where they say nothing."""


def given(name: str) -> dict[str, Any]:
    """The arguments of a layer in its example."""
    items = read_text(layers.find(name).example, "example.yaml").data["layers"]  # type: ignore[union-attr]
    keys = ("type", "name", "from", "repeat", "each", "call", "when", "share")
    item = next((it for it in items if isinstance(it, dict) and it.get("type") == name), {})
    return {key: value for key, value in item.items() if key not in keys}


def variants(cls: type[Layer], arguments: dict[str, Any]) -> Iterator[Layer]:
    """The layer with one argument after the other given otherwise, each a few times."""
    for argument in cls.argument_fields():
        made = [cls.parse({**arguments, argument: value})[0] for value in VALUES] if argument != "name" else []
        yield from [layer for layer in made if layer is not None][:MOST]


def in_keras(layer: Layer) -> str | None:
    try:
        config = keras_model.realize(layer).get_config()
    except Exception:  # it needs its inputs' shapes, or is refused by itself
        return None
    config |= {"trainable": layer.trainable, "activity_regularizer": config.get("activity_regularizer")}
    if "seed" in config and "seed" not in layer.given():
        del config["seed"]  # drawn
    return json.dumps({key: value for key, value in config.items() if key != "name"}, sort_keys=True, default=str)


def test_layers_are_equal_as_keras_says() -> None:
    keras_model.load_keras()
    compared, alike, unlike = 0, [], []
    for name in layers.names():
        cls = layers.find(name)
        assert cls is not None
        if issubclass(cls, Operation) or re.search("[23]D", name):  # as those of 1D
            continue
        base, _ = cls.parse(given(name))
        config = in_keras(base) if base is not None else None
        if base is None or config is None or config != in_keras(base):  # it draws seeds inside
            continue
        for other in variants(cls, given(name)):
            changed = in_keras(other)
            if changed is None:
                continue
            compared += 1
            same = configuration(base) == configuration(other)
            if same and config != changed:
                alike.append((name, other.given()))
            if not same and config == changed:
                unlike += [
                    (name, argument)
                    for argument in {*configuration(other)} - UNRECORDED
                    if configuration(other)[argument] != configuration(base).get(argument)
                ]
    assert compared > 500
    assert alike == []
    assert unlike == []


# -- Whole specs -----------------------------------------------------------------------------------

BASE = """
vars: {width: 3}
blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: LSTM, name: l, units: 4, return_state: true, from: r}, {type: Reshape, name: r, target_shape: [1, 4], from: d}], outputs: {h: l.state_h, d: d}}}
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: b, name: n, nested: true}
  - {type: Dense, name: q, units: 4, from: x}
  - {share: q, name: again, from: n.d}
  - {type: Reshape, name: s, target_shape: [1, 4], from: again}
  - {type: Reshape, name: t, target_shape: [1, 4], from: n}
  - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {query: s, value: t}}
  - {type: TimeDistributed, name: w, layer: {type: Dense, units: 3}}
  - {type: Dropout, name: drop, rate: 0.5}
outputs: [drop, q]
compile: {loss: mse, optimizer: {type: adam, learning_rate: 0.001}, metrics: {q: [mae]}}
"""
CHANGES = {
    "an argument": ("{type: Dense, name: q, units: 4,", "{type: Dense, name: q, units: 4, activation: relu,"),
    "an object": ("{type: Dense, name: q, units: 4,", "{type: Dense, name: q, units: 4, kernel_regularizer: l2,"),
    "an object's argument": ("learning_rate: 0.001", "learning_rate: 0.01"),
    "in a nested model": ("name: d, units: 4}", "name: d, units: 4, activation: relu}"),
    "an output of a nested model": ("{h: l.state_h, d: d}", "{h: l.state_c, d: d}"),
    "the layer inside a wrapper": ("layer: {type: Dense, units: 3}", "layer: {type: Dense, units: 3, use_bias: false}"),
    "a rate": ("rate: 0.5", "rate: 0.25"),
    "trainable": ("{type: Dropout, name: drop,", "{type: Dropout, name: drop, trainable: false,"),
    "dtype": ("name: w, layer", "name: w, dtype: float16, layer"),
    "the model's policy": ("vars:", "dtype_policy: mixed_float16\nvars:"),
    "which tensor is which": ("{query: s, value: t}", "{query: t, value: s}"),
    "a call's argument": ("{query: s, value: t}}", "{query: s, value: t}, call: {use_causal_mask: true}}"),
    "an output": ("outputs: [drop, q]", "outputs: [q, drop]"),
    "the outputs' labels": ("outputs: [drop, q]", "outputs: {drop: drop, q: q}"),
    "a shared call": ("{share: q, name: again, from: n.d}", "{share: q, name: again, from: n}"),
    "a port": ("name: t, target_shape: [1, 4], from: n}", "name: t, target_shape: [1, 4], from: n.d}"),
    "a loss": ("loss: mse", "loss: mae"),
    "a metric": ("{q: [mae]}", "{q: [mse]}"),
    "the optimizer": ("type: adam", "type: Nadam"),
}
SAME = {
    "a spelling": ("loss: mse", "loss: {type: MeanSquaredError}"),
    "a default": ("name: d, units: 4}", "name: d, units: 4, activation: null, kernel_initializer: GlorotUniform}"),
    "a default of an object": ("learning_rate: 0.001}", "learning_rate: 0.001, beta_1: 0.9}"),
    "a value": ("layer: {type: Dense, units: 3}", "layer: {type: Dense, units: $width}"),
    "defaults": ("vars:", "defaults: {Dense: {use_bias: true}}\nvars:"),
    "the policy's own dtype": ("name: w, layer", "name: w, dtype: float32, layer"),
    "from in words": ("from: {query: s, value: t}", "from: [s, t]"),
}


def data(text: str) -> dict[str, Any]:
    return summary.as_dict(specc.compile(specc.Spec.from_text(text, "spec.yaml")))


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_summary_shows_every_change(old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert data(BASE) != data(BASE.replace(old, new))


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_a_summary_shows_no_spelling(old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert data(BASE) == data(BASE.replace(old, new))


def test_ports_are_named() -> None:
    text = BASE.replace("outputs: [drop, q]", "outputs: [drop, q, n.d]")
    entries = {entry["name"]: entry for entry in data(text)["layers"]}
    assert entries["again"]["inputs"] == ["n.d"]
    assert entries["a"]["from"] == {"query": "s", "value": "t"}
    assert entries["n"]["outputs"] == {"h": "l.state_h", "d": "d"}
    assert [output["from"] for output in data(text)["outputs"]] == ["drop", "q", "n.d"]
