"""Long rows of what has not changed, each as one card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from specc.backends.pictures.scenes.scene import Card, Frame, Item, card_of, cards_of

FEWEST = 10
"""Unchanged members in a row that become one card."""
AROUND = 2
"""Those beside what has changed that can still be seen."""


def fold_unchanged(members: Sequence[Item]) -> list[Item]:
    """The members with a frame for each long row of those without a mark, at any depth."""
    return _folded(members, count())


def _folded(members: Sequence[Item], numbers: Iterator[int]) -> list[Item]:
    found: list[Item] = []
    for is_plain, row in groupby(members, _is_plain):
        items = list(row)
        if not is_plain:
            for item in items:
                if isinstance(item, Frame):
                    item.members = _folded(item.members, numbers)
            found += items
            continue
        first = AROUND if found else 0
        last = len(items) - AROUND
        inside = items[first:last]
        if len(inside) < FEWEST:
            found += items
        else:
            found += [*items[:first], _frame(inside, next(numbers)), *items[last:]]
    return found


def _is_plain(item: Item) -> bool:
    """Whether nothing in an item is marked; inputs and outputs are always seen."""
    return card_of(item).form not in ("input", "output") and not any(it.mark for it in (card_of(item), *cards_of(item)))


def _frame(items: list[Item], number: int) -> Frame:
    cards = [card_of(item) for item in items]
    card = Card(f"u{number}", "block", "other", "unchanged", layers=sum(card.layers for card in cards))
    card.params = sum(card.params for card in cards)
    card.frozen_params = sum(card.frozen_params for card in cards)
    return Frame(card, "unchanged", items)
