"""Every layer type and every object as Keras's ``get_config`` gives it: with its defaults, and with drawn arguments."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import keras
import pytest
from keras.src.saving.serialization_lib import serialize_keras_object

from specc import layers, objects
from specc.archive.writing.configs import of_object, of_value
from specc.backends.keras_model import realize
from specc.diagnostics.problem import RuleError
from specc.layers.base import Layer
from specc.shapes import Tensor
from tests.support.argument_draws import alone, together
from tests.support.examples import NAMES
from tests.support.object_agreement import REQUIRED, every_class
from tests.support.saved import Given, as_json, both, differences, example_of

LAYERS = [name for name in NAMES if name != "Input"]


def equal(
    layer: Layer, given: Given | None = None, options: dict[str, Any] | None = None, default: str = "float32"
) -> None:
    found = list(differences(*both(layer, given, options or {}, default)))
    assert not found, (layer, found)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_is_not_built(name: str) -> None:
    cls: Any = layers.find(name)
    base = example_of(name).layer.given()
    equal(cls.parse(base)[0])
    for arguments in alone(cls, base):
        equal(cls.parse(arguments)[0])


@pytest.mark.parametrize("name", [name for name in LAYERS if example_of(name).given is not None])
def test_a_layer_that_is_built(name: str) -> None:
    cls: Any = layers.find(name)
    layer, given, options = example_of(name)
    equal(layer, given, options)
    drawn = [(cls.parse(arguments)[0], "float32") for arguments in together(cls, layer.given(), 4, Random(name))]
    for other, default in [(layer, "mixed_bfloat16"), *drawn]:
        with suppress(RuleError):  # it does not fit the input
            equal(other, given, options, default)


@pytest.mark.parametrize("name", ["Dense", "EinsumDense", "Embedding", "Conv2D"])
def test_a_layer_with_lora(name: str) -> None:
    cls: Any = layers.find(name)
    layer, given, options = example_of(name)
    for lora in ({"lora_rank": 2}, {"lora_rank": 2, "lora_alpha": 0.5}):
        adapted, _ = cls.parse({**layer.given(), **lora})
        equal(adapted)
        equal(adapted, given, options)


RELU = {"type": "LeakyReLU", "negative_slope": 0.1}
INSIDE: list[tuple[dict[str, Any], tuple[int | None, ...]]] = [
    ({"type": "TimeDistributed", "layer": {"type": "TimeDistributed", "layer": "Flatten"}}, (None, 2, 3, 4, 5)),
    ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2, "trainable": False, "name": "own"}}, (2, 3, 4)),
    ({"type": "TimeDistributed", "trainable": False, "layer": {"type": "LSTM", "units": 2}}, (None, 2, 3, 4)),
    ({"type": "TimeDistributed", "dtype": "float64", "layer": {"type": "SpatialDropout1D", "rate": 0.5}}, (1, 2, 3, 4)),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 2, "name": "own"}}, (None, 3, 4)),
    ({"type": "Bidirectional", "merge_mode": None, "layer": {"type": "SimpleRNN", "units": 2, "zero_output_for_mask": True},
      "backward_layer": {"type": "GRU", "units": 2, "go_backwards": True, "dtype": "float64"}}, (None, None, 4)),
    ({"type": "Bidirectional", "trainable": False, "layer": {"type": "RNN", "cell": ["LSTMCell", "GRUCell"]}}, (1, 3, 4)),
    ({"type": "Bidirectional", "layer": {"type": "LSTM", "units": 2, "return_sequences": True}}, (None, 3, 4)),
    ({"type": "Bidirectional", "layer": {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2}}, (None, 3, 4, 5)),
    ({"type": "RNN", "cell": {"type": "SimpleRNNCell", "units": 2, "seed": 1}, "stateful": True}, (2, 3, 4)),
    ({"type": "RNN", "cell": [{"type": "StackedRNNCells", "cells": ["LSTMCell"]}, "GRUCell"]}, (None, 3, 4)),
    ({"type": "RNN", "trainable": False, "cell": {"type": "GRUCell", "units": 2, "activation": RELU}}, (None, 3, 4)),
    ({"type": "SpectralNormalization", "layer": {"type": "SpectralNormalization", "layer": "Dense"}}, (None, 4)),
    ({"type": "SpectralNormalization", "layer": {"type": "Embedding", "input_dim": 3, "output_dim": 2}}, (None, 4)),
    ({"type": "Pipeline", "layers": ["RandomFlip", {"type": "Pipeline", "layers": [
        {"type": "Resizing", "height": 2, "width": 2}, {"type": "Rescaling", "scale": 2}]}]}, (None, 4, 4, 3)),
    ({"type": "Pipeline", "trainable": False, "layers": ["Equalization", {"type": "Dense", "dtype": "float64"}]},
     (None, 4, 4, 3)),
]  # fmt: skip
"""Layers inside layers, and the shape of an input; their sizes are added."""


@pytest.mark.parametrize(("item", "shape"), INSIDE)
def test_layers_inside_a_layer(item: dict[str, Any], shape: tuple[int | None, ...]) -> None:
    layer = layers.parse_inner(sized(item))
    assert isinstance(layer, Layer)
    for default in ("float32", "mixed_bfloat16"):
        equal(layer)
        equal(layer, {layer.tensors[0].name: Tensor(shape)}, {}, default)


def sized(value: Any) -> Any:
    """With two units for each layer that needs their number."""
    if isinstance(value, list):
        return [sized(item) for item in value]
    if isinstance(value, str) and value in ("Dense", "LSTMCell", "GRUCell"):
        return {"type": value, "units": 2}
    if not isinstance(value, dict):
        return value
    units = {"units": 2} if value.get("type") == "Dense" else {}
    return units | {key: sized(item) if key != "type" else item for key, item in value.items()}


@pytest.mark.parametrize(("kind", "cls"), every_class())
def test_an_object(kind: str, cls: Any) -> None:
    base = REQUIRED.get(cls.__name__, {})
    for arguments in [base, *alone(cls, base), *together(cls, base, 8, Random(cls.__name__))]:
        made, _ = cls.parse(arguments)
        found = list(differences(as_json(of_object(made)), as_json(serialize_keras_object(realize(made)))))
        assert not found, (made, found)


def test_the_names_of_activations() -> None:
    for name in objects.spellings("activation"):
        assert of_value(name, "activation") == keras.activations.serialize(keras.activations.get(name))
