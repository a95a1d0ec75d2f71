"""Every operation's own example against Keras, so that a new operation is compared before it has a test of its own.

What specc infers for an open batch is what Keras announces, and what it infers for two sizes of the batch is what the
function gives when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import yaml

import specc
from specc import TypedGraph, operations
from specc.ir import Ref
from specc.operations.base import Operation
from specc.shapes import Tensor
from tests.support.layer_agreement import keras_input
from tests.support.operation_agreement import keras_function

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


def computed(graph: TypedGraph, given: Callable[[Tensor], Any]) -> dict[str, list[Any]]:
    """What Keras's functions give for each operation of a graph; ``given`` makes what stands for an Input."""
    found: dict[str, list[Any]] = {}
    for name, node in graph.nodes.items():
        if not isinstance(node.layer, Operation):
            found[name] = [given(graph.tensors[name][0])]
            continue
        tensors = {
            argument: found[value.node][value.port]
            if isinstance(value, Ref)
            else [found[ref.node][ref.port] for ref in value]
            for argument, value in node.inputs.items()
        }
        positional, keywords = node.layer.call_arguments(tensors)
        result = keras_function(type(node.layer))(*positional, **keywords)
        found[name] = list(result) if isinstance(result, list | tuple) else [result]
    return found


def data(tensor: Tensor) -> Any:
    return keras.ops.cast(np.ones(tensor.shape), tensor.dtype)


def said(graph: TypedGraph, name: str) -> list[tuple[tuple[int | None, ...], str]]:
    return [(tensor.shape, tensor.dtype) for tensor in graph.tensors[name]]


def gives(tensors: list[Any]) -> list[tuple[tuple[int | None, ...], str]]:
    return [(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype)) for tensor in tensors]


@pytest.mark.parametrize("name", operations.names())
def test_the_example_of_an_operation_is_what_keras_makes_of_it(name: str) -> None:
    graph = example(name, None)
    assert name in {node.type for node in graph.nodes.values()}
    for node, tensors in computed(graph, keras_input).items():
        assert said(graph, node) == gives(tensors), "what Keras announces"
    for batch in BATCHES:
        sized = example(name, batch)
        for node, tensors in computed(sized, data).items():
            assert said(sized, node) == gives(tensors), f"what Keras computes for a batch of {batch}"
