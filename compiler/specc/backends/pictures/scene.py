"""What a picture can show of a graph: cards for layers, frames for blocks and nested models, wires.

A scene holds everything, whatever is folded; the engine decides what is seen of it, in a picture and in a page alike.
Texts are safe to show (no control characters, none of endless length) but not escaped: each format does that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from specc.backends.pictures.wording import in_brief
from specc.calls import Callee
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import Instance, NestedModel, Node, Ref, TypedGraph
from specc.ir.graph import Output, refs_of
from specc.shapes import Tensor, show_shape
from specc.words import count_of

Form = Literal["input", "output", "layer", "merge", "block"]
Family = Literal["input", "output", "conv", "pool", "dense", "norm", "merge", "sequence", "other"]

LONGEST_NAME = 48
DEEPEST_FRAME = 12
"""Frames inside frames: the members of one that is deeper belong to the frame of this depth."""

_FAMILIES: dict[str, Family] = {
    "convolutional": "conv",
    "pooling": "pool",
    "reshaping": "pool",
    "normalization": "norm",
    "merging": "merge",
    "rnn": "sequence",
    "attention": "sequence",
    "multi_head_attention": "sequence",
}
"""By the module that holds the layer's class."""
_DENSE = ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
_SYMBOLS = {
    "Add": "+",
    "ops.add": "+",
    "Subtract": "\N{MINUS SIGN}",
    "ops.subtract": "\N{MINUS SIGN}",
    "Multiply": "\N{MULTIPLICATION SIGN}",
    "ops.multiply": "\N{MULTIPLICATION SIGN}",
    "Concatenate": "\N{PARALLEL TO}",
    "ops.concatenate": "\N{PARALLEL TO}",
    "Average": "Ø",
    "Dot": "·",
    "Maximum": "\N{LOGICAL OR}",
    "Minimum": "\N{LOGICAL AND}",
}
_ANY_ORDER = ("Add", "Multiply", "Average", "Maximum", "Minimum")


@dataclass(frozen=True, slots=True)
class Ports:
    """The names at a card's arrows, by port; a port without an entry has none."""

    in_: dict[str, str] = field(default_factory=dict)
    out: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Card:
    """A layer, an input or output of the model, or what stands for a closed frame."""

    id: str
    form: Form
    family: Family
    type: str
    name: str = ""
    """Empty if the author gave none."""
    symbol: str = ""
    """What a merge shows in its circle."""
    words: list[str] = field(default_factory=list)
    """What shapes the computation, in phrases."""
    layers: int = 1
    params: int = 0
    shape: str = ""
    """The output's shape where it is not that of the input."""
    badge: str = ""
    """The letter of a layer or model that is called more than once."""
    times: int = 1
    """How many equal ones it stands for."""
    ports: Ports = field(default_factory=Ports)

    def as_dict(self) -> dict[str, Any]:
        """The card as the engine reads it."""
        data = asdict(self)
        layers = [count_of(self.layers, "layer")] if self.form == "block" else []
        params = [f"{short_count(self.params)} params"] if self.params else []
        data["facts"] = [*layers, *params, *([self.shape] if self.shape else [])]
        data["ports"] = {"in": self.ports.in_, "out": self.ports.out}
        return data


@dataclass(slots=True)
class Frame:
    """A block instance or a nested model."""

    card: Card
    kind: str
    """What is opened and closed together."""
    members: list[Card | Frame] = field(default_factory=list)
    ins: dict[str, str] = field(default_factory=dict)
    """The name of its input that a tensor goes to, by the wire's tail and port; of a frame with several inputs."""
    outs: dict[str, str] = field(default_factory=dict)
    depth: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The frame as the engine reads it."""
        members = [member.as_dict() for member in self.members]
        card = self.card.as_dict()
        card["ports"] = {"in": {name: name for name in self.ins.values()}, "out": self.outs}
        return {
            "id": self.card.id,
            "card": card,
            "kind": self.kind,
            "ins": self.ins,
            "outs": self.outs,
            "members": members,
        }


class Wire(NamedTuple):
    """A tensor on its way from a card's port to a card's port."""

    tail: str
    out: str
    head: str
    into: str
    tensor: Tensor

    @property
    def net(self) -> str:
        """What its tail gives; wires of one net carry the same tensor."""
        return f"{self.tail} {self.out}"


class Subject(NamedTuple):
    """What a card or frame shows, and the graph that has it."""

    graph: TypedGraph
    item: Node | Instance | Output


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a picture of a graph can show."""

    title: str
    caption: str
    members: list[Card | Frame]
    wires: list[Wire]
    subjects: dict[str, Subject] = field(default_factory=dict)
    """By the id of the card or frame; what the engine does not need."""

    def as_dict(self) -> dict[str, Any]:
        """The scene as the engine reads it."""
        wires = [
            {"id": str(index), "tail": wire.tail, "out": wire.out, "head": wire.head, "in": wire.into}
            for index, wire in enumerate(self.wires)
        ]
        members = [member.as_dict() for member in self.members]
        return {"title": self.title, "caption": self.caption, "members": members, "wires": wires}


