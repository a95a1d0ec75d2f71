"""Layers that give the same output for every input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import prod
from typing import Any

from specc.calls import Callee
from specc.diagnostics import Report
from specc.ir import Node, TypedGraph
from specc.passes.advice.walking import calls_of, node_label, warn
from specc.shapes import Shape

_FRACTIONS = {"softmax": "1", "log_softmax": "0", "sparsemax": "1"}
"""Activations that distribute one along the last axis, with what they give if that axis has one value."""
_OPERATIONS = {f"ops.{name}": value for name, value in _FRACTIONS.items()}
_KINDS = frozenset({"Softmax", "LayerNormalization", *_OPERATIONS})
_ARGUMENTS = ("activation", "recurrent_activation")


def depends_on_its_input(graph: TypedGraph, report: Report) -> None:
    """A softmax has more than one value to choose from, and a normalization more than one to compare."""
    for typed, node in calls_of(graph, _may_be_constant):
        if node.shares is not None:
            continue
        for path, value, help in _constants(node, typed):
            message = (
                f"{node_label(node)} always gives {value}, whatever the input: its {path[-1]} is over one value only"
            )
            warn("constant-output", node, report, message, path, help)


def _may_be_constant(layer: Callee) -> bool:
    """Whether a layer, or one inside, has a softmax or normalizes: most do neither, and are skipped."""
    if layer.type_name in _KINDS:
        return True
    for inner in layer.with_inner():
        for argument in _activation_arguments(type(inner)):
            if activation_name(getattr(inner, argument)) in _FRACTIONS:
                return True
    return False


@cache
def _activation_arguments(cls: type[Callee]) -> tuple[str, ...]:
    return tuple(name for name in _ARGUMENTS if name in cls.model_fields)


def _constants(node: Node, graph: TypedGraph) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Where in a layer the constant comes from, its value, and the help."""
    layer = node.layer
    shape = graph.tensors[node.name][0].shape
    if layer.type_name == "Softmax" or layer.type_name in _OPERATIONS:
        axis = getattr(layer, "axis", -1)
        if _is_one(shape, axis):
            value = _OPERATIONS.get(layer.type_name, "1")
            yield ("axis",), value, "give it an axis of 2 values or more, or use a sigmoid"
    elif layer.type_name == "LayerNormalization":
        if _is_one(shape, getattr(layer, "axis", -1)):
            yield (
                ("axis",),
                "its beta" if getattr(layer, "center", False) else "0",
                "normalize over an axis of 2 values or more",
            )
    else:
        yield from _activations(layer, (), shape)


def _activations(
    layer: Callee, path: tuple[str, ...], shape: Shape | None
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The activations of a layer, and of the layers inside, that choose from one value."""
    for argument in _ARGUMENTS:
        name = activation_name(getattr(layer, argument, None))
        if name in _FRACTIONS and _width(layer, shape) == 1:
            yield (*path, argument), _FRACTIONS[name], f"set {argument} to sigmoid, or units to 2 or more"
    for name in layer.inner_layers():
        inner = getattr(layer, name, None)
        if isinstance(inner, Callee):
            yield from _activations(inner, (*path, name), None if _is_recurrent(inner) else shape)


def activation_name(activation: Any) -> str | None:
    """The name of an activation function, however it is written."""
    if isinstance(activation, Callee):
        return activation.type_name.lower()
    return activation if isinstance(activation, str) else None


def _width(layer: Callee, shape: Shape | None) -> Any:
    """How many values an activation of the layer sees on the last axis."""
    if _is_recurrent(layer) or shape is None:
        return getattr(layer, "units", None) or getattr(layer, "filters", None)
    return shape[-1] if shape else None


def _is_recurrent(layer: Callee) -> bool:
    return hasattr(layer, "return_sequences")


def _is_one(shape: Shape, axes: int | tuple[int, ...] | None) -> bool:
    """Whether some axes of a shape, None for all of them but the first, together have one value."""
    given = shape[1:] if axes is None else [shape[axis] for axis in ((axes,) if isinstance(axes, int) else axes)]
    return bool(given) and None not in given and prod(dim or 0 for dim in given) == 1
