"""What is sound and may still surprise: warnings about a TypedGraph. One function a rule, listed in `ADVICE`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from specc.diagnostics import Report
from specc.diagnostics.problem import about
from specc.diagnostics.text_safety import show
from specc.ir import Graph, Node, TypedGraph
from specc.layers.base import Layer, Policy
from specc.layers.core import Input
from specc.layers.nested import NestedModel
from specc.passes.depth import depth
from specc.passes.scopes import through
from specc.passes.verify import nested_graphs

DEEPEST = 900
"""Layers in a row that Keras loads within Python's usual limit of 1,000 calls.

It needs a call for each of them and about 20 more; the rest is for its caller, of which a notebook or a test has many."""
CALLS_A_NESTED_MODEL = 4
"""Calls that Keras needs to get from a model to one among its layers."""
MOST_NAMED = 5
_ROOT_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]*")
_SCOPE = re.compile(r"[A-Za-z0-9_.>-]+")
"""What ``tf.name_scope`` takes outside of all scopes, and inside of one."""


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


def runs_in_tensorflow(graph: TypedGraph, report: Report) -> None:
    """TensorFlow takes the names: as scopes, into which it puts what a layer or the model computes."""
    if not _ROOT_SCOPE.fullmatch(graph.name):
        report.warning(
            "name-for-tensorflow",
            f"{show(graph.name)} is no name of a model that TensorFlow can run: predict and fit will fail",
            graph.graph.origin.at("name"),
            help="begin it with an ASCII letter or digit; further characters are ASCII letters, digits, '_' and '-'",
        )
    wrong = [node for inner in _graphs(graph.graph) for node in inner.nodes.values() if _is_misnamed(node)]
    if wrong:
        report.warning(
            "name-for-tensorflow",
            f"TensorFlow cannot run a layer named {_listed(wrong)}: predict and fit will fail",
            wrong[0].origin.at("name"),
            help="use ASCII letters, digits, '_' and '-' only",
            related=through(wrong[0].origin.frames),
        )


def stays_frozen(graph: TypedGraph, report: Report) -> None:
    """Keras reads what is frozen back from a file as frozen."""
    thawed = list(_thawed(graph.graph, around=False))
    if thawed:
        report.warning(
            "frozen-layer",
            f"Keras trains the frozen {_listed(thawed)} again once it has loaded the model from a file",
            thawed[0].origin.at("trainable"),
            help="set trainable to False again on what keras.models.load_model gives; specc.build keeps it frozen",
            related=through(thawed[0].origin.frames),
        )


def runs_as_meant(graph: TypedGraph, report: Report) -> None:
    """What the layers themselves caution against, those of nested models too."""
    policy = Policy.named(graph.graph.dtype_policy)
    for typed in _typed_graphs(graph):
        for node in typed.nodes.values():
            if type(node.layer).cautions is Layer.cautions:
                continue
            call = node.layer.call(typed.given(node), node.options, policy)
            for problem in node.layer.cautions(call):
                report.warning(
                    problem.code,
                    about(f"'{node.name}' ({node.type})", problem.message),
                    node.origin.at(*problem.path, part=problem.part)
                    if problem.path and node.origin.place.has(problem.path[0])
                    else node.origin.place,
                    help=problem.help,
                    related=through(node.origin.frames),
                )


def _typed_graphs(graph: TypedGraph) -> Iterator[TypedGraph]:
    """A graph and those of the nested models in it, each with the shapes that Keras builds it for."""
    yield graph
    for node in graph.nodes.values():
        if node.shares is None:
            for layer in node.layer.with_inner():
                if isinstance(layer, NestedModel) and layer.typed is not None:
                    yield from _typed_graphs(layer.typed)


def _thawed(graph: Graph, around: bool) -> Iterator[Node]:
    """What is frozen, or stands in what is, and has a layer whose constructor in Keras forgets that."""
    for node in graph.nodes.values():
        if node.shares is None:
            frozen = around or not node.layer.trainable
            for layer in node.layer.with_inner():
                if isinstance(layer, NestedModel):
                    yield from _thawed(layer.graph, frozen)
                elif frozen and layer.thaws:
                    yield node


def _listed(nodes: list[Node]) -> str:
    return ", ".join(show(node.name) for node in nodes[:MOST_NAMED]) + (", ..." if len(nodes) > MOST_NAMED else "")


def _is_misnamed(node: Node) -> bool:
    return node.layer.stacks and not isinstance(node.layer, Input) and not _SCOPE.fullmatch(node.name)


def _graphs(graph: Graph) -> Iterator[Graph]:
    yield graph
    for inner in nested_graphs(graph):
        yield from _graphs(inner)


def _calls(graph: Graph, above: int = 0) -> Iterator[tuple[int, Graph]]:
    """The calls within one another that Keras needs for a graph and for each of the nested models in it."""
    yield above + depth(graph), graph
    for inner in nested_graphs(graph):
        yield from _calls(inner, above + CALLS_A_NESTED_MODEL)


ADVICE: tuple[Callable[[TypedGraph, Report], None], ...] = (
    loads_in_keras,
    runs_in_tensorflow,
    stays_frozen,
    runs_as_meant,
)