def make_scene(graph: TypedGraph) -> Scene:
    """The scene of a graph."""
    maker = _Maker()
    root: list[Card | Frame] = []
    scope = maker.place(graph, root, 0, {})
    for index, output in enumerate(graph.graph.outputs):
        card = Card(maker.new_id("o"), "output", "output", "output", clean(output.name))
        root.append(card)
        maker.subjects[card.id] = Subject(graph, output)
        tail, out = scope.source(output.ref)
        maker.wires.append(Wire(tail, out, card.id, "", graph.tensor(output.ref)))
        del index
    form = "Sequential" if graph.form == "sequential" else "functional"
    trainable, frozen = graph.trainable_params, graph.params - graph.trainable_params
    params = f"{count_of(graph.params, 'parameter')}" + (f" ({frozen:,} frozen)" if frozen and trainable else "")
    caption = [form, count_of(graph.layer_count, "layer"), params]
    if graph.graph.dtype_policy != "float32":
        caption.append(graph.graph.dtype_policy)
    return Scene(clean(graph.name), " · ".join(caption), root, maker.wires, maker.subjects)


def clean(text: str) -> str:
    """A name as a picture shows it."""
    return shorten(printable(text), LONGEST_NAME)


def short_count(number: int) -> str:
    """
    >>> short_count(960), short_count(313_700), short_count(25_600_000)
    ('960', '313.7k', '25.6M')
    """
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + unit
    return str(number)


def tensor_words(tensor: Tensor) -> str:
    """
    >>> tensor_words(Tensor((None, 3))), tensor_words(Tensor((None,), "int32"))
    ('(None, 3)', '(None,) int32')
    """
    kind = "" if tensor.dtype == "float32" else f" {tensor.dtype}"
    return f"{show_shape(tensor.shape)}{kind}{' sparse' if tensor.sparse else ''}"


@dataclass(slots=True)
class _Scope:
    """One graph of the scene: its nodes' cards, and the scopes of its nested models."""

    graph: TypedGraph
    given: Mapping[str, tuple[str, str]]
    """Of a nested model: what each of its inputs is, as a card and its port."""
    cards: dict[str, str] = field(default_factory=dict)
    nested: dict[str, _Scope] = field(default_factory=dict)

    def source(self, ref: Ref) -> tuple[str, str]:
        """The card that gives a tensor, and the port."""
        node = self.graph.nodes[ref.node]
        if node.name in self.given:
            return self.given[node.name]
        if node.naming:
            return self.source(node.refs()[0])
        if node.name in self.nested:
            inner = self.nested[node.name]
            return inner.source(inner.graph.graph.outputs[ref.port].ref)
        return self.cards[node.name], _port(node, ref.port)


