"""What `read_layer` and `read_object` make of what is saved gives the same again, and no more than was given."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import Any

import keras
import pytest
from keras.src.saving.serialization_lib import serialize_keras_object

from specc import layers, objects
from specc.archive.reading.layers import read_input, read_layer, read_object
from specc.archive.writing.configs import of_layer, of_object
from specc.calls import Call, Policy
from specc.diagnostics.problem import ProblemsError, RuleError
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.shapes import Tensor
from tests.archive.writing.test_configs import INSIDE, LAYERS, sized
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
    assert read.type == layer.type_name
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
    {"type": "Bidirectional", "layer": {"type": "GRU", "name": "own", "units": 2, "return_sequences": True}},
    {"type": "RNN", "cell": [{"type": "LSTMCell", "units": 4}, {"type": "GRUCell", "units": 2}]},
]  # fmt: skip
"""Layers as a person writes them."""


@pytest.mark.parametrize("item", WRITTEN, ids=lambda item: str(item["type"]))
def test_a_layer_is_read_as_it_was_written(item: dict[str, Any]) -> None:
    layer = layers.find(item["type"]).parse({key: value for key, value in item.items() if key != "type"})[0]  # type: ignore[union-attr]
    assert isinstance(layer, Layer)
    read = read_layer(plain(of_layer(layer, "lstm_3", None, no_models)))
    assert list({"type": read.type, **read.arguments}.items()) == list(item.items())


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


DENSE = {"module": "keras.layers", "class_name": "Dense", "registered_name": None}
WRONG: list[tuple[dict[str, Any], str, tuple[Any, ...]]] = [
    ({**DENSE, "class_name": "Mine", "module": "mine", "config": {}}, 'unknown layer "Mine" of "mine"', ("class_name",)),
    ({**DENSE, "registered_name": "a>Dense", "config": {}}, 'unknown layer "a>Dense" of "keras.layers"', ("class_name",)),
    ({**DENSE, "class_name": ["Dense"]}, 'unknown layer ["Dense"] of "keras.layers"', ("class_name",)),
    ({**DENSE, "class_name": "ops.add"}, 'unknown layer "ops.add" of "keras.layers"', ("class_name",)),
    (DENSE, "must be a map, not null", ("config",)),
    ({**DENSE, "config": {"kernel_initializer": {"module": "keras.initializers", "class_name": "No", "config": {}}}},
     'unknown initializer "No"', ("config", "kernel_initializer", "class_name")),
    ({**DENSE, "config": {"bias_regularizer": {"module": "mine", "class_name": "L1", "config": {}, "registered_name": "a>L1"}}},
     'unknown layer "a>L1" of "mine"', ("config", "bias_regularizer", "class_name")),
    ({**DENSE, "config": {"activation": {"module": "builtins", "class_name": "function", "config": "f"}}},
     'unknown function "f"', ("config", "activation", "class_name")),
    ({**DENSE, "class_name": "RNN", "config": {"cell": [DENSE]}}, "must be a map, not null",
     ("config", "cell", 0, "config")),
    ({**DENSE, "class_name": "RNN", "config": {"cell": 3}}, "must be a layer, not 3", ("config", "cell")),
    ({**DENSE, "config": {"units": "many"}}, 'units must be a positive integer, not "many"', ("config", "units")),
    ({**DENSE, "config": {"units": 3, "built": True}}, 'Dense has no argument "built"', ("config", "built")),
    ({**DENSE, "config": {"units": 3, "kernel_regularizer": {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": -1}}}},
     "l2 must be a number of 0 or more or null, not -1", ("config", "kernel_regularizer", "config", "l2")),
    ({**DENSE, "config": {"units": 3, "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {"a": 1}}}},
     'Zeros has no argument "a"', ("config", "bias_initializer", "config", "a")),
]  # fmt: skip
"""What is no layer of Keras's: what is said, and where."""


@pytest.mark.parametrize(("saved", "message", "path"), WRONG)
def test_what_is_wrong_in_a_file(saved: dict[str, Any], message: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_layer(saved)
    (problem,) = caught.value.problems
    assert (problem.message, problem.path) == (message, path)


def test_what_another_version_of_keras_saves() -> None:
    older = {**DENSE, "config": {"name": "a", "units": 3, "dtype": "float32", "note": None}}
    assert read_layer(older)[:3] == ("Dense", "a", {"units": 3})
    moot = {**DENSE, "class_name": "RandomRotation", "config": {"name": "r", "factor": 0.5, "value_range": [0, 255]}}
    assert read_layer(moot)[:3] == ("RandomRotation", "r", {"factor": 0.5})
    keras_2 = {
        "class_name": "Dense",
        "config": {
            "units": 3,
            "dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}},
            "activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.5}},
            "kernel_initializer": {"class_name": "HeNormal", "config": {"seed": None}},
            "bias_initializer": {"class_name": "Zeros", "config": {}},
        },
    }
    assert read_layer(keras_2, "mixed_float16").arguments == {
        "units": 3,
        "activation": {"type": "LeakyReLU", "negative_slope": 0.5},
        "kernel_initializer": "he_normal",
    }
    unfit = {**DENSE, "config": {"name": "a", "units": 3}, "build_config": {"shapes_dict": ["x"], "input_shape": [-1]}}
    assert read_layer(unfit).arguments == {"units": 3}


def test_an_input() -> None:
    cases: list[tuple[tuple[int | None, ...], dict[str, Any], dict[str, Any]]] = [
        ((None, 3), {}, {"shape": [3]}),
        (
            (2, None),
            {"dtype": "int64", "sparse": True},
            {"shape": [None], "batch_size": 2, "dtype": "int64", "sparse": True},
        ),
        ((None,), {"dtype": "string", "optional": True}, {"shape": [], "dtype": "string", "optional": True}),
        ((None, None), {"ragged": True}, {"shape": [None], "ragged": True}),
    ]
    for shape, options, read in cases:
        layer = keras.layers.InputLayer(batch_shape=shape, name="x", **options)
        assert read_input(plain(serialize_keras_object(layer)))[:3] == ("Input", "x", read)
        assert Input.parse(read)[0] is not None
    with pytest.raises(ProblemsError, match="must be a list of sizes, not null"):
        read_input({"config": {}})


def test_a_model_inside_a_layer() -> None:
    inside = {"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "f"}}
    saved = {**DENSE, "class_name": "TimeDistributed", "config": {"name": "t", "layer": inside}}
    read = read_layer(saved, models=lambda model: (model["config"]["name"],))
    assert read.arguments == {"layer": ("f",)}
    assert read.layer is None
    with pytest.raises(ProblemsError, match='unknown layer "Functional"'):
        read_layer(saved)
