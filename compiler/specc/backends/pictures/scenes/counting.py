"""How many layers and parameters there are, and how many of these are frozen, nested models included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from specc.calls import Callee
from specc.ir import NestedModel, Node, TypedGraph


@dataclass(frozen=True, slots=True)
class Count:
    """Layers and parameters of a layer, a block instance or a model."""

    layers: int = 0
    params: int = 0
    """Those of a shared layer are counted at its first call only."""
    frozen_params: int = 0
    """Those that ``trainable: false`` keeps unchanged; moving statistics are not trained either, but not frozen."""
    is_frozen: bool = False
    """Whether it has weights, be it shared ones, and all are frozen."""


class _Sum:
    def __init__(self) -> None:
        self.layers = self.params = self.frozen_params = 0
        self.any = self.all = False
        self._seen: set[str] = set()

    def add(self, first: str, count: Count, has_weights: bool) -> None:
        """``first`` is the first call of the layer: a layer that is called twice is one layer."""
        if first not in self._seen:
            self._seen.add(first)
            self.layers += count.layers
        self.params += count.params
        self.frozen_params += count.frozen_params
        if has_weights:
            self.all = count.is_frozen and (self.all or not self.any)
            self.any = True

    @property
    def count(self) -> Count:
        return Count(self.layers, self.params, self.frozen_params, self.any and self.all)


class Counts:
    """The counts of one graph: of each node, of each block instance, and of all."""

    def __init__(self, graph: TypedGraph) -> None:
        self._graph = graph
        self.inside = {name: Counts(graph.models[layer]) for name, layer in _models(graph)}
        """Of the nested models, by the node that calls each first."""
        self.nodes: dict[str, Count] = {}
        sums: dict[str, _Sum] = {}
        total = _Sum()
        for name, node in graph.nodes.items():
            count = self.nodes[name] = self._of(node)
            first = first_call(graph, node)
            has_weights = bool(graph.weights[first])
            total.add(first, count, has_weights)
            for instance in graph.graph.around(node):
                sums.setdefault(instance.name, _Sum()).add(first, count, has_weights)
        self.all = total.count
        self.instances = {name: sum_.count for name, sum_ in sums.items()}

    def _of(self, node: Node) -> Count:
        graph, first = self._graph, first_call(self._graph, node)
        own = node.shares is None
        if first in self.inside:
            inner = self.inside[first].all
            return Count(inner.layers, inner.params * own, inner.frozen_params * own, inner.is_frozen)
        weights = graph.weights[first]
        kept = sum(prod(it.shape) for it in weights if not it.trainable) if _has_frozen(graph, node.layer) else 0
        params = sum(prod(it.shape) for it in weights)
        layers = int(node.type != "Input" and not node.naming and node.name not in graph.graph.constants)
        return Count(layers, params * own, kept * own, bool(weights) and kept == params)


def first_call(graph: TypedGraph, node: Node) -> str:
    """The name of the node that calls a node's layer first."""
    while node.shares is not None:
        node = graph.nodes[node.shares]
    return node.name


def _models(graph: TypedGraph) -> Iterator[tuple[str, NestedModel]]:
    for name, node in graph.nodes.items():
        if isinstance(node.layer, NestedModel) and node.shares is None:
            yield name, node.layer


def _has_frozen(graph: TypedGraph, layer: Callee) -> bool:
    """Whether ``trainable: false`` stands at a layer, or at one inside it."""
    for inner in layer.with_inner():
        if inner.frozen:
            return True
        if isinstance(inner, NestedModel) and inner in graph.models:
            model = graph.models[inner]
            if any(_has_frozen(model, node.layer) for node in model.nodes.values()):
                return True
    return False
