"""Labels: small integers that are equal for what is equal in two graphs, whatever its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from specc.arguments import Arguments
from specc.arguments.fields import in_order
from specc.calls import Callee
from specc.ir import NestedModel, Node, Ref, TypedGraph
from specc.ir.graph import refs_of
from specc.layers.core import Input

ANY_ORDER = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum", "ops.add", "ops.multiply"})
"""Layers that give the same for their inputs in any order."""


class Labels:
    """The labels of two graphs and of the models inside them."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}
        self._sides: dict[NestedModel, Side] = {}
        self._contents: dict[int, object] = {}

    def __call__(self, key: object) -> int:
        """The label of a key: equal keys have the same one."""
        return self._known.setdefault(key, len(self._known))

    def inside(self, model: NestedModel, graph: TypedGraph) -> Side:
        """The side of a nested model."""
        if model not in self._sides:
            inner = graph.models[model]
            self._sides[model] = Side(inner, self, {name: index for index, name in enumerate(inner.graph.inputs)})
        return self._sides[model]

    def content(self, node: Node, graph: TypedGraph, marks: Mapping[str, object]) -> int:
        """Equal for layers that compute the same: type, arguments, call arguments."""
        layer = node.layer
        if isinstance(layer, Input):
            tensor = graph.tensors[node.name][0]
            return self(("Input", tensor.shape, tensor.dtype, tensor.sparse, tensor.ragged, marks.get(node.name)))
        if id(layer) not in self._contents:  # equal layers of a graph are one object
            self._contents[id(layer)] = self.plain(layer, graph)
        return self((self._contents[id(layer)], self.plain(node.options, graph), node.shares is not None))

    def plain(self, value: Any, graph: TypedGraph) -> object:
        """A value in a form that can be compared: the names of layers inside do not count."""
        if isinstance(value, NestedModel):
            return ("model", self.inside(value, graph).structure)
        if isinstance(value, Arguments):
            return (value.keras_name(), *((name, self.plain(it, graph)) for name, it in arguments(value).items()))
        if isinstance(value, Mapping):
            return tuple((name, self.plain(it, graph)) for name, it in sorted(value.items()))
        if isinstance(value, list | tuple):
            return tuple(self.plain(it, graph) for it in value)
        return (type(value).__name__, value) if isinstance(value, bool) else value


def arguments(value: Arguments) -> dict[str, Any]:
    """All arguments but the name, in Keras's order."""
    return {name: getattr(value, field) for name, field in in_order(type(value)) if name != "name"}


def kind(layer: Callee) -> str:
    """The type; one for all nested models, whose blocks may have any name."""
    return "model" if isinstance(layer, NestedModel) else layer.type_name


class Side:
    """One of the graphs: its layers in an order that the wiring alone decides, what they read, and who reads them."""

    def __init__(self, graph: TypedGraph, labels: Labels, marks: Mapping[str, object]) -> None:
        """``marks`` tells inputs apart that are equal otherwise: by name, or by the position in a call."""
        self.graph = graph
        self.labels = labels
        self.nodes = {name: node for name, node in graph.nodes.items() if not node.naming}
        self.inputs = {name: tuple(self._inputs(node)) for name, node in self.nodes.items()}
        self.outputs = [self.source(output.ref) for output in graph.graph.outputs]
        self.order = self._order()
        self.readers: dict[str, list[tuple[str, str]]] = {name: [] for name in self.order}
        for name in self.order:
            for place, ref in self.inputs[name]:
                self.readers[ref.node].append((name, place))
        self.content = {name: labels.content(node, graph, marks) for name, node in self.nodes.items()}
        self.kind = {name: labels(kind(node.layer)) for name, node in self.nodes.items()}

    def source(self, ref: Ref) -> Ref:
        """A reference, past the layers that only give an output its name."""
        node = self.graph.nodes[ref.node]
        return self.source(node.refs()[0]) if node.naming else ref

    def _inputs(self, node: Node) -> Iterable[tuple[str, Ref]]:
        """What a layer reads, each with the place that it fills: one for all where the order does not matter."""
        arguments = node.layer.tensor_arguments() if isinstance(node.layer, NestedModel) else ()
        positions = {argument.name: str(index) for index, argument in enumerate(arguments)}
        for argument, value in node.inputs.items():
            place = positions.get(argument, argument)  # the names of a block's inputs are names like others
            for index, ref in enumerate(refs_of(value)):
                yield place if node.type in ANY_ORDER else f"{place} {index}", self.source(ref)

    def _order(self) -> list[str]:
        """Each layer after what it reads, found from the outputs upwards: the same for equal graphs in any file order."""
        found: dict[str, None] = {}
        for start in [*(ref.node for ref in self.outputs), *self.nodes]:
            pending = [] if start in found else [(start, iter(self.inputs[start]))]
            while pending:
                name, further = pending[-1]
                ref = next((ref for _, ref in further if ref.node not in found), None)
                if ref is not None:
                    pending.append((ref.node, iter(self.inputs[ref.node])))
                else:
                    found[name] = None
                    pending.pop()
        return list(found)

    def above(self, own: Mapping[str, int]) -> dict[str, int]:
        """A label of each layer with all that leads to it."""
        found: dict[str, int] = {}
        for name in self.order:
            reads = sorted((place, found[ref.node], ref.port) for place, ref in self.inputs[name])
            found[name] = self.labels(("above", own[name], *reads))
        return found

    def below(self, own: Mapping[str, int]) -> dict[str, int]:
        """A label of each layer with all that it leads to."""
        ends = {ref.node for ref in self.outputs}
        found: dict[str, int] = {}
        for name in reversed(self.order):
            read = sorted((place, found[reader]) for reader, place in self.readers[name])
            found[name] = self.labels(("below", own[name], name in ends, *read))
        return found

    @property
    def structure(self) -> object:
        """Equal for graphs that differ in names at most."""
        above = self.above(self.content)
        return tuple((above[ref.node], ref.port) for ref in self.outputs)
