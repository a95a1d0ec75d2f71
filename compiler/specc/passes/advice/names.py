"""Names that TensorFlow cannot use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from specc.diagnostics import Related, Report
from specc.diagnostics.text_safety import quote_value
from specc.ir import Graph, Node, TypedGraph
from specc.layers.core import Input
from specc.passes.advice.walking import listed, warn
from specc.passes.verify import nested_graphs

_ROOT_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]*")
_SCOPE = re.compile(r"[A-Za-z0-9_.>-]+")
"""What ``tf.name_scope`` accepts outside of all scopes, and inside of one."""


def runs_in_tensorflow(graph: TypedGraph, report: Report) -> None:
    """TensorFlow accepts the names as scopes, in which it computes a layer or the model."""
    if not _ROOT_SCOPE.fullmatch(graph.name):
        report.warning(
            "name-for-tensorflow",
            f"{quote_value(graph.name)} is not a model name that TensorFlow can run: predict and fit will fail",
            graph.graph.origin.at("name"),
            help="begin it with an ASCII letter or digit; further characters are ASCII letters, digits, '_' and '-'",
        )
    wrong = [
        node
        for inner in _graphs(graph.graph)
        if _has_misnamed(inner)
        for node in inner.nodes.values()
        if _is_misnamed(node)
    ]
    if wrong:
        message = f"TensorFlow cannot run a layer named {listed(wrong)}: predict and fit will fail"
        help = "use ASCII letters, digits, '_' and '-' only"
        warn("name-for-tensorflow", wrong[0], report, message, ("name",), help)


def _has_misnamed(graph: Graph) -> bool:
    """Whether a name has a character that no scope accepts; all names are checked at once."""
    return _SCOPE.fullmatch("".join(graph.nodes)) is None


def _is_misnamed(node: Node) -> bool:
    return node.layer.allowed_in_sequential and not isinstance(node.layer, Input) and not _SCOPE.fullmatch(node.name)


def _graphs(graph: Graph) -> Iterator[Graph]:
    yield graph
    for inner in nested_graphs(graph):
        yield from _graphs(inner)


def inputs_are_apart(graph: TypedGraph, report: Report) -> None:
    """No two inputs have names that TensorFlow, in a SavedModel, takes for one."""
    for alike in (str.lower, _parameter):
        seen: dict[str, Node] = {}
        for name in graph.graph.inputs:
            node = graph.nodes[name]
            first = seen.setdefault(alike(name), node)
            if first is not node:
                report.warning(
                    "name-for-tensorflow",
                    f"TensorFlow cannot tell the inputs {quote_value(first.name)} and {quote_value(name)} apart: no SavedModel can be written",
                    node.origin.at("name"),
                    help="give one of the two a name that differs in more than case or punctuation",
                    related=[Related("the other", first.origin.at("name"))],
                )


def _parameter(name: str) -> str:
    """An input's name as the parameter of a function of TensorFlow. TensorFlow: ``sanitize_arg_name``.

    >>> _parameter("a-b"), _parameter("1")
    ('a_b', 'arg_1')
    """
    swapped = "".join(char if char.isalnum() else "_" for char in name)
    return swapped if swapped[:1].isalpha() else f"arg_{swapped}"
