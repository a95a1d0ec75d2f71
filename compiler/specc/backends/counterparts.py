"""Keras's objects for the classes of plugins: where they are, what they raise, and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from specc.arguments import Arguments
from specc.arguments.plugged import PluginError
from specc.ir import Node, TypedGraph
from specc.shapes import show_shape

Keras = Any


def counterpart(value: Arguments) -> Keras:
    """The class or function that a plugin's module has for an object of the spec."""
    name = _own_name(value)
    with blaming_plugin(value):
        module = import_module(value.imported_from)
    found = getattr(module, name, None)
    if found is None:
        raise PluginError(f"the plugin's module {value.imported_from} has no {name}; define it there for Keras")
    return found


@contextmanager
def blaming_plugin(value: Arguments) -> Iterator[None]:
    """PluginError for whatever an object of a plugin raises; the errors of Keras's own pass."""
    try:
        yield
    except PluginError:
        raise
    except Exception as error:
        if not value.imported_from:
            raise
        said = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        raise PluginError(f"{_own_name(value)} of the plugin's module {value.imported_from} fails: {said}") from error


def need_one_operation(node: Node, given: list[Keras], output: Keras) -> None:
    """PluginError if a plugin's function makes more operations than the one that gets the node's name."""
    made = output._keras_history
    inputs = made.operation._inbound_nodes[made.node_index].input_tensors
    if not all(any(tensor is one for one in given) for tensor in inputs):
        raise PluginError(
            f"{_own_name(node.layer)} of the plugin's module {node.layer.imported_from} must be one keras.Operation, "
            "not a function of several"
        )


def check_agreement(graph: TypedGraph, node: Node, outputs: tuple[Keras, ...], layer: Keras | None) -> None:
    """PluginError if what Keras makes of a node is not what the plugin's class says; ``layer`` is new, or None."""
    said = [(show_shape(tensor.shape), tensor.dtype) for tensor in graph.tensors[node.name]]
    _agree(node, "gives", said, [(show_shape(tuple(it.shape)), it.dtype) for it in outputs])
    if layer is not None:
        weights = [(show_shape(weight.shape), weight.dtype) for weight in graph.weights[node.name]]
        _agree(node, "has weights", weights, [(show_shape(tuple(it.shape)), it.dtype) for it in layer.weights])


def _agree(node: Node, does: str, said: list[tuple[str, str]], made: list[tuple[str, str]]) -> None:
    if said != made:
        raise PluginError(
            f"{_own_name(node.layer)} of the plugin's module {node.layer.imported_from} {does} {_listed(made)}, "
            f"where its class for specc says {_listed(said)} ('{node.name}')"
        )


def _listed(found: list[tuple[str, str]]) -> str:
    return ", ".join(f"{shape} {dtype}" for shape, dtype in found) or "none"


def _own_name(value: Arguments) -> str:
    """The name in the plugin's module: that of an operation is without the "ops." of its type."""
    return value.keras_name().removeprefix("ops.")
