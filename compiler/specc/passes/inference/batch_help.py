"""What to write where the batch axis of a tensor lies over another axis. Each mend is tried before it is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref, TypedGraph
from specc.operations.base import Operation
from specc.passes.inference.infer import Inference
from specc.shapes import Tensor

FARTHEST = 20
"""Layers that are looked at on the way back to one that took an axis away."""
LAYERS = {f"ops.{name}": name.capitalize() for name in ("add", "subtract", "multiply", "maximum", "minimum")}
"""The layers that do what an operation does, and add missing axes behind the batch axis."""


def axis_help(node: Node) -> str | None:
    """The mend of an operation along the batch axis, which is the default of some."""
    axis = getattr(node.layer, "axis", None)
    return "axis 0 is the batch axis: set axis to another one" if axis == 0 and type(axis) is int else None


def batch_help(graph: TypedGraph, filled: Inference, node: Node) -> str | None:
    """The mends of an operation whose tensors have their batch axes in different places; None where none is found.

    ``filled`` has the shapes for a batch size of which there is no other axis.
    """
    if not isinstance(node.layer, Operation) or not node.layer.broadcasts:
        return None
    return ", or ".join(dict.fromkeys(_mends(graph, filled, node))) or None


def _mends(graph: TypedGraph, filled: Inference, node: Node) -> Iterator[str]:
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
                yield f"put {{type: Reshape, target_shape: {target}}} behind '{ref.node}'"
                if node.type in LAYERS:
                    yield f"use the layer {LAYERS[node.type]}"
                break


def _path_from_reduction(graph: TypedGraph, ref: Ref) -> list[Node]:
    """What leads to a tensor from a layer that took axes away and can keep them; empty where there is none."""
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
    """What comes out at the end of a path whose first layer keeps its axes; None where it cannot."""
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
    """Whether a node runs with another tensor as an argument, each example for itself."""
    given = {**filled.given(node), argument: tensor}
    with suppress(RuleError):
        output = node.layer.infer(node.call(given, filled.policy, filled.models))[0]
        return output.shape.count(tensor.shape[0]) == 1 and output.shape[0] == tensor.shape[0]
    return False
