"""What to write where the batch axis of a tensor lies over another axis. Each mend is tried before it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref, TypedGraph
from specc.layers.base import Layer
from specc.layers.operation import Operation
from specc.passes.infer import Inference
from specc.shapes import Shape, Tensor

FARTHEST = 20
"""Layers that are looked at on the way back to one that took an axis away."""
LAYERS = {f"ops.{name}": name.capitalize() for name in ("add", "subtract", "multiply", "maximum", "minimum")}
"""The layers that do what an operation does, and add missing axes behind the batch axis."""


def batch_help(graph: TypedGraph, filled: Inference, node: Node, passes: Callable[[TypedGraph], bool]) -> str | None:
    """The mends of a node that some batch sizes do not pass; None where there is none to be found.

    ``filled`` has the shapes for such a batch size; ``passes`` tells whether it passes in a graph that is changed.
    """
    if isinstance(node.layer, Operation) and node.layer.broadcasts:
        mends = list(dict.fromkeys(_mends(graph, filled, node, passes)))
        if mends:
            return ", or ".join(mends)
    axis = getattr(node.layer, "axis", None)
    return "axis 0 is the batch axis: set axis to another one" if axis == 0 and type(axis) is int else None


def _mends(graph: TypedGraph, filled: Inference, node: Node, passes: Callable[[TypedGraph], bool]) -> Iterator[str]:
    rank = max(len(graph.tensor(ref).shape) for ref in node.refs())
    for argument, ref in node.inputs.items():
        if not isinstance(ref, Ref) or len(graph.tensor(ref).shape) == rank:
            continue
        reducer = _reducer(graph, ref)
        if reducer is not None and passes(_with_layer(graph, reducer, keepdims=True)):
            yield f"set keepdims: true on '{reducer.name}'"
        target = _spread(filled, node, argument, rank)
        if target is not None:
            yield f"put {{type: Reshape, target_shape: {list(target)}}} behind '{ref.node}'"
            if node.type in LAYERS and len(node.inputs) > 1:
                yield f"use the layer {LAYERS[node.type]}"


def _reducer(graph: TypedGraph, ref: Ref) -> Node | None:
    """What took axes away from a tensor and can keep them: on the way back from it, as long as that does not fork."""
    for _ in range(FARTHEST):
        node = graph.nodes[ref.node]
        if getattr(node.layer, "keepdims", None) is False and node.shares is None:
            return node
        refs = list(node.refs())
        if len(refs) != 1:
            return None
        (ref,) = refs
    return None


def _with_layer(graph: TypedGraph, node: Node, **arguments: object) -> TypedGraph:
    """The graph with other arguments of one layer."""
    layer: Layer = node.layer.model_copy(update=arguments)
    nodes = {**graph.nodes, node.name: replace(node, layer=layer)}
    return replace(graph, graph=replace(graph.graph, nodes=nodes))


def _spread(filled: Inference, node: Node, argument: str, rank: int) -> tuple[int, ...] | None:
    """The target_shape with which a tensor has the rank of the others, its batch axis first; None where it does not fit then."""
    given = filled.given(node)
    tensor = given[argument]
    assert isinstance(tensor, Tensor)
    batch, *sizes = tensor.shape
    ones = (1,) * (rank - len(tensor.shape))
    targets: list[Shape] = [(*ones, *sizes), (*sizes, *ones)]
    for target in targets:
        whole = tensor._replace(shape=(batch, *target), mask=None)
        with suppress(RuleError):
            node.layer.infer(node.layer.call({**given, argument: whole}, node.options, filled.policy))
            if None not in target:
                return tuple(dim for dim in target if dim is not None)
    return None
