"""What a function of ``keras.ops`` becomes in a model: an operation of a class, and the arguments of its call.

That it is so for every function is compared with Keras in test_file.
"""

from __future__ import annotations

from typing import Any

import pytest

from specc import layers
from specc.archive.writing.operations import Config, made_by, symbolic
from specc.operations.base import Operation

X, Y = "the tensor x", "the tensor y"
MADE: list[tuple[str, dict[str, Any], Config, list[Any], dict[str, Any]]] = [
    ("ops.add", {"x1": X, "x2": 2.0}, Config("keras.src.ops.numpy", "Add", {}), [X, 2.0], {}),
    ("ops.concatenate", {"xs": [X, Y], "axis": 1}, Config("keras.src.ops.numpy", "Concatenate", {"axis": 1}), [[X, Y]], {}),
    ("ops.einsum", {"subscripts": "ij,jk->ik", "operands": [X, Y]},
     Config("keras.src.ops.numpy", "Einsum", {"subscripts": "ij,jk->ik"}), [X, Y], {}),
    ("ops.cast", {"x": X, "dtype": "int32"}, Config("keras.src.ops.core", "Cast", {"dtype": "int32"}), [X], {}),
    ("ops.max_pool", {"inputs": X, "pool_size": 2, "padding": "SAME"},
     Config("keras.src.ops.nn", "MaxPool", {"pool_size": 2, "strides": None, "padding": "same", "data_format": "channels_last"}),
     [X], {}),
    ("ops.where", {"condition": X, "x1": Y, "x2": 0}, Config("keras.src.ops.numpy", "Where", {}), [X, Y, 0], {}),
    ("ops.clip", {"x": X, "x_min": 0, "x_max": 1}, Config("keras.src.ops.numpy", "Clip", {"x_min": 0, "x_max": 1}), [X], {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "config", "positional", "named"), MADE, ids=[row[0] for row in MADE])
def test_what_a_function_makes(
    name: str, values: dict[str, Any], config: Config, positional: list[Any], named: dict[str, Any]
) -> None:
    assert made_by(name, values) == (config, positional, named)


def operation(name: str, **arguments: Any) -> Operation:
    found, problems = layers.find(name).parse(arguments)  # type: ignore[union-attr]
    assert isinstance(found, Operation), problems
    return found


def test_what_an_operation_of_a_spec_makes() -> None:
    pool = operation("ops.max_pool", pool_size=[2, 3], padding="same")
    config = {"pool_size": (2, 3), "strides": None, "padding": "same", "data_format": "channels_last"}
    assert symbolic(pool, {"inputs": X}) == (Config("keras.src.ops.nn", "MaxPool", config), [X], {})
    part = operation("ops.get_item", key=["...", 0, "1:3"])
    assert symbolic(part, {"x": X}) == (Config("keras.src.ops.numpy", "GetItem", {}), [X, (..., 0, slice(1, 3))], {})
    blurred = operation("ops.image.gaussian_blur")  # Keras makes tuples of what it is given
    saved = {"kernel_size": (3, 3), "sigma": (1.0, 1.0), "data_format": None}
    assert symbolic(blurred, {"images": X}) == (Config("keras.src.ops.image", "GaussianBlur", saved), [X], {})