class _Maker:
    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self.subjects: dict[str, Subject] = {}
        self._used = Counter[str]()

    def new_id(self, letter: str) -> str:
        self._used[letter] += 1
        return f"{letter}{self._used[letter] - 1}"

    def place(
        self, graph: TypedGraph, members: list[Card | Frame], depth: int, given: Mapping[str, tuple[str, str]]
    ) -> _Scope:
        """Put a graph's cards and frames among ``members``, each frame where its first member comes."""
        scope = _Scope(graph, given)
        frames: dict[str, Frame] = {}
        for name in graph.order:
            node = graph.nodes[name]
            if name in given or (node.naming):
                continue
            inside, prefix = members, ""
            for instance in graph.graph.around(node)[: DEEPEST_FRAME - depth]:
                if instance.name not in frames:
                    frames[instance.name] = self._frame(graph, instance, depth)
                    self.subjects[frames[instance.name].card.id] = Subject(graph, instance)
                    inside.append(frames[instance.name])
                inside, prefix = frames[instance.name].members, f"{instance.name}."
            self._place_node(scope, node, name.removeprefix(prefix), inside, depth)
        for instance in graph.graph.instances.values():
            if instance.name in frames:
                self._name_ports(scope, instance, frames[instance.name])
        return scope

    def _frame(self, graph: TypedGraph, instance: Instance, depth: int) -> Frame:
        inside = [name for name in graph.order if instance in graph.graph.around(graph.nodes[name])]
        params = sum(graph.node_params(name) for name in inside)
        card = Card(
            self.new_id("f"),
            "block",
            "other",
            clean(instance.block),
            clean(instance.own_name) if instance.named else "",
            words=[f"{clean(name)} {_value(value)}" for name, value in instance.arguments.items()][:4],
            layers=len(inside),
            params=params,
        )
        return Frame(card, instance.block, depth=depth)

    def _place_node(self, scope: _Scope, node: Node, shown: str, inside: list[Card | Frame], depth: int) -> None:
        graph = scope.graph
        inner = graph.models.get(node.layer) if isinstance(node.layer, NestedModel) else None
        if inner is not None and node.shares is None and depth < DEEPEST_FRAME:
            card = Card(self.new_id("f"), "block", "other", clean(node.type), clean(shown) if node.named else "")
            card.layers, card.params = inner.layer_count, inner.params
            frame = Frame(card, node.type)
            self.subjects[card.id] = Subject(graph, node)
            inside.append(frame)
            sources = {name: scope.source(ref) for name, ref in node.inputs.items() if isinstance(ref, Ref)}
            scope.nested[node.name] = self.place(inner, frame.members, depth + 1, sources)
            if len(sources) > 1:
                frame.ins = {f"{tail} {out}": clean(name) for name, (tail, out) in sources.items()}
            return
        card = self._card(scope, node, shown)
        scope.cards[node.name] = card.id
        self.subjects[card.id] = Subject(graph, node)
        inside.append(card)
        for number, (ref, arguments) in enumerate(_reads(node)):
            into = ", ".join(arguments)
            if into:
                card.ports.in_[into] = into
            tail, out = scope.source(ref)
            self.wires.append(Wire(tail, out, card.id, into or str(number), graph.tensor(ref)))

    def _card(self, scope: _Scope, node: Node, shown: str) -> Card:
        graph = scope.graph
        if node.type == "Input":
            return Card(
                self.new_id("n"),
                "input",
                "input",
                "Input",
                clean(shown),
                shape=tensor_words(graph.tensor(Ref(node.name))),
            )
        symbol = _SYMBOLS.get(node.type, "")
        outs = {name: name for name in node.layer.ports(node.options) if name != "output"}
        read = {graph.tensor(ref).shape for ref in node.refs()}
        given = graph.tensors[node.name][0]
        return Card(
            self.new_id("n"),
            "merge" if symbol else "layer",
            "merge" if symbol else _family(node.layer),
            clean(node.type),
            clean(shown) if node.named else "",
            symbol,
            in_brief(node.layer, node.options),
            params=graph.node_params(node.name),
            shape="" if given.shape in read else tensor_words(given),
            ports=Ports({}, outs if len(node.layer.ports(node.options)) > 1 else {}),
        )

    def _name_ports(self, scope: _Scope, instance: Instance, frame: Frame) -> None:
        if len(instance.inputs) > 1:
            for name, refs in instance.inputs.items():
                for ref in refs:
                    tail, out = scope.source(ref)
                    frame.ins[f"{tail} {out}"] = clean(name)
        given = {name: refs for name, refs in instance.outputs.items() if refs}
        if len(given) > 1:
            for name, refs in given.items():
                for ref in refs:
                    tail, out = scope.source(ref)
                    frame.outs[f"{tail} {out}"] = clean(name)


def _reads(node: Node) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """What a node reads, each with the call arguments that it fills, where those have names to show.

    A list whose order matters has its positions; two arguments that read the same are one entry, ``Add`` of x and x is two.
    """
    first = node.layer.tensor_arguments()[0].name if node.layer.tensor_arguments() else ""
    named: dict[Ref, list[str]] = {}
    for argument, value in node.inputs.items():
        said = argument if len(node.inputs) > 1 or argument != first else ""
        ordered = not isinstance(value, Ref) and len(value) > 1 and node.type not in _ANY_ORDER
        for index, ref in enumerate(refs_of(value)):
            if said:
                named.setdefault(ref, []).append(f"{said}[{index}]" if ordered else said)
            else:
                yield ref, ()
    yield from ((ref, tuple(names)) for ref, names in named.items())


def _port(node: Node, port: int) -> str:
    names = node.layer.ports(node.options)
    return "" if len(names) == 1 or names[port] == "output" else names[port]


def _family(layer: Callee) -> Family:
    if layer.type_name in _DENSE:
        return "dense"
    return _FAMILIES.get(type(layer).__module__.rpartition(".")[2], "other")


def _value(value: Any) -> str:
    return shorten(printable(str(value)), 16)
