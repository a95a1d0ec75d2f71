"""What is seen of a scene while some of its frames are open: for the formats that are text, which need no layout."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from specc.backends.pictures.expand import opened
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.phrases import TIMES
from specc.backends.pictures.scenes.scene import Card, Frame, Mark, Scene, short_count
from specc.words import count_of

MOST_CARDS = 60
"""Cards that are taken in together: as long as there are fewer, frames are opened."""
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A card, or an open frame with what is seen in it."""

    card: Card
    members: tuple[Seen, ...] | None = None


class SeenWire(NamedTuple):
    """A tensor on its way between two cards that are seen; ports are told apart by ``out`` and ``into``."""

    tail: str
    out: str
    head: str
    into: str
    out_name: str = ""
    """The port's name; empty if it needs none."""
    in_name: str = ""
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class View:
    """A scene as it is seen."""

    title: str
    caption: str
    members: tuple[Seen, ...]
    wires: list[SeenWire]
    said: list[str]
    """What there is to say about it, a line each."""

    def cards(self) -> Iterator[Card]:
        """All cards, without those of open frames."""
        yield from _cards(self.members)

    def frames(self) -> Iterator[Seen]:
        """All open frames, outer before inner."""
        yield from _frames(self.members)


class _Place(NamedTuple):
    """A frame, and where it is."""

    frame: Frame
    depth: int
    outer: str
    """The frame around it, by its id; empty at the top."""


def view(scene: Scene, options: Options, most_cards: int = MOST_CARDS) -> View:
    """What the options show of a scene; unless they say how deep, as many open frames as leave at most ``most_cards`` cards.

    ValueError if they name a frame that there is not.
    """
    places = list(_places(scene.members, 0, ""))
    open = _opened(scene, places, options, most_cards)
    return see(scene, open, _folded(places, open))


def see(scene: Scene, open: Collection[str], said: Sequence[str] = ()) -> View:
    """What is seen of a scene if the frames with the given ids are open, and those inside closed ones are not.

    Wires that end in a closed frame end at its card, each tensor once, and those inside it are not seen.
    """
    hidden: dict[str, Frame] = {}
    cards: dict[str, Card] = {}
    members = tuple(_seen(member, open, hidden, cards) for member in scene.members)
    wires: dict[tuple[str, str, str, str], SeenWire] = {}
    for wire in scene.wires:
        tail, head = hidden.get(wire.tail), hidden.get(wire.head)
        if tail is not None and tail is head:
            continue
        seen = SeenWire(
            wire.tail if tail is None else tail.card.id,
            wire.out if tail is None else wire.net,
            wire.head if head is None else head.card.id,
            wire.into if head is None else head.ins.get(wire.net, wire.net),
            cards[wire.tail].ports.out.get(wire.out, "") if tail is None else tail.outs.get(wire.net, ""),
            cards[wire.head].ports.in_.get(wire.into, "") if head is None else head.ins.get(wire.net, ""),
            wire.mark,
        )
        wires.setdefault(seen[:4], seen)
    return View(scene.title, scene.caption, members, list(wires.values()), list(said))


def _seen(item: Card | Frame, open: Collection[str], hidden: dict[str, Frame], cards: dict[str, Card]) -> Seen:
    if isinstance(item, Card):
        cards[item.id] = item
        return Seen(item)
    if item.card.id in open and item.members:
        return Seen(item.card, tuple(_seen(member, open, hidden, cards) for member in item.members))
    hidden.update((card.id, item) for card in _inside(item))
    return Seen(item.card)


def _inside(frame: Frame) -> Iterator[Card]:
    for member in frame.members:
        if isinstance(member, Frame):
            yield from _inside(member)
        else:
            yield member


def _cards(members: Sequence[Seen]) -> Iterator[Card]:
    for member in members:
        if member.members is None:
            yield member.card
        else:
            yield from _cards(member.members)


def _frames(members: Sequence[Seen]) -> Iterator[Seen]:
    for member in members:
        if member.members is not None:
            yield member
            yield from _frames(member.members)


def _places(members: Sequence[Card | Frame], depth: int, outer: str) -> Iterator[_Place]:
    for member in members:
        if isinstance(member, Frame):
            yield _Place(member, depth, outer)
            yield from _places(member.members, depth + 1, member.card.id)


