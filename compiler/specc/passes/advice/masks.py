"""Masks that are lost before the layer that would have used them."""

from __future__ import annotations

from specc.diagnostics import Related, Report
from specc.ir import Node, Ref, TypedGraph
from specc.passes.advice.walking import node_label, typed_graphs, warn

_USERS = frozenset(
    {
        "Bidirectional",
        "MultiHeadAttention",
        "GroupQueryAttention",
        "Attention",
        "AdditiveAttention",
        "GlobalAveragePooling1D",
    }
)
"""Layers, besides the recurrent ones, that compute differently if a mask hides steps."""
_LAYERS = {
    **{
        f"ops.{name}": name.capitalize()
        for name in ("add", "subtract", "multiply", "maximum", "minimum", "concatenate")
    },
    **{
        f"ops.{name}": f"{{type: Activation, activation: {name}}}"
        for name in ("relu", "sigmoid", "tanh", "gelu", "silu", "elu", "selu", "softplus", "leaky_relu", "hard_sigmoid")
    },
    "ops.softmax": "Softmax",
    "ops.copy": "Identity",
}
"""Operations that are layers, too; no operation passes a mask on."""


def masks_arrive(graph: TypedGraph, report: Report) -> None:
    """A mask reaches the layers that would use it, unless the time axis ends before them."""
    for typed in typed_graphs(graph):
        distinct = {id(tensors): tensors for tensors in typed.tensors.values()}.values()
        if any(tensor.mask is not None for tensors in distinct for tensor in tensors):
            _follow(typed, report)


def _follow(graph: TypedGraph, report: Report) -> None:
    ends: dict[str, Node] = {}
    """Nodes after the end of a mask, as long as the steps are there, with the node where it ended."""
    sources: dict[str, Node] = {}
    """Where the mask of a node's first output comes from."""
    for name in graph.order:
        node = graph.nodes[name]
        output = graph.tensors[name][0]
        if output.mask is not None:
            sources[name] = next((sources[ref.node] for ref in node.refs() if ref.node in sources), node)
            continue
        masked = _masked(node, graph)
        end = node if masked else next((ends[ref.node] for ref in node.refs() if ref.node in ends), None)
        if end is None or (masked and _is_user(node)):
            continue
        if masked:
            sources[name] = sources.get(masked[0].node, graph.nodes[masked[0].node])
        elif _is_user(node) and not any("mask" in argument for argument in node.inputs):
            _warn(end, node, sources[end.name], graph, report)
            continue
        if _has_steps(graph, end, output.shape):
            ends[name] = end


def _is_user(node: Node) -> bool:
    """Whether a layer computes differently if a mask hides steps."""
    return hasattr(node.layer, "return_sequences") or node.type in _USERS


def _masked(node: Node, graph: TypedGraph) -> list[Ref]:
    """The inputs of a node that have a mask."""
    return [ref for ref in node.refs() if graph.tensor(ref).mask is not None]


def _has_steps(graph: TypedGraph, end: Node, shape: tuple[int | None, ...]) -> bool:
    """Whether a tensor has the steps that the mask was for."""
    mask = graph.tensor(_masked(end, graph)[0]).mask
    return mask is not None and len(mask) > 1 and len(shape) > 2 and shape[1] == mask[1]


def _warn(end: Node, missing: Node, source: Node, graph: TypedGraph, report: Report) -> None:
    bare = [ref.node for ref in end.refs() if graph.tensor(ref).mask is None]
    merges = end.layer.allowed_in_sequential and end.layer.tensor_arguments()[0].many
    why = f"since '{bare[0]}' has none" if bare and merges else "which does not pass it on"
    masks = [it.name for it in missing.layer.tensor_arguments() if it.name.endswith("mask")]
    argument = "value_mask" if "value_mask" in masks else next(iter(masks), "mask")
    help = f"give '{missing.name}' a mask under 'from', as {argument}; or let '{source.name}' make none"
    if not bare and end.type in _LAYERS:
        help = f"write {_LAYERS[end.type]} instead of {end.type}: the layer passes the mask on"
    warn(
        "lost-mask",
        end,
        report,
        f"the mask of '{source.name}' ends at {node_label(end)}, {why}: {node_label(missing)} treats the masked steps as data",
        (),
        help,
        [Related("the mask comes from here", source.origin.place), Related("would use it", missing.origin.place)],
    )
