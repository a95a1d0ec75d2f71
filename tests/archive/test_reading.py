"""What `read_layer` and `read_object` make of what is saved gives the same again, and no more than was given."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from specc import layers, objects
from specc.archive.configs import of_layer, of_object
from specc.archive.reading import read_layer, read_object
from specc.calls import Call, Policy
from specc.diagnostics.problem import RuleError
from specc.layers.base import Layer
from specc.shapes import Tensor
from tests.archive.test_configs import INSIDE, LAYERS, sized
from tests.support.argument_draws import alone, together
from tests.support.object_agreement import REQUIRED, every_class
from tests.support.saved import differences, example_of, no_models


def goes_round(layer: Layer, call: Call | None = None, default: str = "float32") -> dict[str, Any]:
    """The arguments that are read of a layer, of which the same is saved."""
    saved = plain(of_layer(layer, "given", call, no_models))
    read = read_layer(saved, default)
    again, problems = type(layer).parse(read.arguments)
    assert again is not None, (layer, read, problems)
    found = list(differences(plain(of_layer(again, read.name, call, no_models)), saved))
    assert not found, (layer, read, found)
    assert (read.type, read.unread) == (layer.type_name, {})
    return read.arguments


def plain(config: Any) -> Any:
    """As it is read from a file."""
    return json.loads(json.dumps(config))


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer(name: str) -> None:
    cls: Any = layers.find(name)
    base, given, options = example_of(name)
    assert goes_round(base).keys() <= base.given().keys()
    for arguments in alone(cls, base.given()):
        goes_round(cls.parse(arguments)[0])
    if given is None:
        return
    for default in ("float32", "mixed_bfloat16"):
        for arguments in [base.given(), *together(cls, base.given(), 8, Random(name))]:
            layer, _ = cls.parse(arguments)
            call = layer.call(given, options, Policy.named(default))
            with suppress(RuleError):
                layer.infer(call)
                assert goes_round(layer, call, default).keys() <= arguments.keys()


@pytest.mark.parametrize(("item", "shape"), INSIDE)
def test_layers_inside_a_layer(item: dict[str, Any], shape: Any) -> None:
    layer = layers.parse_inner(sized(item))
    assert isinstance(layer, Layer)
    goes_round(layer)
    call = layer.call({layer.tensors[0].name: Tensor(shape)}, {}, Policy.named("mixed_bfloat16"))
    goes_round(layer, call, "mixed_bfloat16")


WRITTEN: list[dict[str, Any]] = [
    {"type": "Dense", "units": 8, "activation": "relu", "dtype": "int8_from_mixed_bfloat16"},
    {"type": "Conv2D", "filters": 8, "kernel_size": 3, "strides": [2, 1], "kernel_regularizer": {"type": "L1", "l1": 0.3}},
    {"type": "MaxPooling2D", "pool_size": 3},
    {"type": "MaxPooling2D", "strides": 3},
    {"type": "ZeroPadding2D", "padding": [1, [0, 2]]},
    {"type": "RandomRotation", "factor": 0.1, "seed": 3},
    {"type": "RandomContrast", "factor": [0.1, 0.3]},
    {"type": "LSTM", "units": 4, "activation": "linear", "recurrent_activation": {"type": "LeakyReLU"}},
    {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 4, "attention_axes": 2},
    {"type": "StringLookup", "vocabulary": ["a", "b"], "output_mode": "multi_hot"},
    {"type": "MelSpectrogram", "fft_length": 64},
    {"type": "TimeDistributed", "layer": "Flatten", "trainable": False},
    {"type": "Bidirectional", "layer": {"type": "GRU", "units": 2, "name": "own"}, "merge_mode": "sum"},
    {"type": "RNN", "cell": [{"type": "LSTMCell", "units": 4}, {"type": "GRUCell", "units": 2}]},
]  # fmt: skip
"""Layers as a person writes them."""


@pytest.mark.parametrize("item", WRITTEN, ids=lambda item: str(item["type"]))
def test_a_layer_is_read_as_it_was_written(item: dict[str, Any]) -> None:
    layer = layers.find(item["type"]).parse({key: value for key, value in item.items() if key != "type"})[0]  # type: ignore[union-attr]
    assert isinstance(layer, Layer)
    read = read_layer(plain(of_layer(layer, "lstm_3", None, no_models)))
    assert {"type": read.type, **read.arguments} == item


@pytest.mark.parametrize(("kind", "cls"), every_class())
def test_an_object(kind: str, cls: Any) -> None:
    base = REQUIRED.get(cls.__name__, {})
    for arguments in [base, *alone(cls, base), *together(cls, base, 8, Random(cls.__name__))]:
        made, _ = cls.parse(arguments)
        saved = plain(of_object(made))
        read = read_object(saved)
        again = objects.resolve(kind, objects.parse(kind, read))
        assert again is not None
        assert plain(of_object(again)) == saved, (made, read)
        if isinstance(read, dict) and kind not in ("optimizer", "schedule"):
            assert read.keys() <= {"type", *arguments}
