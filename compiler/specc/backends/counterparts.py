"""Keras's objects for the classes of plugins: where they are, what they raise, and whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from specc.arguments import Arguments
from specc.arguments.plugged import PluginError
from specc.calls import Callee
from specc.ir import Node, TypedGraph
from specc.shapes import show_shape

Keras = Any
_OF_KERAS = re.compile(r"Exception encountered when calling .*|\x1b\[\d+m")
"""What Keras puts around the message of an error."""


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
    """PluginError for whatever an object of a plugin raises, or what has one inside; the errors of Keras's own pass."""
    try:
        yield
    except PluginError:
        raise
    except Exception as error:
        inside = value.with_inner() if isinstance(value, Callee) else (value,)
        plugged = next((each for each in inside if each.imported_from), None)
        if plugged is None:
            raise
        text = _OF_KERAS.sub("", str(error)).strip().split("\n", 1)[0]
        said = f"{type(error).__name__}: {text}"
        raise PluginError(
            f"{_own_name(plugged)} of the plugin's module {plugged.imported_from} fails: {said}"
        ) from error


def need_one_operation(node: Node, given: list[Keras], output: Keras) -> None:
    """PluginError if a plugin's function makes more operations than the one that gets the node's name."""
    made = output._keras_history
    inputs = made.operation._inbound_nodes[made.node_index].input_tensors
    if not all(any(tensor is one for one in given) for tensor in inputs):
        raise PluginError(
            f"{_own_name(node.layer)} of the plugin's module {node.layer.imported_from} must be one keras.Operation, "
            "not a function of several"
        )


def check_agreement(
    graph: TypedGraph, node: Node, given: list[Keras], outputs: list[Keras], layer: Keras | None
) -> None:
    """PluginError if what Keras makes of a node is not what the plugin's class says; ``layer`` is new, or None.

    What it gives is compared if it is given what specc says: Keras says float32 for the sum of integers, which stay such.
    """
    if _described([graph.tensor(ref) for ref in node.refs()]) == _described(given):
        _agree(node, "gives", _described(graph.tensors[node.name]), _described(outputs))
    if layer is not None:
        _agree(node, "has weights", _described(graph.weights[node.name]), _described(layer.weights))


def _described(tensors: Iterable[Any]) -> list[tuple[str, str]]:
    return [(show_shape(tuple(it.shape)), getattr(it.dtype, "name", it.dtype)) for it in tensors]


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
