"""What ``freeze`` names, as the arguments that it stands for: ``trainable: false`` of an instance freezes all that is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.facts import Facts, Member, arguments_of, inner_graphs, models_in, path_of
from specc.ir import Node, Program, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.source import Path


def with_arguments(graph: TypedGraph, program: Program) -> Program:
    """The program, whose items that are instances of blocks say that they are frozen as a whole."""
    if not program.spec.freeze:
        return program
    states: dict[Path, set[bool]] = {}
    for node in graph.nodes.values():
        top = graph.graph.way_to(node)[0]
        inside = [it for model in models_in(node) for it in _nodes_in(graph.models[model])] if top is node else [node]
        if inside and "trainable" not in arguments_of(Member(graph, top)):
            states.setdefault(path_of(top), set()).update(_is_frozen(it) for it in inside if _is_own(it))
    items = [
        item.model_copy(update={"trainable": False})
        if states.get(("layers", index)) == {True} and "trainable" not in item.arguments
        else item
        for index, item in enumerate(program.spec.layers)
    ]
    return replace(program, spec=program.spec.model_copy(update={"layers": tuple(items)}))


def _nodes_in(graph: TypedGraph) -> Iterator[Node]:
    for each in [graph, *inner_graphs(graph)]:
        yield from each.nodes.values()


def check_equal(members: Iterable[Member], facts: Facts) -> None:
    """Refuse a layer that is frozen in some of its places by its name, not by an argument of the instance around it."""
    program = facts.program
    if not program.spec.freeze:
        return
    said = {
        ("layers", index) for index, item in enumerate(program.spec.layers) if item.arguments.get("trainable") is False
    }
    states = set()
    for member in members:
        if isinstance(member.it, Node) and _is_own(member.it):
            top = facts.outermost(member)
            by_argument = path_of(top) in said and top is not member.it
            states.add(not by_argument and _is_frozen(member.it))
    if len(states) > 1:
        raise Unwritable("layers that freeze names in some of their places")


def _is_own(node: Node) -> bool:
    """Whether a node is a layer of the item that it was made from, which may call that of another."""
    written: Any = node.origin.place.document.data
    for step in path_of(node):
        written = written[step]
    calls_another = isinstance(written, dict) and "share" in written
    return isinstance(node.layer, Layer) and not isinstance(node.layer, Input) and not calls_another


def _is_frozen(node: Node) -> bool:
    return node.layer.given().get("trainable") is False
