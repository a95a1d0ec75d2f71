"""Layers that join several tensors but get a single output of one layer."""

from __future__ import annotations

from specc.calls import Argument, Callee
from specc.diagnostics import Report
from specc.ir import Node, Ref, TypedGraph
from specc.passes.advice.walking import node_label, typed_graphs, warn
from specc.passes.implied import Taken, implied


def joins_several(graph: TypedGraph, report: Report) -> None:
    """A layer that joins takes more than the item above it, or than one that is named without a list.

    A name that means the last of several copies, or the first of several outputs, is reported by `warn_of_feeds`.
    """
    for typed in typed_graphs(graph):
        if not any(_joined(layer) for layer in typed.layers):
            continue
        taken = Taken(typed.graph)
        for node in typed.nodes.values():
            ref = _only_one(node)
            if ref is None or not _stands_for_one(typed.graph.nodes[ref.node], node):
                continue
            above = implied(typed.graph, node)
            written = node.origin.at("from").written if node.origin.place.has("from") else None
            if above is not None:
                only, help = f"'{above.taken}', the item directly above it", taken.all_to_join(node)
            elif isinstance(written, str) and not _takes_several(node, written):
                only, help = f"'{written}'", f"list the tensors to join: from: [{written}, ...]"
            else:
                continue
            warn(
                "merge-of-one",
                node,
                report,
                f"{node_label(node)} gets only one tensor: {only}",
                ("from",),
                f"{help}, or remove it",
            )


def _takes_several(node: Node, name: str) -> bool:
    """Whether a name is an input of the node's block that takes several tensors: here one, elsewhere more."""
    place = node.origin.place
    inputs = place._replace(path=(*place.path[:2], "inputs")).written if place.path[0] == "blocks" else None
    return any(isinstance(it, dict) and it.get("name") == name and it.get("many") is True for it in inputs or ())


def _only_one(node: Node) -> Ref | None:
    """The single input of a node that may join any number of tensors, unless something says that it is intended."""
    joined = _joined(node.layer)
    given = node.inputs.get(joined.name) if joined is not None else None
    return given[0] if isinstance(given, tuple) and len(given) == 1 else None


def _joined(layer: Callee) -> Argument | None:
    """The argument that takes any number of tensors, of a layer that joins them."""
    first = next(iter(layer.tensor_arguments()), None)
    return first if first is not None and first.many and first.least <= 1 else None


def _stands_for_one(source: Node, user: Node) -> bool:
    """Whether a node is not a copy of an item, and has one output."""
    further = source.origin.frames[len(user.origin.frames) :]
    copied = any(frame.place.has(key) for frame in further for key in ("repeat", "each"))
    return not copied and len(source.layer.ports(source.options)) == 1
