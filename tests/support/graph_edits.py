"""Random edits of graphs, whose result is known: every name another, layers inserted, removed and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import NamedTuple

from specc.calls import Callee
from specc.diagnostics import Report
from specc.ir import Graph, Instance, NestedModel, Node, Output, Ref, TypedGraph
from specc.layers.regularization import GaussianNoise
from specc.passes.inference.infer import infer
from specc.source import Origin

CHANGES = {
    "units": (7, 96),
    "filters": (7, 96),
    "kernel_size": ((2, 2), (4, 4)),
    "use_bias": (True, False),
    "momentum": (0.5, 0.25),
    "epsilon": (0.5, 0.25),
    "rate": (0.01, 0.02),
    "padding": ("same", "valid"),
}
"""Values that an argument may get; other arguments are not changed."""


class Edited(NamedTuple):
    """An edited graph, and which layer became which; one that was removed is not in it."""

    graph: TypedGraph
    new_of: dict[str, str]


def rename_all(graph: Graph, random: Random) -> tuple[Graph, dict[str, str]]:
    """The graph with another name for every layer and instance, also in nested models."""
    numbers = list(range(len(graph.nodes) + len(graph.instances)))
    random.shuffle(numbers)
    names = {name: f"n{number}" for name, number in zip([*graph.nodes, *graph.instances], numbers, strict=True)}
    names = {name: new for name, new in names.items() if graph.block is None or name not in graph.inputs}
    layers: dict[int, Callee] = {}

    def ref(it: Ref) -> Ref:
        return it._replace(node=names.get(it.node, it.node))

    def node(it: Node) -> Node:
        layer = it.layer
        if isinstance(layer, NestedModel):
            if id(layer) not in layers:
                layers[id(layer)] = NestedModel.of(rename_all(layer.graph, random)[0], layer.name)
            layer = layers[id(layer)]
        return it._replace(
            name=names.get(it.name, it.name),
            layer=layer,
            inputs={
                argument: ref(value) if isinstance(value, Ref) else tuple(map(ref, value))
                for argument, value in it.inputs.items()
            },
            shares=None if it.shares is None else names[it.shares],
            instance=None if it.instance is None else names[it.instance],
            named=True,
        )

    def instance(it: Instance) -> Instance:
        ends = [{name: tuple(map(ref, value)) for name, value in end.items()} for end in (it.inputs, it.outputs)]
        return replace(
            it,
            name=names[it.name],
            inputs=ends[0],
            outputs=ends[1],
            parent=None if it.parent is None else names[it.parent],
            shares=None if it.shares is None else names[it.shares],
        )

    renamed = replace(
        graph,
        nodes={names.get(name, name): node(it) for name, it in graph.nodes.items()},
        instances={names[name]: instance(it) for name, it in graph.instances.items()},
        inputs=tuple(names.get(name, name) for name in graph.inputs),
        outputs=tuple(output._replace(ref=ref(output.ref)) for output in graph.outputs),
    )
    return renamed, {name: names.get(name, name) for name, it in graph.nodes.items() if not it.naming}


def edit(graph: TypedGraph, random: Random, count: int) -> Edited:
    """The graph with every name another and so many random changes; it still compiles."""
    new, new_of = rename_all(graph.graph, random)
    for number in range(count):
        new, new_of = _edit_once(new, new_of, random, number)
    typed = infer(new, Report())
    assert typed is not None
    return Edited(typed, new_of)


def _edit_once(graph: Graph, new_of: dict[str, str], random: Random, number: int) -> tuple[Graph, dict[str, str]]:
    for _ in range(200):
        name = random.choice([it for it in graph.nodes if it not in graph.inputs])
        way: Callable[[Graph, str, Random, int], Graph | None] = random.choice([insert, remove, change])
        new = way(graph, name, random, number)
        if new is not None and infer(new, Report()) is not None:
            return new, {old: it for old, it in new_of.items() if it in new.nodes}
    raise AssertionError("no edit of this graph compiles")


def insert(graph: Graph, name: str, random: Random, number: int) -> Graph | None:
    """A GaussianNoise after a layer, for all that reads it: in place of a removed layer of its type it would be a change."""
    if len(graph.nodes[name].layer.ports(graph.nodes[name].options)) > 1:
        return None
    new = Node(f"inserted{number}", GaussianNoise(stddev=0.1), {"inputs": Ref(name)}, Origin.nowhere())
    edited = _redirect(graph, name, Ref(new.name))
    nodes: dict[str, Node] = {}
    for it in edited.nodes.values():
        nodes[it.name] = it
        if it.name == name:
            nodes[new.name] = new._replace(instance=it.instance)
    return replace(edited, nodes=nodes)


def remove(graph: Graph, name: str, random: Random, number: int) -> Graph | None:
    """Without a layer that reads one tensor; what reads it reads that.

    Not a layer beside an equal one: nobody could say which of them was removed.
    """
    node = graph.nodes[name]
    beside = [graph.nodes[ref.node] for ref in node.refs()]
    beside += [it for it in graph.nodes.values() if any(ref.node == name for ref in it.refs())]
    if any(it.layer == node.layer for it in beside):
        return None
    if len(node.refs()) != 1 or any(name == it.shares for it in graph.nodes.values()):
        return None
    if len(node.layer.ports(node.options)) > 1:
        return None
    edited = _redirect(graph, name, node.refs()[0])
    return replace(edited, nodes={key: it for key, it in edited.nodes.items() if key != name})


def change(graph: Graph, name: str, random: Random, number: int) -> Graph | None:
    """With another value of one argument of a layer."""
    node = graph.nodes[name]
    known = [name for name in CHANGES if isinstance(getattr(node.layer, name, None), type(CHANGES[name][0]))]
    if not known or node.shares is not None or any(name == it.shares for it in graph.nodes.values()):
        return None
    argument = random.choice(known)
    value = random.choice([it for it in CHANGES[argument] if it != getattr(node.layer, argument)])
    layer = node.layer.model_copy(update={argument: value})
    return replace(graph, nodes={**graph.nodes, name: node._replace(layer=layer)})


def _redirect(graph: Graph, name: str, to: Ref) -> Graph:
    def moved(ref: Ref) -> Ref:
        return to if ref.node == name else ref

    def refs(value: Ref | tuple[Ref, ...]) -> Ref | tuple[Ref, ...]:
        return moved(value) if isinstance(value, Ref) else tuple(map(moved, value))

    nodes = {
        key: node._replace(inputs={argument: refs(value) for argument, value in node.inputs.items()})
        for key, node in graph.nodes.items()
    }
    outputs = tuple(Output(output.name, moved(output.ref), output.renamed) for output in graph.outputs)
    instances = {
        key: replace(
            it,
            inputs={argument: tuple(map(moved, given)) for argument, given in it.inputs.items()},
            outputs={port: tuple(map(moved, given)) for port, given in it.outputs.items()},
        )
        for key, it in graph.instances.items()
    }
    return replace(graph, nodes=nodes, outputs=outputs, instances=instances)
