"""What layers caution against themselves."""

from __future__ import annotations

from specc.diagnostics import Report
from specc.diagnostics.problem import about
from specc.ir import TypedGraph
from specc.layers.base import Layer, Policy
from specc.passes.advice.walking import typed_graphs, who
from specc.passes.scopes import through


def runs_as_meant(graph: TypedGraph, report: Report) -> None:
    """What the layers themselves caution against, those of nested models too."""
    policy = Policy.named(graph.graph.dtype_policy)
    for typed in typed_graphs(graph):
        trained: set[str] = set()
        for name in typed.order:
            node = typed.nodes[name]
            follows = any(ref.node in trained for ref in node.refs())
            if follows or any(weight.trainable for weight in typed.weights[name]):
                trained.add(name)
            if type(node.layer).cautions is Layer.cautions:
                continue
            call = node.layer.call(typed.given(node), node.options, policy)
            call.passes_gradients = follows
            for problem in node.layer.cautions(call):
                report.warning(
                    problem.code,
                    about(who(node), problem.message),
                    node.origin.at(*problem.path, part=problem.part)
                    if problem.path and node.origin.place.has(problem.path[0])
                    else node.origin.place,
                    help=problem.help,
                    related=through(node.origin.frames),
                )
