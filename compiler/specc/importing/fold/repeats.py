"""Where parts of a list occur more than once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Repeat(NamedTuple):
    """A part that occurs more than once."""

    length: int
    starts: list[int]
    """In order; occurrences may overlap."""


def repeats(values: Sequence[int]) -> Iterator[Repeat]:
    """The parts that occur more than once, and would occur less often with one more value at their ends.

    >>> [(it.length, it.starts) for it in repeats([1, 2, 3, 9, 1, 2, 3, 8, 2, 3])]
    [(3, [0, 4]), (2, [1, 5, 8]), (1, [2, 6, 9])]
    """
    order = _suffixes(values)
    common = _common(values, order)
    open_: list[tuple[int, int]] = []  # the length of a part, and where its occurrences begin in the order
    for place in range(1, len(order) + 1):
        length = common[place] if place < len(order) else 0
        begin = place - 1
        while open_ and open_[-1][0] > length:
            longest, begin = open_.pop()
            yield Repeat(longest, sorted(order[begin:place]))
        if length and (not open_ or open_[-1][0] < length):
            open_.append((length, begin))


def _suffixes(values: Sequence[int]) -> list[int]:
    """Where the suffixes of a list begin, in their order: each pass compares twice as many values."""
    ranks = list(values)
    size, nothing = len(ranks), min(values, default=0) - 1
    order = sorted(range(size), key=ranks.__getitem__)
    step = 1
    while True:
        keys = [(ranks[place], ranks[place + step] if place + step < size else nothing) for place in range(size)]
        order.sort(key=keys.__getitem__)
        new, rank = [0] * size, 0
        for before, place in itertools.pairwise(order):
            rank += keys[before] != keys[place]
            new[place] = rank
        ranks, nothing = new, -1
        if rank >= size - 1:
            return order
        step *= 2


def _common(values: Sequence[int], order: Sequence[int]) -> list[int]:
    """How many values each suffix has in common with the one before it in the order (Kasai's way)."""
    size = len(values)
    places = [0] * size
    for place, start in enumerate(order):
        places[start] = place
    found, length = [0] * size, 0
    for start in range(size):
        if not places[start]:
            length = 0
            continue
        other = order[places[start] - 1]
        while max(start, other) + length < size and values[start + length] == values[other + length]:
            length += 1
        found[places[start]] = length
        length = max(0, length - 1)
    return found
