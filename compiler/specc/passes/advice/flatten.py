"""Images that reach a head unflattened: a Flatten or a global pooling was forgotten."""

from __future__ import annotations

from specc.ir import Node, Ref, TypedGraph
from specc.layers.core import Input
from specc.layers.spatial import Spatial

_EACH_PLACE_ALIKE = frozenset(
    {"Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Dropout", "SpatialDropout2D", "AlphaDropout",
     "GaussianNoise", "GaussianDropout", "BatchNormalization", "LayerNormalization", "Rescaling", "Identity"}
)  # fmt: skip
"""Layers that compute each position of an image separately."""


def unflattened(graph: TypedGraph, ref: Ref) -> tuple[Node, Node] | None:
    """The first Dense on the way to an output that gets an image or a sequence instead of a vector, and the layer that
    gives it: a convolution, a pooling or an Input. None if there is something else between."""
    first = None
    node = graph.nodes[ref.node]
    while node.type in _EACH_PLACE_ALIKE:
        refs = list(node.refs())
        if len(refs) != 1:
            return None
        if node.type == "Dense" and len(graph.tensor(refs[0]).shape) > 2:
            first = node
        node = graph.nodes[refs[0].node]
    return (first, node) if first is not None and isinstance(node.layer, Spatial | Input) else None


def flatten_help(graph: TypedGraph, dense: Node) -> str:
    """A help to put before a Dense that should get a vector."""
    rank = len(graph.tensor(next(iter(dense.refs()))).shape) - 2
    pooling = f" or GlobalAveragePooling{rank}D" if rank <= 3 else ""
    return f"put Flatten{pooling} before '{dense.name}'"
