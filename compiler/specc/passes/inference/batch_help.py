"""Helps for a batch axis that is aligned with another axis. Each fix is tried before it is suggested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref, TypedGraph
from specc.layers.base import Layer
from specc.operations.base import Operation
from specc.passes.inference.infer import Inference
from specc.shapes import Tensor

FARTHEST = 20
"""Most layers that are visited on the way back to one that removed an axis."""
LAYERS = {f"ops.{name}": name.capitalize() for name in ("add", "subtract", "multiply", "maximum", "minimum")}
"""The layers that do what an operation does, and add missing axes after the batch axis."""


def axis_help(node: Node) -> str | None:
    """The fix for an operation along the batch axis, which is the default of some."""
    axis = getattr(node.layer, "axis", None)
    return "axis 0 is the batch axis: set axis to another one" if axis == 0 and type(axis) is int else None


def batch_help(graph: TypedGraph, filled: Inference, node: Node) -> str | None:
    """The fixes for an operation whose tensors have their batch axes in different places; None if none is found.

    ``filled`` has the shapes for a batch size that no other axis has.
    """
    if isinstance(node.layer, Layer):
        return _constant_help(graph, node)
    if not isinstance(node.layer, Operation) or not node.layer.broadcasts:
        return None
    return ", or ".join(dict.fromkeys(_fixes(graph, filled, node))) or None


def _constant_help(graph: TypedGraph, node: Node) -> str | None:
    """The fix for a layer, which takes batches only, that takes a constant."""
    constant = next((ref.node for ref in node.refs() if ref.node in graph.graph.constants), None)
    if constant is None:
        return None
    operation = next((operation for operation, layer in LAYERS.items() if layer == node.type), None)
    if operation is not None:
        return f"use {operation}, which takes the constant '{constant}' for each example"
    return (
        f"'{constant}' is a constant and has no batch: add it to zeros that have one, with ops.zeros_like and ops.add"
    )


def _fixes(graph: TypedGraph, filled: Inference, node: Node) -> Iterator[str]:
    rank = max(len(graph.tensor(ref).shape) for ref in node.refs())
    for argument, ref in node.inputs.items():
        if not isinstance(ref, Ref) or not 0 < len(graph.tensor(ref).shape) < rank:
            continue
        path = _path_from_reduction(graph, ref)
        kept = _with_axes_kept(filled, path) if path else None
        if kept is not None and _fits(filled, node, argument, kept):
            yield f"set keepdims: true on '{path[0].name}'"
        tensor = filled.tensors[ref.node][ref.port]
        batch, *sizes = tensor.shape
        ones = [1] * (rank - len(tensor.shape))
        for target in ([*ones, *sizes], [*sizes, *ones]):
            spread = tensor._replace(shape=(batch, *target), mask=None)
            if None not in target and _fits(filled, node, argument, spread):
                yield f"put {{type: Reshape, target_shape: {target}}} after '{ref.node}'"
                if node.type in LAYERS:
                    yield f"use the layer {LAYERS[node.type]}"
                break


def _path_from_reduction(graph: TypedGraph, ref: Ref) -> list[Node]:
    """The path to a tensor from a layer that removed axes and can keep them; empty if there is none."""
    path: list[Node] = []
    for _ in range(FARTHEST):
        node = graph.nodes[ref.node]
        path.insert(0, node)
        if getattr(node.layer, "keepdims", None) is False:
            return path
        refs = list(node.refs())
        if len(refs) != 1 or len(graph.tensors[ref.node]) != 1:
            return []
        (ref,) = refs
    return []


def _with_axes_kept(filled: Inference, path: list[Node]) -> Tensor | None:
    """What comes out at the end of a path whose first layer keeps its axes; None if it cannot."""
    first, *rest = path
    kept = first._replace(layer=first.layer.model_copy(update={"keepdims": True}))
    with suppress(RuleError):
        tensor = kept.layer.infer(kept.call(filled.given(first), filled.policy, filled.models))[0]
        for node in rest:
            (argument,) = node.inputs
            tensor = node.layer.infer(node.call({argument: tensor}, filled.policy, filled.models))[0]
        return tensor
    return None


def _fits(filled: Inference, node: Node, argument: str, tensor: Tensor) -> bool:
    """Whether a node runs with another tensor as an argument, each example separately."""
    given = {**filled.given(node), argument: tensor}
    with suppress(RuleError):
        output = node.layer.infer(node.call(given, filled.policy, filled.models))[0]
        return output.shape.count(tensor.shape[0]) == 1 and output.shape[0] == tensor.shape[0]
    return False
