"""Which layer of the old graph is which of the new one.

From strong evidence to weak: equal layers with equal surroundings; between those the same order, in which equal layers
count more than those of one type; then what follows along the edges, and names if most have been kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from specc.alignment.labels import Side, arguments
from specc.alignment.sequences import best_alignment, common_subsequence, longest_rise

Own = Callable[[Side], dict[str, int]]
"""What a layer is by itself, as a label: its content or its type."""

LARGEST_GAP = 60_000
"""Pairs of layers that an exact alignment may compare."""


def match(old: Side, new: Side) -> dict[str, str]:
    """The new name of each layer that both graphs have, by the old name."""
    matches = Matches(old, new)
    matches.by_surroundings(_content)
    matches.by_order()
    matches.along_edges(_content)
    matches.by_name()
    matches.by_surroundings(_kind)
    matches.along_edges(_kind)
    matches.in_same_place()
    return {name: matches.new_of[name] for name in old.order if name in matches.new_of}


def _content(side: Side) -> dict[str, int]:
    return side.content


def _kind(side: Side) -> dict[str, int]:
    return side.kind


@dataclass
class Matches:
    """The matches found so far."""

    old: Side
    new: Side
    new_of: dict[str, str] = field(default_factory=dict)
    old_of: dict[str, str] = field(default_factory=dict)

    def put(self, old: str, new: str) -> bool:
        """Match two layers, unless one is matched already."""
        if old in self.new_of or new in self.old_of:
            return False
        self.new_of[old], self.old_of[new] = new, old
        return True

    def left(self) -> tuple[list[str], list[str]]:
        """The layers that are not matched yet, in order."""
        return (
            [name for name in self.old.order if name not in self.new_of],
            [name for name in self.new.order if name not in self.old_of],
        )

    def by_surroundings(self, own: Own) -> None:
        """Layers that are equal with all that is above and below them, then with either."""
        old_above, new_above = self.old.above(own(self.old)), self.new.above(own(self.new))
        old_below, new_below = self.old.below(own(self.old)), self.new.below(own(self.new))
        self._by_key(lambda name: (old_above[name], old_below[name]), lambda name: (new_above[name], new_below[name]))
        self._by_key(old_above.__getitem__, new_above.__getitem__)
        self._by_key(old_below.__getitem__, new_below.__getitem__)

    def _by_key(self, old_key: Callable[[str], object], new_key: Callable[[str], object]) -> None:
        """Those of one key: by name, and the others in order if there are equally many."""
        old_left, new_left = self.left()
        groups: dict[object, tuple[list[str], list[str]]] = {}
        for name in old_left:
            groups.setdefault(old_key(name), ([], []))[0].append(name)
        for name in new_left:
            groups.setdefault(new_key(name), ([], []))[1].append(name)
        for olds, news in groups.values():
            common = set(olds) & set(news)
            for name in common:
                self.put(name, name)
            if len(olds) == len(news):
                others = ([name for name in names if name not in common] for names in (olds, news))
                for name, other in zip(*others, strict=True):
                    self.put(name, other)

    def by_order(self) -> None:
        """Between matches that are in the same order, what is best aligned with the order kept."""
        for find in (self._in_large_gap, self._in_small_gap):
            for olds, news in list(self._gaps()):
                for at, to in find(olds, news):
                    self.put(olds[at], news[to])

    def _in_large_gap(self, olds: list[str], news: list[str]) -> list[tuple[int, int]]:
        """Equal layers of a gap that is too large for the exact alignment."""
        if len(olds) * len(news) <= LARGEST_GAP:
            return []
        return common_subsequence([self.old.content[it] for it in olds], [self.new.content[it] for it in news])

    def _in_small_gap(self, olds: list[str], news: list[str]) -> list[tuple[int, int]]:
        if len(olds) * len(news) > LARGEST_GAP:
            return common_subsequence([self.old.kind[it] for it in olds], [self.new.kind[it] for it in news])
        return best_alignment([[self._likeness(old, new) for new in news] for old in olds])

    def _likeness(self, old: str, new: str) -> int:
        """How much speaks for a match: 0 for another type, and most for equal arguments."""
        if self.old.kind[old] != self.new.kind[new]:
            return 0
        reads = [self.new_of.get(ref.node) for _, ref in self.old.inputs[old]]
        readers = [self.new_of.get(reader) for reader, _ in self.old.readers[old]]
        return (
            40
            + (20 if self.old.content[old] == self.new.content[new] else self._equal_arguments(old, new))
            + 5 * (old == new)
            + 5 * (reads == [ref.node for _, ref in self.new.inputs[new]])
            + 5 * (readers == [reader for reader, _ in self.new.readers[new]])
        )

    def _equal_arguments(self, old: str, new: str) -> int:
        """10 for layers of one type with equal arguments, less for each that differs."""
        layers = self.old.nodes[old].layer, self.new.nodes[new].layer
        if type(layers[0]) is not type(layers[1]):
            return 0
        values = [arguments(layer) for layer in layers]
        different = [name for name, value in values[0].items() if value != values[1][name]]
        return max(10 - 3 * len(different), 0)

    def _gaps(self) -> Iterator[tuple[list[str], list[str]]]:
        """What is not matched between two matches that follow each other in both orders."""
        old_at = {name: index for index, name in enumerate(self.old.order)}
        new_at = {name: index for index, name in enumerate(self.new.order)}
        matched = [name for name in self.old.order if name in self.new_of]
        rising = longest_rise([new_at[self.new_of[name]] for name in matched])
        fixed = [(old_at[matched[index]], new_at[self.new_of[matched[index]]]) for index in rising]
        start, other_start = 0, 0
        for end, other_end in [*fixed, (len(old_at), len(new_at))]:
            olds = [name for name in self.old.order[start:end] if name not in self.new_of]
            news = [name for name in self.new.order[other_start:other_end] if name not in self.old_of]
            start, other_start = end + 1, other_end + 1
            if olds and news:
                yield olds, news

    def by_name(self) -> None:
        """Layers of one type and name, if most layers that are matched have kept their names."""
        kept = sum(old == new for old, new in self.new_of.items())
        if 2 * kept < len(self.new_of):
            return
        old_left, new_left = self.left()
        for name in set(old_left) & set(new_left):
            if self.old.nodes[name].named and self.new.nodes[name].named and self._likeness(name, name):
                self.put(name, name)

    def along_edges(self, own: Own) -> None:
        """From each match to what it reads and what reads it."""
        old_own, new_own = own(self.old), own(self.new)
        pending = deque(self.new_of.items())
        while pending:
            old, new = pending.popleft()
            for olds, news in self._neighbours(old, new):
                groups: dict[object, tuple[list[str], list[str]]] = {}
                for name, place in olds:
                    groups.setdefault((place, old_own[name]), ([], []))[0].append(name)
                for name, place in news:
                    groups.setdefault((place, new_own[name]), ([], []))[1].append(name)
                for some, others in groups.values():
                    if len(some) == len(others):
                        pending.extend(it for it in zip(some, others, strict=True) if self.put(*it))

    def _neighbours(self, old: str, new: str) -> Iterator[tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
        """What two layers read, and what reads them, with the places; without what is matched."""
        yield (
            [(ref.node, place) for place, ref in self.old.inputs[old] if ref.node not in self.new_of],
            [(ref.node, place) for place, ref in self.new.inputs[new] if ref.node not in self.old_of],
        )
        yield (
            [it for it in self.old.readers[old] if it[0] not in self.new_of],
            [it for it in self.new.readers[new] if it[0] not in self.old_of],
        )

    def in_same_place(self) -> None:
        """Layers of two types where one replaces the other: between the same layers, and both with weights or both without."""
        own = {name: name for name in self.old_of}
        self._by_key(
            lambda name: self._place(self.old, name, self.new_of), lambda name: self._place(self.new, name, own)
        )

    @staticmethod
    def _place(side: Side, name: str, matched: Mapping[str, str]) -> object:
        """What a layer reads and what reads it, by the new names; nothing equals it if one of them is not matched."""
        reads = [matched.get(ref.node) for _, ref in side.inputs[name]]
        readers = [matched.get(reader) for reader, _ in side.readers[name]]
        if not reads or None in reads or None in readers:
            return object()
        return (bool(side.graph.weights[name]), tuple(reads), tuple(sorted(map(str, readers))))
