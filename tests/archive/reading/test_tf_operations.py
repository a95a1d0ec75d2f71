"""TensorFlow's functions and the operations that stand for them: both compute the same."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from specc.archive.reading import tf_operations
from specc.archive.reading.operations import type_of
from specc.archive.reading.tf_operations import of_function, of_slices

X = np.linspace(0.1, 0.9, 6, dtype="float32").reshape(2, 3)
Y = np.array([[1.5, 0.3, 2], [0.2, 0.6, 7]], "float32")
IS = X > 0.5
GIVEN: dict[str, tuple[Any, dict[str, Any]]] = {
    "clip": (Y, {"clip_value_min": 0.5, "clip_value_max": 1.0}),
    "concatenate": ([X, Y], {"axis": 1}),
    "stack": ([X, Y], {"axis": 1}),
    "reshape": (X, {"shape": [3, 2]}),
    "transpose": (X, {"perm": [1, 0]}),
    "expand_dims": (X, {"axis": 1}),
    "squeeze": (X[None], {"axis": [0]}),
    "cast": (Y, {"dtype": "int32"}),
    "tile": (X, {"multiples": [1, 2]}),
    "flip": (X, {"axis": [1]}),
    "matmul": (X, {"b": Y.T}),
    "logical_not": (IS, {}),
    "logical_and": (IS, {"y": Y > 1}),
    "logical_or": (IS, {"y": Y > 1}),
    "softmax": (X, {}),
    "gelu": (X, {}),
    "leaky_relu": (X - 0.5, {}),
    **{name: (X, {"axis": 1, "keepdims": True}) for name in "mean sum max min prod std var logsumexp".split()},
}
"""The first argument and the others by name; of operations of one tensor or two of one shape, X and Y are enough."""


def function(name: str) -> Any:
    if name.startswith("__operators__."):
        return {"add": tf.add, "eq": tf.equal, "ne": tf.not_equal}[name.partition(".")[2]]
    found: Any = tf
    for part in name.split("."):
        found = getattr(found, part)
    return found


def computed(made: dict[str, Any]) -> Any:
    """What Keras computes with a saved operation."""
    (call,) = made["inbound_nodes"]
    operation = getattr(__import__(made["module"], fromlist=["x"]), made["class_name"])
    config = {key: value for key, value in made["config"].items() if key != "name"}
    return keras.ops.convert_to_numpy(operation(**config).call(*call["args"], **call["kwargs"]))


@pytest.mark.parametrize("name", tf_operations.functions())
def test_a_function_and_its_operation_compute_the_same(name: str) -> None:
    operation, arguments = tf_operations.functions()[name]
    plain = operation.removeprefix("ops.")
    two = len(arguments) > 1 and "x2" in arguments.values()
    first, named = GIVEN.get(plain, (X, {"y": Y} if two else {}))
    made = of_function("a", name, first, {**named, "name": None})
    assert made is not None
    assert type_of(made["module"], made["class_name"]) == operation
    np.testing.assert_allclose(computed(made), function(name)(first, **named).numpy(), rtol=1e-5, atol=1e-6)


def test_what_no_operation_certainly_is() -> None:
    assert of_function("a", "py_function", X, {}) is None
    assert of_function("a", "math.add", X, {}) is None, "an argument is missing"
    assert of_function("a", "linalg.matmul", X, {"b": Y, "transpose_b": True}) is None, "an argument that is not known"
    assert of_function("a", "linalg.matmul", X, {"b": Y.T, "transpose_b": False, "name": "n"}) is not None


def test_slices() -> None:
    spec = [
        {"start": None, "stop": None, "step": None},
        {"start": 1, "stop": 3, "step": None},
        0,
        {"class_name": "__ellipsis__"},
        None,
    ]
    made = of_slices("a", "x", {"slice_spec": spec})
    assert made is not None
    assert type_of(made["module"], made["class_name"]) == "ops.get_item"
    ((first, key),) = [call["args"] for call in made["inbound_nodes"]]
    assert (first, [it["class_name"] if isinstance(it, dict) else it for it in key]) == (
        "x",
        ["__slice__", "__slice__", 0, "__ellipsis__", None],
    )
    alone = of_slices("a", "x", {"slice_spec": 3})
    assert alone is not None
    assert alone["inbound_nodes"] == [{"args": ["x", [3]], "kwargs": {}}]
