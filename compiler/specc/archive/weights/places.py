"""Where the weights of a model stand in Keras's ``.weights.h5``: a group for each layer, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from specc.archive.native import NotNative
from specc.archive.writing.configs import fields_of
from specc.archive.writing.network import Called, Networks
from specc.automatic_names import AutomaticNames, snake_case
from specc.calls import Callee, Tracked, Weight
from specc.dtypes import FLOATX
from specc.ir import NestedModel, TypedGraph
from specc.layers.base import Layer
from specc.layers.inner import inner_names


class Group(NamedTuple):
    """The weights of one layer, without those of the layers inside it."""

    path: str
    """In the file: "layers/lstm/cell"."""
    name: str
    """The layer's name."""
    node: str
    """The node of the outermost graph that it is, or is inside."""
    weights: Sequence[tuple[int, Weight]]
    """Each with its place among all weights of the node."""
    type: str = ""
    """What a spec calls its type; nothing for a layer that Keras makes for itself."""


def groups(graph: TypedGraph, networks: Networks | None = None) -> Iterator[Group]:
    """The groups of all layers of a model."""
    return _Groups(networks or Networks()).of_model(graph)


class _Groups:
    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._automatic = AutomaticNames()
        """Of the layers that layers make for themselves: Keras counts them in the process."""

    def of_model(self, graph: TypedGraph) -> Iterator[Group]:
        """The groups of a model that is no layer."""
        for name, path, layer in self._layers(graph):
            weights = list(enumerate(graph.weights.get(name, ())))
            yield from self._of(layer, name, path, name, weights, graph)

    def _of(
        self,
        layer: Callee | None,
        name: str,
        path: str,
        node: str,
        weights: Sequence[tuple[int, Weight]],
        graph: TypedGraph,
    ) -> Iterator[Group]:
        """The groups of a layer and of those inside it."""
        if isinstance(layer, NestedModel):
            yield Group(path, name, node, (), layer.type_name)
            inner = graph.models[layer]
            for member, place, found in self._layers(inner):
                its = _under(member, weights)
                yield from self._of(found, member, f"{path}/{place}", node, its, inner)
            return
        if layer is None:
            yield Group(path, name, node, weights)
            return
        if getattr(layer, "lora_rank", None):
            assert isinstance(layer, Layer)
            if (policy := layer.policy_name(graph.graph.dtype_policy)) != FLOATX:
                raise NotNative(f"'{name}' has LoRA in {policy}, in which Keras merges it")
        places = {weight.name: index for index, weight in weights}
        own = layer.own_weights([weight for _, weight in weights])
        yield Group(path, name, node, [(places[weight.name], weight) for weight in own], layer.type_name)
        for it in (*_tracked(layer), *_activations(layer)):
            inner_name = it.name or (self._automatic.next(it.type) if it.type else name)
            its = _under(it.name, weights) if it.name else []
            yield from self._of(it.layer, inner_name, f"{path}/{it.attribute}", node, its, graph)

    def _layers(self, graph: TypedGraph) -> Iterator[tuple[str, str, Callee | None]]:
        """The layers of a model as Keras lists them: name, path and, unless Keras added it, the layer."""
        if graph.form == "sequential":
            names = [name for name in graph.order if graph.nodes[name].refs()]
            layers: list[Callee | None] = [graph.nodes[name].layer for name in names]
        else:
            called = [it for it in self._networks.of(graph).order if it.is_layer]
            names, layers = [it.name for it in called], [_layer_of(it) for it in called]
        places = _counted([_class_name(layer) for layer in layers])
        for name, place, layer in zip(names, places, layers, strict=True):
            yield name, f"layers/{place}", layer


def _under(name: str, weights: Sequence[tuple[int, Weight]]) -> list[tuple[int, Weight]]:
    """The weights of an inner layer of that name, by their names in it."""
    start = f"{name}/"
    return [
        (index, weight._replace(name=weight.name[len(start) :]))
        for index, weight in weights
        if weight.name.startswith(start)
    ]


def _tracked(layer: Callee) -> Sequence[Tracked]:
    """The layers inside a layer."""
    said = layer.tracked()
    if said is not None:
        return said
    found: list[Tracked] = []
    values = {name: getattr(layer, name) for name in layer.inner_layers()}
    every = [it for value in values.values() for it in (value if isinstance(value, tuple) else (value,)) if it]
    names = iter(inner_names(every))
    for argument, value in values.items():
        if isinstance(value, tuple):
            counted = _counted([_class_name(it) for it in value])
            found += [Tracked(f"{argument}/{place}", next(names), it) for place, it in zip(counted, value, strict=True)]
        elif value is not None:
            found.append(Tracked(argument, next(names), value))
    return found


def _activations(layer: Callee) -> Iterator[Tracked]:
    """The activations that are layers. A recurrent layer shows that of its outputs, its cell has the others."""
    for argument in fields_of(type(layer)):
        value = getattr(layer, argument.attribute, None) if argument.kind == "activation" else None
        if isinstance(value, Layer):
            inside = argument.name != "activation" and any(it.attribute == "cell" for it in layer.tracked() or ())
            yield Tracked(
                f"cell/{argument.name}" if inside else argument.name, value.own_name or "", type=value.type_name
            )


def _layer_of(called: Called) -> Callee | None:
    return None if called.node is None else called.node.layer


def _class_name(layer: Callee | None) -> str:
    """Keras's name of a layer's class; what it adds to a graph are Identities."""
    if layer is None:
        return "Identity"
    return "Functional" if isinstance(layer, NestedModel) else layer.keras_name()


def _counted(names: Sequence[str]) -> list[str]:
    """The names of a list's members in a file: ``dense``, ``dense_1``."""
    counts: dict[str, int] = {}
    found = []
    for name in map(snake_case, names):
        count = counts.get(name, -1) + 1
        counts[name] = count
        found.append(f"{name}_{count}" if count else name)
    return found
