"""What a page tells about each card of a scene beside the picture: all arguments, shapes, weights, the line of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from specc.backends.pictures.scenes.scene import Card, Frame, Scene, clean, said_of, tensor_words
from specc.backends.pictures.scenes.wording import by_default, in_full
from specc.calls import Weight
from specc.diagnostics.text_safety import printable, quote_value, shorten
from specc.ir import Instance, NestedModel, Node, Output, TypedGraph
from specc.shapes import show_shape
from specc.source import Origin

LONGEST_NAME = 160
LONGEST_LINE = 200


def details(scene: Scene) -> dict[str, Any]:
    """The details of a scene's cards and frames, as JSON.

    ``cards``: by id, what `_of_node`, `_of_instance` or `_of_output` says. ``defaults``: for each type its arguments
    with Keras's defaults, in order, so that they stand in a page once and not with every card.
    """
    cards: dict[str, dict[str, Any]] = {}
    defaults: dict[str, list[tuple[str, str]]] = {}
    for key, path in _paths(scene, scene.members, ""):
        if key not in scene.subjects:
            continue
        graph, item = scene.subjects[key]
        if isinstance(item, Node):
            cards[key] = _of_node(graph, item, path)
            if not isinstance(item.layer, NestedModel):
                defaults.setdefault(cards[key]["type"], by_default(type(item.layer)))
        elif isinstance(item, Instance):
            cards[key] = _of_instance(graph, item, path)
        else:
            cards[key] = _of_output(graph, item)
    _link_calls(scene, cards)
    return {"cards": cards, "defaults": defaults}


def _paths(scene: Scene, members: list[Card | Frame], path: str) -> Iterator[tuple[str, str]]:
    """The ids of all cards and frames, each with the path of the nested models that it is in."""
    for member in members:
        if not isinstance(member, Frame):
            yield member.id, path
            continue
        yield member.card.id, path
        subject = scene.subjects.get(member.card.id)  # a row of layers that have not changed has none
        is_model = subject is not None and isinstance(subject.item, Node)
        yield from _paths(scene, member.members, f"{path}{subject.item.name}/" if subject and is_model else path)


def _of_node(graph: TypedGraph, node: Node, path: str) -> dict[str, Any]:
    tensors, ports = graph.tensors[node.name], node.layer.ports(node.options)
    inner = graph.models.get(node.layer) if isinstance(node.layer, NestedModel) else None
    weights = () if inner is not None else graph.weights[node.name]
    trained = inner.trainable_params if inner is not None else sum(_count(it) for it in weights if it.trainable)
    return {
        **_common(path + node.name, clean(node.type), node.origin),
        "says": said_of(node.description, inner.graph.description if inner is not None else None),
        "given": in_full(node.layer, node.options),
        "meanings": {} if inner is None else _meanings(inner.graph.argument_descriptions),
        "outputs": [
            (clean(port) if len(ports) > 1 else "", tensor_words(tensor))
            for port, tensor in zip(ports, tensors, strict=True)
        ],
        "dtype": tensors[0].dtype,
        "weights": [_weight(weight) for weight in weights],
        "params": inner.params if inner is not None else graph.node_params(node.name),
        "trained": trained,
    }


def _of_instance(graph: TypedGraph, instance: Instance, path: str) -> dict[str, Any]:
    inside = [name for name, node in graph.nodes.items() if instance in graph.graph.around(node)]
    weights = [weight for name in inside for weight in graph.weights[name]]
    tensors = [
        (clean(name) if len(instance.outputs) > 1 else "", tensor_words(graph.tensor(refs[0])))
        for name, refs in instance.outputs.items()
        if refs
    ]
    return {
        **_common(path + instance.name, clean(instance.block), instance.origin),
        "says": said_of(instance.description, instance.block_description),
        "given": [(printable(name), quote_value(value)) for name, value in instance.arguments.items()],
        "meanings": _meanings(instance.argument_descriptions),
        "outputs": tensors,
        "dtype": "",
        "weights": [],
        "params": sum(map(_count, weights)),
        "trained": sum(_count(weight) for weight in weights if weight.trainable),
    }


def _of_output(graph: TypedGraph, output: Output) -> dict[str, Any]:
    tensor = graph.tensor(output.ref)
    return {
        **_common(output.name, "output", Origin.nowhere("")),
        "says": [],
        "given": [],
        "meanings": {},
        "outputs": [("", tensor_words(tensor))],
        "dtype": tensor.dtype,
        "weights": [],
        "params": 0,
        "trained": 0,
    }


def _common(name: str, type: str, origin: Origin) -> dict[str, Any]:
    """What all have: the name that a link uses, the type, where it is written, and that line."""
    place = origin.place
    line = place.span.line
    lines = place.document.source.lines
    written = lines[line - 1].strip() if place.document.source.text and line <= len(lines) else ""
    return {
        "name": shorten(printable(name), LONGEST_NAME),
        "type": type,
        "where": f"{printable(place.file)}:{line}" if written else "",
        "line": shorten(printable(written), LONGEST_LINE),
    }


def _meanings(descriptions: Mapping[str, str]) -> dict[str, str]:
    """What a block says of its arguments."""
    return {printable(name): text for name, said in descriptions.items() for text in said_of(said)}


def _link_calls(scene: Scene, cards: dict[str, dict[str, Any]]) -> None:
    """``calls`` of all cards that call one layer: the ids of all of them, in order."""
    calls: dict[tuple[int, str], list[str]] = {}
    for key, (graph, item) in scene.subjects.items():
        if isinstance(item, Node | Instance):
            calls.setdefault((id(graph), item.shares or item.name), []).append(key)
    for together in calls.values():
        for key in together:
            if len(together) > 1 and key in cards:
                cards[key]["calls"] = together


def _count(weight: Weight) -> int:
    return prod(weight.shape)


def _weight(weight: Weight) -> tuple[str, str, str, bool]:
    return shorten(printable(weight.name), LONGEST_NAME), show_shape(weight.shape), weight.dtype, weight.trainable