def _opened(scene: Scene, places: list[_Place], options: Options, most: int) -> set[str]:
    """The ids of the frames to open: those of one kind together, outer ones first, in the order of the scene."""
    named, levels = opened(scene, options)
    asked = set(named)
    if levels is not None:
        return asked | {place.frame.card.id for place in places if place.depth < levels}
    open = set(asked)
    seen = len(scene.members) + sum(len(place.frame.members) - 1 for place in places if place.frame.card.id in open)
    order: dict[tuple[int, str], int] = {}
    for place in places:
        order.setdefault((place.depth, place.frame.kind), len(order))

    def rank(place: _Place) -> tuple[int, int]:
        return place.depth, order[place.depth, place.frame.kind]

    for _, kind in groupby(sorted(places, key=rank), rank):
        able = [place.frame for place in kind if _is_seen(place, open) and _tells_more(place.frame)]
        more = sum(len(frame.members) - 1 for frame in able)
        if seen + more <= most:
            seen += more
            open.update(frame.card.id for frame in able)
    return open


def _is_seen(place: _Place, open: Collection[str]) -> bool:
    """Whether a frame is seen, but closed."""
    return place.frame.card.id not in open and (not place.outer or place.outer in open)


def _tells_more(frame: Frame) -> bool:
    """Whether a frame tells more than its card, which that of equal layers in a row does not."""
    return frame.card.form == "block"


def _folded(places: list[_Place], open: Collection[str]) -> list[str]:
    """A line that says what is not open, if there is any."""
    folded = [place for place in places if _is_seen(place, open) and _tells_more(place.frame)]
    if not folded:
        return []
    kinds: dict[str, int] = {}
    for place in folded:
        kinds[place.frame.card.type] = kinds.get(place.frame.card.type, 0) + place.frame.card.times
    named = [f"{type} {TIMES} {times}" if times > 1 else type for type, times in kinds.items()]
    more = ["…"] if len(named) > _MOST_NAMED else []
    deepest = max(place.depth for place in folded)
    block = [
        f"--expand {type}" for type in kinds if re.fullmatch(r"[\w.-]+", type)
    ]  # a run of layers has no name to type
    ways = ", ".join([*block[:1], f"--depth {deepest + 1}"])
    return [f"folded: {', '.join(named[:_MOST_NAMED] + more)} ({ways})"]


def words_of(card: Card, *, all: bool = False) -> list[str]:
    """What a card says beside its type, name, shape and parameters."""
    found = list(card.all if all else card.words)
    if card.form == "block":
        found.append(count_of(card.layers, "layer"))
    if card.parallel:
        found.append("in parallel")
    if card.badge:
        found.append(f"shared {card.badge}")
    if card.frozen and "trainable false" not in found:
        found.append("frozen")
    elif 0 < card.frozen_params < card.params:
        found.append(f"{short_count(card.frozen_params)} frozen")
    return found + [card.dtype] * bool(card.dtype and card.dtype not in card.shape)


def notes_of(card: Card) -> list[str]:
    """What a card's mark says, in lines that make sense without colour.

    >>> notes_of(Card("n", "layer", "dense", "Dense", mark="changed", notes=["units 4 to 8"]))
    ['changed: units 4 to 8']
    """
    if not card.mark:
        return list(card.notes)
    notes = [note if note.startswith(card.mark) else f"{card.mark}: {note}" for note in card.notes]
    return notes or [card.mark]


def heading(card: Card) -> tuple[str, str]:
    """A card's first words, and further ones that say less: its type and name; of an input or output, its name only.

    >>> heading(Card("n", "layer", "dense", "Dense", "logits"))
    ('Dense', 'logits')
    """
    if card.form in ("input", "output"):
        return card.name or card.type, ""
    times = f" {TIMES} {card.times}" if card.times > 1 else ""
    return f"{card.type}{times}", card.name if card.name != card.type else ""


def merged(wires: Iterable[SeenWire]) -> Iterator[tuple[SeenWire, int]]:
    """Wires that differ in nothing that is seen are one, with their number."""
    alike: dict[SeenWire, int] = {}
    for wire in wires:
        one = wire._replace(out=wire.out_name, into=wire.in_name)
        alike[one] = alike.get(one, 0) + 1
    yield from alike.items()
