"""Runs operations as ``predict`` and ``fit`` do: in a graph in which open sizes stay open, on two sizes of each, with gradients.

What check accepts without a warning must run so, in the shapes and dtypes that it said; what it refuses must not.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

import specc
from specc.operations.base import Operation
from specc.shapes import Tensor, is_float
from tests.support.layer_agreement import keras_input
from tests.support.operation_agreement import Inputs, by_argument, keras_function, operation

FILLS = ((2, 12), (3, 24))
"""Two batches, and two sizes of whatever else is open."""


def sound(name: str, inputs: Any, arguments: dict[str, Any] | None = None) -> str:
    """What check says of an operation, in a word; AssertionError where Keras runs otherwise."""
    cls, arguments = operation(name), arguments or {}
    tensors = by_argument(cls, inputs)
    made, problems = cls.parse(arguments)
    assert made is not None, f"{name} {arguments}: {problems}"
    spec = as_spec(name, tensors, arguments)
    found = specc.check(spec)
    where = f"ops.{name}({arguments}) on {tensors}"
    if any(it.severity == "error" for it in found):
        why = why_not(made, tensors, None)
        assert why, f"{where} runs, and specc says {found[0].message}"
        return "refused"
    graph = specc.compile(spec)
    said = graph.tensors["o"]
    why = why_not(made, tensors, said)
    assert not why or found, f"{where} is {[(it.shape, it.dtype) for it in said]} and does not run: {why}"
    return "warned" if found else "accepted"


def as_spec(name: str, tensors: Inputs, arguments: dict[str, Any]) -> dict[str, Any]:
    """A spec that applies an operation to Inputs."""
    items: list[dict[str, Any]] = []
    wires: dict[str, Any] = {}
    for argument, value in tensors.items():
        names = []
        for index, tensor in enumerate(value if isinstance(value, list) else [value]):
            names.append(f"{argument}_{index}")
            items.append({"type": "Input", "name": names[-1], "batch_shape": list(tensor.shape), "dtype": tensor.dtype})
        wires[argument] = names if isinstance(value, list) else names[0]
    return {"layers": [*items, {"type": f"ops.{name}", "name": "o", "from": wires, **arguments}]}


def why_not(made: Operation, tensors: Inputs, said: tuple[Tensor, ...] | None) -> str:
    """Why an operation does not run, or gives another tensor than was said; empty where it does both."""
    try:
        symbolic = {
            name: [keras_input(x) for x in value] if isinstance(value, list) else keras_input(value)
            for name, value in tensors.items()
        }
        positional, keywords = made.call_arguments(symbolic)
        result = keras_function(type(made))(*positional, **keywords)
        given = keras.tree.flatten(symbolic)
        function = keras.Function(given, result)
        run = tf.function(
            lambda *data: step(function, data) if made.graded else (keras.tree.flatten(function(list(data))), []),
            input_signature=[tf.TensorSpec(x.shape, x.dtype) for x in given],
            autograph=False,
        )
        for fill in FILLS:
            outputs, _ = run(*(_data(x, *fill) for x in given))
            for output, one in zip(outputs, said or (), strict=bool(said)):
                shape = tuple(output.shape)
                fits = len(shape) == len(one.shape) and all(
                    b in (None, a) for a, b in zip(shape, one.shape, strict=True)
                )
                if not fits or output.dtype.name != one.dtype:
                    return f"gives {shape} {output.dtype.name}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def step(function: Any, data: tuple[Any, ...]) -> Any:
    """The outputs, and the gradients of their sum."""
    with tf.GradientTape() as tape:
        trained = [x for x in data if is_float(x.dtype.name)]
        tape.watch(trained)
        outputs = keras.tree.flatten(function(list(data)))
        loss = sum(tf.reduce_sum(tf.cast(x, "float32")) for x in outputs if is_float(x.dtype.name))
    return outputs, tape.gradient(loss, trained) if trained and tf.is_tensor(loss) else []


def _data(tensor: Any, batch: int, size: int) -> Any:
    shape = tuple((size if axis else batch) if dim is None else dim for axis, dim in enumerate(tensor.shape))
    if tensor.dtype == "string":
        return tf.fill(shape, "a")
    return tf.cast(tf.constant(np.random.default_rng(0).uniform(1, 2, shape)), tensor.dtype)
