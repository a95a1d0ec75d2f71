"""What became of each item of a spec: the nodes and instances of the graph that were made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from specc.backends.python.reading.expressions import Unwritable, value_of
from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.ir import Graph, Instance, NestedModel, Node, Program, Ref, TypedGraph
from specc.source import Path


class Member(NamedTuple):
    """A node or an instance, and the graph that it is in."""

    graph: TypedGraph
    it: Node | Instance

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments of the block that it is a member of."""
        graph: Graph = self.graph.graph
        around = self.it.instance if isinstance(self.it, Node) else self.it.parent
        return graph.arguments if around is None else graph.instances[around].arguments

    @property
    def is_constant(self) -> bool:
        """Whether it, or an output of the instance, is computed when the model is built."""
        nodes = (
            {self.it.name}
            if isinstance(self.it, Node)
            else {ref.node for refs in self.it.outputs.values() for ref in refs}
        )
        return not nodes.isdisjoint(self.graph.graph.constants)

    @property
    def tensors(self) -> Mapping[str, list[None]]:
        """As many values for each input of the block that it is a member of as the input has tensors."""
        around = self.it.instance if isinstance(self.it, Node) else self.it.parent
        inputs = {} if around is None else self.graph.graph.instances[around].inputs
        return {name: [None] * len(refs) for name, refs in inputs.items()}


class Facts:
    """The members of a graph and of the models nested in it, by the item that each was made from."""

    def __init__(self, graph: TypedGraph, program: Program) -> None:
        self.program = program
        self._members: dict[tuple[int, Path], list[Member]] = {}
        self._models: dict[int, Member] = {}
        """The node of each nested model, by the model's graph."""
        for part in [graph, *inner_graphs(graph)]:
            for node in part.graph.nodes.values() if part.models else ():
                for model in models_in(node):
                    self._models.setdefault(id(part.models[model]), Member(part, node))
            members: list[Node | Instance] = [*part.graph.nodes.values(), *part.graph.instances.values()]
            for member in members:
                document = member.origin.place.document
                self._members.setdefault((id(document), path_of(member)), []).append(Member(part, member))

    def of(self, unit: Unit, path: Path) -> list[Member]:
        """What the item at a place became; naming layers after outputs are no item's."""
        found = self._members.get((id(unit.document), path), [])
        return [it for it in found if not (isinstance(it.it, Node) and it.it.naming)]

    def values(self, member: Member, item: Item, unit: Unit) -> dict[str, Any]:
        """The values that an item's arguments had where it became that member."""
        values: dict[str, Any] = {
            **member.tensors,
            **self.program.values[unit],
            **self._values_of_whole(member, unit),
            **member.arguments,
        }
        copy = member.it.copy
        if copy is None:
            return values
        for name, given in lists_of(item).items():
            listed = value_of(given, values)
            if not isinstance(listed, list) or len(listed) != copy.count:
                raise Unwritable("copies whose number is not that of their values")
            values[name] = listed[copy.index]
        return {**values, "index": copy.index}

    def _values_of_whole(self, member: Member, unit: Unit) -> Mapping[str, Any]:
        """The vars of a whole spec that is used as a block, as the instance has them that a member is in."""
        if unit.whole is None:
            return {}
        while path_of(member.it)[0] != "layers" or member.it.origin.place.document is not unit.document:
            member = self._around(member)
        return member.arguments

    def outermost(self, member: Member) -> Node | Instance:
        """The item of the spec itself that a member is in, or is."""
        while _instance_around(member) is not None or id(member.graph) in self._models:
            member = self._around(member)
        return member.it

    def _around(self, member: Member) -> Member:
        """The instance or the node of the nested model that a member is directly in."""
        if (name := _instance_around(member)) is not None:
            return Member(member.graph, member.graph.graph.instances[name])
        return self._models[id(member.graph)]


def _instance_around(member: Member) -> str | None:
    return member.it.instance if isinstance(member.it, Node) else member.it.parent


def inside_of(member: Member, block: str) -> TypedGraph:
    """The graph of the model of a block that a node is or has inside it.

    Unwritable if the inputs of the model have other shapes than those of its first call.
    """
    node = member.it
    assert isinstance(node, Node)
    inside = member.graph.models[next(model for model in models_in(node) if model.block == block)]
    for name, ref in node.inputs.items() if isinstance(node.layer, NestedModel) else ():
        if isinstance(ref, Ref) and inside.tensors[name][0].shape != member.graph.tensor(ref).shape:
            raise Unwritable("a model whose calls have other shapes")
    return inside


def models_in(node: Node) -> Iterator[NestedModel]:
    """The nested models that the layer of a node is or has inside it."""
    return (layer for layer in node.layer.with_inner() if isinstance(layer, NestedModel))


def path_of(member: Node | Instance) -> Path:
    """Where the item is written that a node or an instance was made from."""
    path = member.origin.place.path
    return path[:-1] if path[-1:] == ("formula",) else path


def lists_of(item: Item) -> Mapping[str, Any]:
    """The lists that an item has a copy for each value of, by the names of the values."""
    for given in (item.each, item.repeat):
        if isinstance(given, dict):
            return given
    if isinstance(item.each, str):
        raise Unwritable("copies for a list without a name")
    return {}


def arguments_of(member: Member) -> Mapping[str, Any]:
    """The arguments of an instance of a block, or of a nested model."""
    it = member.it
    if isinstance(it, Instance):
        return it.arguments
    return it.layer.graph.arguments if isinstance(it.layer, NestedModel) else {}


def inner_graphs(graph: TypedGraph) -> Iterator[TypedGraph]:
    """The graphs of the models nested in a graph, at any depth."""
    for inner in graph.models.values():
        yield inner
        yield from inner_graphs(inner)
