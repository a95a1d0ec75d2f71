"""Marks of frames, from those of the cards in them: what a closed one says, and which are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from specc.backends.pictures.scenes.scene import Card, Frame, Item, Mark, Wire, cards_of
from specc.words import count_of

WHOLE: tuple[Mark, ...] = ("added", "removed", "unknown")
"""Marks of a frame if all that is in it has them; it can stay closed then."""


def tell(card: Card, mark: Mark, notes: Sequence[str] = ()) -> None:
    """Mark a card. A merge with notes is no circle, which has no room for them."""
    card.mark, card.notes = mark, list(notes)
    if notes and card.form == "merge":
        card.form, card.symbol = "layer", ""


def mark_frames(members: Sequence[Item], wires: Sequence[Wire] = ()) -> frozenset[str]:
    """Mark each frame by what is in it. Returns the ids of those that are to be open, because they hold a mark.

    ``wires`` are those that are marked; one that ends at a frame can be seen while that is closed.
    """
    for item in members:
        _sum_up(item)
    return frozenset(_opened(members, wires, set()))


def _sum_up(item: Item) -> None:
    if isinstance(item, Card):
        return
    for member in item.members:
        _sum_up(member)
    card, marks = item.card, Counter(inner.mark for inner in cards_of(item))
    (most, count), *_ = marks.most_common(1)
    if most in WHOLE and count == marks.total():
        card.mark = card.mark or most
    elif marks["error"]:
        card.mark, card.notes = "error", card.notes or [count_of(marks["error"], "error")]
    elif said := [f"{marks[mark]} {mark}" for mark in ("changed", "added", "removed") if marks[mark]]:
        card.mark, card.notes = card.mark or "changed", card.notes or [", ".join(said)]


def _opened(members: Sequence[Item], wires: Sequence[Wire], shown: set[object]) -> Iterator[str]:
    """Of frames of one kind with the same marks in them, the first is open."""
    for item in members:
        if not isinstance(item, Frame) or item.card.mark in WHOLE:
            continue
        inside = list(cards_of(item))
        marks = frozenset((it.type, it.mark, *it.notes) for it in inside if it.mark not in ("", "unknown"))
        ids = {it.id for it in inside}
        if marks or any(wire.tail in ids and wire.head in ids for wire in wires):
            key = (item.kind, marks or item.card.id)
            if key not in shown:
                shown.add(key)
                yield item.card.id
                yield from _opened(item.members, wires, shown)
