"""Runs of equal items in one row: items that read each other in a chain, or stand side by side.

Equal is what a reader would see as equal: the same types, arguments and wiring; names and weights may differ, and inside
blocks the sizes of the tensors. In a chain that is equal but for rates, such as dilations, three are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from specc.backends.pictures.scenes.rates import without_rates
from specc.backends.pictures.scenes.scene import Card, Frame, Item, Wire, card_of, cards_of

LONGEST_PERIOD = 40
"""Items that may repeat together."""
MOST_COMPARISONS = 100_000
"""Of items in one row: in a longer row, fewer may repeat together."""
FEWEST_LAYERS = 3
"""Single layers in a row, or side by side, that are worth folding."""
FEWEST_IN_GROUPS = 6
"""Single layers in groups that repeat."""
FEWEST_INPUTS = 8
"""Inputs of the model, which differ in the number at the end of their names."""


class Run(NamedTuple):
    """Items that repeat: so many from a position on, so often; each reads the one before it, or all stand side by side."""

    start: int
    period: int
    times: int
    in_chain: bool

    @property
    def end(self) -> int:
        """The position after the last copy."""
        return self.start + self.period * self.times

    @property
    def hidden(self) -> int:
        """How many items are no longer seen."""
        return self.period * (self.times - 1)


class Net:
    """The wires, by the cards at their ends."""

    def __init__(self, wires: Sequence[Wire]) -> None:
        self.wires = dict(enumerate(wires))
        self._into: dict[str, list[int]] = {}
        self._from: dict[str, list[int]] = {}
        for key, wire in self.wires.items():
            self._into.setdefault(wire.head, []).append(key)
            self._from.setdefault(wire.tail, []).append(key)

    def into(self, card: str) -> list[Wire]:
        """The wires that end at a card."""
        return [self.wires[key] for key in self._into.get(card, ()) if key in self.wires]

    def out_of(self, card: str) -> list[Wire]:
        """The wires that begin at a card."""
        return [self.wires[key] for key in self._from.get(card, ()) if key in self.wires]

    def remove(self, card: str, instead: str, inside: set[str]) -> None:
        """A card goes: what it reads, and what reads it among those inside; ``instead`` gives the rest, if it is not empty."""
        for key in self._into.pop(card, ()):
            self.wires.pop(key, None)
        for key in self._from.pop(card, ()):
            wire = self.wires.get(key)
            if wire is None:
                continue
            if not instead or wire.head in inside:
                del self.wires[key]
            else:
                self.wires[key] = wire._replace(tail=instead)
                self._from.setdefault(instead, []).append(key)


def _own(card: Card, words: tuple[str, ...]) -> object:
    if card.form == "output":
        return card.id
    if card.form == "input":
        return (card.form, card.tensor, card.name.rstrip("0123456789"))
    looks = (card.form, card.type, words, tuple(card.ports.in_), tuple(card.ports.out), card.times)
    return (*looks, card.frozen, card.dtype, card.mark, tuple(card.notes))


def badges_of(members: Iterable[Item]) -> Iterator[str]:
    """The letters of cards and frames, at any depth, and empty ones."""
    for item in members:
        yield card_of(item).badge
        if isinstance(item, Frame):
            yield from badges_of(item.members)


class Looks:
    """What a reader sees of an item, as a number that is equal for equal ones.

    A letter whose calls are all inside one item counts as any other such letter: each copy shares layers of its own.
    """

    def __init__(self, net: Net, members: Sequence[Item], *, but_for_rates: bool = False) -> None:
        self._net = net
        self.but_for_rates = but_for_rates
        self._calls = Counter(badges_of(members))
        self._numbers: dict[object, int] = {}
        self._alone: dict[str, int] = {}
        self._in_frame: dict[str, int] = {}

    def add(self, item: Item) -> None:
        """Look at an item, whose own members were looked at before."""
        card = card_of(item)
        inside = self._wired(item.members) if isinstance(item, Frame) else None
        look = (_own(card, without_rates(card.words) if self.but_for_rates else tuple(card.words)), inside)
        self._in_frame[card.id] = self._number(look)
        self._alone[card.id] = self._number((look, self._sharing(item), card.tensor if inside is None else None))

    def of(self, item: Item) -> int:
        """The number of an item that was added."""
        return self._alone[card_of(item).id]

    def _number(self, look: object) -> int:
        return self._numbers.setdefault(look, len(self._numbers))

    def _sharing(self, item: Item) -> object:
        """The letters in an item, those of its own by their order."""
        letters = list(badges_of([item]))
        own = [letter for letter, calls in Counter(letters).items() if letter and calls == self._calls[letter]]
        return tuple(own.index(letter) if letter in own else letter for letter in letters)

    def _wired(self, members: list[Item]) -> object:
        """The members and the wires between them; what comes from outside by its order."""
        cards = [card.id for member in members for card in cards_of(member)]
        positions = {card: position for position, card in enumerate(cards)}
        outside: dict[str, int] = {}
        wires: list[object] = []
        for card in cards:
            for wire in self._net.into(card):
                tail: object = positions.get(wire.tail)
                wires.append(
                    (wire.into, tail, wire.out)
                    if tail is not None
                    else (wire.into, outside.setdefault(wire.net, len(outside)))
                )
            wires.append(None)
        return (tuple(self._in_frame[card_of(member).id] for member in members), tuple(wires))


class _End(NamedTuple):
    """What enters an item: the position of the card inside, its port, and what gives it."""

    head: int
    into: str
    tail: str
    out: str


class Row:
    """The members of one frame, and what goes from one to another."""

    def __init__(self, members: list[Item], net: Net, looks: Looks) -> None:
        self._at: dict[str, tuple[int, int]] = {}
        for index, item in enumerate(members):
            for inner, seen in enumerate(cards_of(item)):
                self._at[seen.id] = (index, inner)
        self._members = members
        self._looks = [looks.of(item) for item in members]
        self._but_for_rates = looks.but_for_rates
        self._entering: list[list[_End]] = [[] for _ in members]
        self._readers: list[dict[str, int]] = [{} for _ in members]
        """For each item the cards outside it that read it, with the position of their item; -1 outside the row."""
        for card, (index, inner) in self._at.items():
            for wire in net.into(card):
                if self._at.get(wire.tail, (-1, 0))[0] != index:
                    self._entering[index].append(_End(inner, wire.into, wire.tail, wire.out))
            for wire in net.out_of(card):
                reader = self._at.get(wire.head, (-1, 0))[0]
                if reader != index:
                    self._readers[index][wire.head] = reader

    def by_lane(self) -> list[Item]:
        """The members, each followed by the one that alone reads it and reads nothing else."""
        order: dict[int, None] = {}
        for first in range(len(self._members)):
            item: int | None = first
            while item is not None and item not in order:
                order[item] = None
                item = self._next_in_lane(item)
        return [self._members[index] for index in order]

    def _next_in_lane(self, item: int) -> int | None:
        readers = set(self._readers[item].values())
        if len(readers) != 1 or -1 in readers:
            return None
        (reader,) = readers
        return reader if all(self._at.get(end.tail, (-1, 0))[0] == item for end in self._entering[reader]) else None

    def runs(self) -> list[Run]:
        """Runs that do not overlap, in order: those that hide most come first to take their place, then short periods."""
        count = len(self._members)
        longest = min(LONGEST_PERIOD, count // 2, 1 + MOST_COMPARISONS // max(1, count))
        found = [run for period in range(1, longest + 1) for run in self._of_period(period)]
        taken: set[int] = set()
        chosen: list[Run] = []
        for run in sorted(found, key=lambda it: (-it.hidden, it.period, it.start)):
            if taken.isdisjoint(range(run.start, run.end)):
                taken.update(range(run.start, run.end))
                chosen.append(run)
        return sorted(chosen)

    def _of_period(self, period: int) -> Iterator[Run]:
        looks, start = self._looks, 0
        last = len(looks) - 2 * period
        while start <= last:
            if looks[start] != looks[start + period]:
                start += 1
                continue
            run = self._chain(start, period)
            if run.times == 1 and not self._but_for_rates:
                run = self._side_by_side(start, period)
            if self._is_worth(run):
                yield run
                start = run.end
            else:
                start += 1

    def _is_worth(self, run: Run) -> bool:
        if run.times < (2 if run.in_chain and not self._but_for_rates else 3):
            return False
        copy = self._members[run.start : run.start + run.period]
        if run.times < FEWEST_INPUTS and any(isinstance(item, Card) and item.form == "input" for item in copy):
            return False
        if any(isinstance(item, Frame) for item in copy):
            return True
        return run.period * run.times >= (FEWEST_LAYERS if run.period == 1 else FEWEST_IN_GROUPS)

    def _look_alike(self, at: int, period: int) -> bool:
        """Whether there is a copy here that looks like the one before it."""
        return at + period <= len(self._looks) and self._looks[at - period : at] == self._looks[at : at + period]

    def _chain(self, start: int, period: int) -> Run:
        """Copies, each of which reads the one before it or what all read; only the last is read by others."""
        times = 1
        while self._look_alike(at := start + times * period, period):
            before = range(at - period, at + period)
            if any(reader not in before for item in range(at - period, at) for reader in self._readers[item].values()):
                break
            if not self._reads_alike(at, period, start):
                break
            times += 1
        return Run(start, period, times, in_chain=True)

    def _reads_alike(self, at: int, period: int, start: int) -> bool:
        """Whether a copy reads what the copy before it reads, or the same one copy later.

        What enters the first copy comes from elsewhere: for each such tensor the second reads one of the first copy.
        """
        instead: dict[tuple[str, str], tuple[str, str]] = {}
        for index in range(at, at + period):
            ends, before = self._entering[index], self._entering[index - period]
            if len(ends) != len(before):
                return False
            for end, other in zip(ends, before, strict=True):
                net, earlier = (end.tail, end.out), (other.tail, other.out)
                if (end.head, end.into) != (other.head, other.into) or instead.setdefault(earlier, net) != net:
                    return False
                if net == earlier:
                    if self._at.get(end.tail, (-1, 0))[0] >= start:
                        return False
                    continue
                tail, tail_before = self._at.get(end.tail), self._at.get(other.tail)
                if tail is None or not at - period <= tail[0] < at + period:
                    return False
                is_later = tail_before is not None and (tail[0] - tail_before[0], tail[1], end.out) == (
                    period,
                    tail_before[1],
                    other.out,
                )
                is_first = at == start + period and tail[0] < at and (tail_before is None or tail_before[0] < start)
                if not is_later and not is_first:
                    return False
        return len(set(instead.values())) == len(instead)

    def _side_by_side(self, start: int, period: int) -> Run:
        """Copies that read the same, and that one other card reads."""
        times = 1
        while self._look_alike(at := start + times * period, period) and self._is_beside(at, period):
            times += 1
        return Run(start, period, times, in_chain=False)

    def _is_beside(self, at: int, period: int) -> bool:
        """Whether a copy reads what the copy before it reads, and one other card reads both."""
        reader = ""
        for index in range(at, at + period):
            if not self._reads_the_same(index, period, at):
                return False
            for item, own in ((index - period, at - period), (index, at)):
                for card, position in self._readers[item].items():
                    if own <= position < own + period:
                        continue
                    if reader not in ("", card):
                        return False
                    reader = card
        return True

    def _reads_the_same(self, index: int, period: int, at: int) -> bool:
        """Whether an item reads what the item one period before reads, or the same in its own copy."""
        ends, before = self._entering[index], self._entering[index - period]
        if len(ends) != len(before):
            return False
        for end, other in zip(ends, before, strict=True):
            if end == other:
                continue
            tail, tail_before = self._at.get(end.tail), self._at.get(other.tail)
            if tail is None or tail_before is None or tail[0] < at or tail_before[0] != tail[0] - period:
                return False
            if (end.head, end.into, end.out, tail[1]) != (other.head, other.into, other.out, tail_before[1]):
                return False
        return True
