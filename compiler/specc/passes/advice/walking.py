"""What the rules about a typed graph share: the graphs inside it, and where a node is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from specc.calls import Callee
from specc.diagnostics import Related, Report
from specc.diagnostics.codes import WarningCode
from specc.diagnostics.frames import through
from specc.diagnostics.text_safety import quote_value
from specc.ir import Node, TypedGraph
from specc.source import Path

MOST_NAMED = 5


def typed_graphs(graph: TypedGraph) -> Iterator[TypedGraph]:
    """A graph and its nested models, each with the shapes that Keras builds it for."""
    yield graph
    for inner in graph.models.values():
        yield from typed_graphs(inner)


def calls_of(graph: TypedGraph, is_meant: Callable[[Callee], bool]) -> Iterator[tuple[TypedGraph, Node]]:
    """The calls of some layers, in nested models too; each distinct layer is checked once, since few match."""
    for typed in typed_graphs(graph):
        meant = {id(layer) for layer in typed.layers if is_meant(layer)}
        if meant:
            yield from ((typed, node) for node in typed.nodes.values() if id(node.layer) in meant)


def node_label(node: Node) -> str:
    """A node as messages name it."""
    return f"'{node.name}' ({node.type})"


def warn(
    code: WarningCode, node: Node, report: Report, message: str, path: Path, help: str, related: Iterable[Related] = ()
) -> None:
    """Warn of a node, at the path in its item if that is written, else at the item."""
    place = node.origin.at(*path) if path and node.origin.place.has(path[0]) else node.origin.place
    report.warning(code, message, place, help=help, related=[*related, *through(node.origin.frames)])


def listed(nodes: list[Node]) -> str:
    """The names of nodes, up to a limit."""
    return ", ".join(quote_value(node.name) for node in nodes[:MOST_NAMED]) + (
        ", ..." if len(nodes) > MOST_NAMED else ""
    )
