"""What a picture can show of a graph: cards for layers, frames for blocks and nested models, wires.

A scene holds everything, whatever is folded; the engine decides what is seen of it, in a picture and in a page alike.
Texts are safe to show (no control characters, none of endless length) but not escaped: each format does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from specc.backends.pictures.scenes.families import Family
from specc.diagnostics.text_safety import printable, printable_lines, shorten
from specc.ir import Instance, Node, TypedGraph
from specc.ir.graph import Output
from specc.shapes import NOT_KNOWN, Tensor, show_shape
from specc.words import count_of

Form = Literal["input", "output", "layer", "merge", "block"]
Mark = Literal["", "added", "removed", "changed", "error", "unknown"]

LONGEST_NAME = 48
LONGEST_SAYING = 240


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
    all: list[str] = field(default_factory=list)
    """Every argument that was given, in phrases."""
    layers: int = 1
    params: int = 0
    frozen_params: int = 0
    """Those of its parameters that ``trainable: false`` keeps unchanged."""
    tensor: str = ""
    """Shape and dtype of the first output; of a block with one output, of that."""
    shape: str = ""
    """The output's shape and dtype where they are not those of the first input."""
    dtype: str = ""
    """The dtype policy where it is not the model's."""
    badge: str = ""
    """The letter of a layer or model that is called more than once."""
    frozen: bool = False
    """Whether it has weights, all of which ``trainable: false`` keeps unchanged."""
    times: int = 1
    """How many equal ones it stands for."""
    parallel: bool = False
    """Whether these stand side by side, and not in a chain."""
    varies: bool = False
    """Whether those that it stands for differ in their parameters, so that no number is said."""
    mark: Mark = ""
    """What a change or an error says of it."""
    notes: list[str] = field(default_factory=list)
    """Lines about the mark."""
    says: str = ""
    """How the description of it in the spec begins; a mouse shows it."""
    ports: Ports = field(default_factory=Ports)
    path: str = ""
    """The node's or instance's name in its graph, after the names of the nested models around it: "encoder/block.conv"."""
    where: str = ""
    """Where a spec has it: "net.yaml:12"; empty if a program made it."""

    def as_dict(self) -> dict[str, Any]:
        """The card as the engine reads it."""
        data = {name: getattr(self, name) for name in self.__slots__}
        return {**data, "facts": list(self._facts()), "ports": {"in": self.ports.in_, "out": self.ports.out}}

    def _facts(self) -> Iterator[str]:
        if self.form == "block":
            yield count_of(self.layers, "layer")
        if self.params:
            yield f"{short_count(self.params)} params"
        if 0 < self.frozen_params < self.params:
            yield f"{short_count(self.frozen_params)} frozen"
        if self.shape:
            yield self.shape
        if self.dtype:
            yield self.dtype


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


Item = Card | Frame


class Wire(NamedTuple):
    """A tensor on its way from a card's port to a card's port."""

    tail: str
    out: str
    head: str
    into: str
    mark: Mark = ""

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
    members: list[Item]
    wires: list[Wire]
    subjects: dict[str, Subject] = field(default_factory=dict)
    """By the id of the card or frame; what the engine does not need."""
    open: frozenset[str] | None = None
    """The frames that are open unless the user chooses, by id; None for as many as fit."""
    says: list[str] = field(default_factory=list)
    """The description of the model; what a page shows beside the picture."""
    vars: list[tuple[str, str, str]] = field(default_factory=list)
    """The vars of the spec, with their values and descriptions; for a page, too."""

    def as_dict(self) -> dict[str, Any]:
        """The scene as the engine reads it."""
        wires = [
            {
                "id": str(index),
                "tail": wire.tail,
                "out": wire.out,
                "head": wire.head,
                "in": wire.into,
                "mark": wire.mark,
            }
            for index, wire in enumerate(self.wires)
        ]
        members = [member.as_dict() for member in self.members]
        texts = {"title": self.title, "caption": self.caption, "says": self.says, "vars": self.vars}
        return {**texts, "members": members, "wires": wires}


def card_of(item: Item) -> Card:
    """The card itself, or the one that stands for a frame."""
    return item.card if isinstance(item, Frame) else item


def cards_of(item: Item) -> Iterator[Card]:
    """The cards of an item, at any depth."""
    if isinstance(item, Frame):
        for member in item.members:
            yield from cards_of(member)
    else:
        yield item


def frames_of(members: Sequence[Item]) -> Iterator[Frame]:
    """The frames among items, at any depth."""
    for member in members:
        if isinstance(member, Frame):
            yield member
            yield from frames_of(member.members)


def clean(text: str) -> str:
    """A name as a picture shows it."""
    return shorten(printable(text), LONGEST_NAME)


def said_of(*descriptions: str | None) -> list[str]:
    """The descriptions that there are, as a page shows them."""
    return ["\n".join(printable_lines(text)) for text in descriptions if text]


def opening(description: str | None) -> str:
    """How a description begins, on one line."""
    return shorten(" ".join(printable_lines(description or "")), LONGEST_SAYING)


def short_count(number: int) -> str:
    """
    >>> short_count(960), short_count(313_700), short_count(999_990), short_count(25_600_000)
    ('960', '313.7k', '1M', '25.6M')
    """
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= 0.99995 * size and number > 999:
            return f"{number / size:.1f}".removesuffix(".0") + unit
    return str(number)


def tensor_words(tensor: Tensor) -> str:
    """
    >>> tensor_words(Tensor((None, 3))), tensor_words(Tensor((None,), "int32", sparse=True))
    ('(None, 3)', '(None,) int32 sparse')
    """
    if tensor is NOT_KNOWN:
        return ""
    kind = "" if tensor.dtype == "float32" else f" {tensor.dtype}"
    return f"{show_shape(tensor.shape)}{kind}{' sparse' * tensor.sparse}{' ragged' * tensor.ragged}"
