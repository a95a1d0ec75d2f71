"""Arguments as plain data are equal where Keras's configurations are, and differ where those do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from specc import layers
from specc.backends import keras_model
from specc.backends.configuration import configuration
from specc.frontend.read import read_text
from specc.layers.base import Layer
from specc.operations.base import Operation
from tests.support.graphs import layer as made

# -- In one form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("type", "arguments", "expected"), [
    ("Dense", {"units": 3, "use_bias": True, "bias_initializer": "zeros", "name": "d"}, {"units": 3}),
    ("Dense", {"units": 3, "activation": "swish", "kernel_initializer": {"type": "he_normal", "seed": 1}}, {"units": 3, "activation": {"type": "silu"}, "kernel_initializer": {"type": "HeNormal", "seed": 1}}),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "strides": [1, 1], "data_format": "channels_last"}, {"filters": 2, "kernel_size": [3, 3]}),
    ("TimeDistributed", {"layer": {"type": "Dense", "units": 2, "use_bias": True}}, {"layer": {"type": "Dense", "units": 2}}),
    ("Input", {"shape": [3], "dtype": "float32"}, {"shape": [3]}), ("Dense", {"units": 3, "dtype": "float16"}, {"dtype": "float16", "units": 3}),
])  # fmt: skip
def test_what_differs_from_keras_s_defaults(type: str, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    assert configuration(made(type, **arguments)) == expected


def test_a_dtype_is_left_out_where_the_policy_says_it() -> None:
    dense = made("Dense", units=3, dtype="float16")
    assert configuration(dense, "float16") == {"units": 3}
    assert configuration(made("Dense", units=3), "float16") == {"units": 3}


# -- As Keras says ---------------------------------------------------------------------------------

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
