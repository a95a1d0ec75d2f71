"""Outputs that are computed and not used."""

from __future__ import annotations

from specc.diagnostics import Report
from specc.ir import TypedGraph
from specc.passes.advice.walking import node_label, typed_graphs, warn


def both_directions_are_read(graph: TypedGraph, report: Report) -> None:
    """If the two outputs of a Bidirectional are not merged, something takes each."""
    if "Bidirectional" not in graph.kinds:
        return
    for typed in typed_graphs(graph):
        pairs = [
            node
            for node in typed.nodes.values()
            if node.type == "Bidirectional" and not getattr(node.layer, "merge_mode", None)
        ]
        if not pairs:
            continue
        read = {ref for node in typed.nodes.values() for ref in node.refs()}
        read |= {output.ref for output in typed.graph.outputs}
        for node in pairs:
            dead = [port for index, port in enumerate(node.layer.ports({})[:2]) if (node.name, index) not in read]
            if dead:
                name = node.name.rpartition(".")[2]
                warn(
                    "unused-port",
                    node,
                    report,
                    f"{node_label(node)} gives two separate directions, and nothing takes {' or '.join(map(repr, dead))}; "
                    f"'{name}' alone refers to the first",
                    ("merge_mode",),
                    f"remove merge_mode, or take both: [{name}.forward_output, {name}.backward_output]",
                )
