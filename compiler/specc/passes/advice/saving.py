"""What changes when Keras loads a model from a file."""

from __future__ import annotations

from collections.abc import Iterator

from specc.diagnostics import Report
from specc.ir import Graph, NestedModel, Node, TypedGraph
from specc.passes.advice.walking import listed, warn
from specc.passes.depth import depth
from specc.passes.verify import nested_graphs

DEEPEST = 900
"""Layers in a row that Keras loads within Python's usual limit of 1,000 calls.

It needs a call for each of them and about 20 more; the rest is left to its caller: notebooks and tests have many."""
CALLS_A_NESTED_MODEL = 4
"""Calls that Keras needs to get from a model to one of its layers."""


def loads_in_keras(graph: TypedGraph, report: Report) -> None:
    """Keras can load the model's file without help."""
    calls, layers, deep = max(_calls(graph.graph), key=lambda found: found[0])
    if calls <= DEEPEST:
        return
    whole = deep is graph.graph
    which = "the model" if whole else f"the nested model '{deep.name}'"
    remedy = (
        f"call sys.setrecursionlimit({calls // 1000 + 2}000) before keras.models.load_model; specc.build does so itself"
    )
    if whole and graph.form == "sequential":
        remedy = f"build it with --form functional, since Keras loads a long Sequential model very slowly, and {remedy}"
    report.warning(
        "deep-model",
        f"{which} is {layers:,} layers deep, too deep for Keras to load its file within Python's usual recursion limit",
        deep.origin.at("layers", part="key"),
        help=remedy,
    )


def stays_frozen(graph: TypedGraph, report: Report) -> None:
    """Frozen layers are still frozen after Keras has loaded them from a file."""
    if not any(cls.ctor_ignores_trainable or cls is NestedModel for cls in graph.layer_classes):
        return
    thawed = list(_thawed(graph.graph, around=False))
    if thawed:
        message = f"Keras trains the frozen {listed(thawed)} again once it has loaded the model from a file"
        help = "set trainable to False again on what keras.models.load_model gives; specc.build keeps it frozen"
        warn("frozen-layer", thawed[0], report, message, ("trainable",), help)


def _thawed(graph: Graph, around: bool) -> Iterator[Node]:
    """Frozen layers, and layers inside frozen ones, whose constructor in Keras forgets that."""
    for node in graph.nodes.values():
        if node.shares is None:
            frozen = around or node.layer.frozen
            for layer in node.layer.with_inner():
                if isinstance(layer, NestedModel):
                    yield from _thawed(layer.graph, frozen)
                elif frozen and layer.ctor_ignores_trainable:
                    yield node


def _calls(graph: Graph, above: int = 0) -> Iterator[tuple[int, int, Graph]]:
    """The nested calls that Keras needs for a graph and for each nested model in it; and the depth of each."""
    layers = depth(graph)
    yield above + layers, layers, graph
    for inner in nested_graphs(graph):
        yield from _calls(inner, above + CALLS_A_NESTED_MODEL)
