# ruff: noqa: RUF001 - the signs of merges
"""What each layer is drawn as."""

from __future__ import annotations

from typing import Any

import pytest

from specc import layers, operations
from specc.backends.pictures.scenes.families import family, is_merge, symbol
from specc.calls import Callee
from tests.support.graphs import layer

LSTM = {"type": "LSTM", "units": 2}
CONV = {"type": "Conv2D", "filters": 2, "kernel_size": 3}
DEEP = {"type": "Bidirectional", "layer": {**LSTM, "return_sequences": True}}


@pytest.mark.parametrize(("type", "arguments", "expected"), [
    ("SeparableConv2D", {"filters": 2, "kernel_size": 3}, "conv"), ("Conv1DTranspose", {"filters": 2, "kernel_size": 3}, "conv"),
    ("GlobalMaxPooling2D", {}, "pool"), ("Flatten", {}, "pool"), ("UpSampling2D", {}, "pool"), ("Dense", {"units": 1}, "dense"),
    ("Embedding", {"input_dim": 2, "output_dim": 2}, "dense"), ("RMSNormalization", {}, "norm"), ("Concatenate", {}, "merge"),
    ("GRU", {"units": 2}, "sequence"), ("ConvLSTM2D", {"filters": 2, "kernel_size": 3}, "sequence"), ("RNN", {"cell": {"type": "GRUCell", "units": 2}}, "sequence"),
    ("MultiHeadAttention", {"num_heads": 1, "key_dim": 1}, "sequence"), ("Dropout", {"rate": 0.5}, "other"), ("Resizing", {"height": 2, "width": 2}, "other"),
    ("Bidirectional", {"layer": LSTM}, "sequence"), ("TimeDistributed", {"layer": CONV}, "conv"), ("TimeDistributed", {"layer": DEEP}, "sequence"),
    ("SpectralNormalization", {"layer": CONV}, "conv"),
])  # fmt: skip
def test_the_family_of_a_wrapper_is_that_of_the_layer_inside(
    type: str, arguments: dict[str, Any], expected: str
) -> None:
    assert family(layer(type, **arguments)) == expected


def test_merges() -> None:
    made: dict[str, Callee] = {
        name: layer(name)
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Flatten")
    }
    made["Dot"] = layer("Dot", axes=1)
    for name in ("add", "subtract", "stack", "matmul"):
        cls = operations.find(f"ops.{name}")
        assert cls is not None
        made[name], _ = cls.parse({})  # type: ignore[assignment]
    assert {name: symbol(it) for name, it in made.items() if symbol(it)} == {
        "Add": "+", "Multiply": "×", "Average": "Ø", "Maximum": "∨", "Minimum": "∧", "Concatenate": "∥", "Dot": "·", "add": "+",
    }  # fmt: skip
    assert [name for name, it in made.items() if is_merge(it) and not symbol(it)] == ["Subtract", "subtract", "stack"]


def test_every_module_of_layers_that_a_family_names_is_there() -> None:
    found = {family(cls.model_construct()) for name in layers.names() if (cls := layers.find(name)) is not None}
    assert found == {"conv", "pool", "dense", "norm", "merge", "sequence", "other"}
