"""Every operation's own example against Keras, so that a new operation is compared before it has a test of its own.

What specc infers for an open batch is what Keras announces; what it infers for a batch of 2 and of 3 is what a model gives
that predicts and is differentiated.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import yaml

import specc
from specc import TypedGraph, operations
from specc.backends.keras_model import realize
from specc.ir import Ref
from specc.operations.base import Operation
from specc.shapes import Tensor
from tests.support.layer_agreement import keras_input
from tests.support.operation_agreement import keras_function
from tests.support.operation_running import step

BATCHES = (2, 3)


def example(name: str, batch: int | None) -> TypedGraph:
    """The typed graph of an operation's example, its open batch filled with a size if one is given."""
    cls = operations.find(name)
    assert cls is not None
    spec = yaml.safe_load(cls.example)
    for item in spec["layers"]:
        if isinstance(item, dict) and item["type"] == "Input":
            shape = [None, *item.pop("shape")] if "shape" in item else item["batch_shape"]
            item["batch_shape"] = [batch if dim is None else dim for dim in shape]
    return specc.compile(spec)


def announced(graph: TypedGraph) -> dict[str, list[Any]]:
    """What Keras gives for the Inputs and the operations of a graph, each in turn."""
    found: dict[str, list[Any]] = {}
    for name, node in graph.nodes.items():
        if not isinstance(node.layer, Operation):
            found[name] = [keras_input(graph.tensors[name][0])]
            continue
        tensors = {
            argument: found[value.node][value.port]
            if isinstance(value, Ref)
            else [found[ref.node][ref.port] for ref in value]
            for argument, value in node.inputs.items()
        }
        positional, keywords = map(realize, node.layer.call_arguments(tensors))
        result = keras_function(type(node.layer))(*positional, **keywords)
        found[name] = list(result) if isinstance(result, list | tuple) else [result]
    return found


def data(tensor: Tensor) -> Any:
    return tf.cast(np.random.default_rng(0).uniform(1, 2, tensor.shape), tensor.dtype)


MISNAMED = {"ops.polar", "ops.eig"}
"""Operations whose results Keras announces as real numbers, and computes as complex ones."""

Seen = list[tuple[tuple[int | None, ...], str]]
"""Shapes and dtypes."""


def said(graph: TypedGraph, omitted: Collection[str] = ()) -> Seen:
    return [(it.shape, it.dtype) for name, tensors in graph.tensors.items() if name not in omitted for it in tensors]


def seen(tensors: list[Any]) -> Seen:
    return [(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype)) for tensor in tensors]


def assert_fits(said: Seen, seen: Seen, where: str) -> None:
    """Fail unless the dtypes are equal, and the sizes where they are known: counts depend on the data."""
    for (known, dtype), (shape, computed) in zip(said, seen, strict=True):
        filled = tuple(size if dim is None else dim for dim, size in zip(known, shape, strict=True))
        assert (filled, dtype) == (shape, computed), where


@pytest.mark.parametrize("name", operations.names())
def test_the_example_of_an_operation_is_what_keras_makes_of_it(name: str) -> None:
    graph, cls = example(name, None), operations.find(name)
    assert cls is not None
    assert name in {node.type for node in graph.nodes.values()}
    found = announced(graph)
    dtypes = slice(1 if name in MISNAMED else 2)
    outputs = [tensor for tensors in found.values() for tensor in tensors]
    assert [it[dtypes] for it in said(graph)] == [it[dtypes] for it in seen(outputs)], "what Keras announces"
    constants = graph.graph.constants  # Keras computes them at once
    outputs = [tensor for name, tensors in found.items() if name not in constants for tensor in tensors]
    inputs = [found[name][0] for name in graph.inputs]
    function = keras.Function(inputs, outputs)
    run = tf.function(
        lambda *given: step(function, given) if cls.graded else (function(list(given)), []),
        input_signature=[tf.TensorSpec(x.shape, x.dtype) for x in inputs],
        autograph=False,
    )
    for batch in BATCHES:
        sized = example(name, batch)
        results, _ = run(*map(data, sized.inputs.values()))
        assert_fits(said(sized, constants), seen(results), f"what a model gives for a batch of {batch}")
