"""What ``freeze`` names, as the arguments that it stands for: ``trainable: false`` of an instance freezes all that is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from specc.backends.python.expressions import Unwritable
from specc.backends.python.facts import Member, path_of
from specc.ir import Instance, Node, Program, TypedGraph
from specc.layers.base import Layer
from specc.source import Path


def with_arguments(graph: TypedGraph, program: Program) -> Program:
    """The program, whose items that are instances of blocks say that they are frozen as a whole."""
    if not program.spec.freeze:
        return program
    states: dict[Path, set[bool]] = {}
    for node in graph.nodes.values():
        top = graph.graph.way_to(node)[0]
        if isinstance(node.layer, Layer) and isinstance(top, Instance) and "trainable" not in top.arguments:
            states.setdefault(path_of(top), set()).add(_is_frozen(node))
    items = [
        item.model_copy(update={"trainable": False})
        if states.get(("layers", index)) == {True} and "trainable" not in item.arguments
        else item
        for index, item in enumerate(program.spec.layers)
    ]
    return replace(program, spec=program.spec.model_copy(update={"layers": tuple(items)}))


def check_equal(members: Iterable[Member], program: Program) -> None:
    """Refuse a layer that is frozen in some of its places by its name, not by an argument of the instance around it."""
    if not program.spec.freeze:
        return
    said = {
        ("layers", index) for index, item in enumerate(program.spec.layers) if item.arguments.get("trainable") is False
    }
    states = set()
    for member in members:
        if isinstance(member.it, Node) and isinstance(member.it.layer, Layer):
            top = member.graph.graph.way_to(member.it)[0]
            by_argument = path_of(top) in said and top is not member.it
            states.add(not by_argument and _is_frozen(member.it))
    if len(states) > 1:
        raise Unwritable("layers that freeze names in some of their places")


def _is_frozen(node: Node) -> bool:
    return node.layer.given().get("trainable") is False
