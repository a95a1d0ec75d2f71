"""What is sound and may still surprise: warnings about a TypedGraph. One function a rule, listed in `ADVICE`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from specc.diagnostics import Report
from specc.ir import Graph, TypedGraph
from specc.passes.depth import depth
from specc.passes.verify import nested_graphs

DEEPEST = 900
"""Layers in a row that Keras loads within Python's usual limit of 1,000 calls.

It needs a call for each of them and about 20 more; the rest is for its caller, of which a notebook or a test has many."""
CALLS_A_NESTED_MODEL = 4
"""Calls that Keras needs to get from a model to one among its layers."""


def advise(graph: TypedGraph, report: Report) -> None:
    """Add the warnings about a graph."""
    for rule in ADVICE:
        rule(graph, report)


def loads_in_keras(graph: TypedGraph, report: Report) -> None:
    """Keras can load the model's file by itself."""
    calls, deep = max(_calls(graph.graph), key=lambda found: found[0])
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
        f"{which} is {depth(deep):,} layers deep, too deep for Keras to load its file within Python's usual recursion limit",
        deep.origin.at("layers", part="key"),
        help=remedy,
    )


def _calls(graph: Graph, above: int = 0) -> Iterator[tuple[int, Graph]]:
    """The calls within one another that Keras needs for a graph and for each of the nested models in it."""
    yield above + depth(graph), graph
    for inner in nested_graphs(graph):
        yield from _calls(inner, above + CALLS_A_NESTED_MODEL)


ADVICE: tuple[Callable[[TypedGraph, Report], None], ...] = (loads_in_keras,)
