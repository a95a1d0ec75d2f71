"""Folds what repeats: equal layers and blocks in a row, or side by side, become one frame "x N".

Equal is what a reader would see as equal: the same types, arguments, shapes and wiring; names and weights may differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from specc.backends.pictures.scene import Card, Frame, Scene, Wire

Item = Card | Frame

LONGEST_PERIOD = 40
"""Items that may repeat together."""
FEWEST_LAYERS = 3
"""Single layers in a row that are worth folding."""


class Run(NamedTuple):
    """Items that repeat: so many from a position on, so often."""

    start: int
    period: int
    times: int

    @property
    def end(self) -> int:
        """The position after the last copy."""
        return self.start + self.period * self.times


def fold_repeats(scene: Scene) -> Scene:
    """The scene with a frame for each run of equal items, at any depth."""
    folder = _Folder(scene.wires)
    members = folder.fold(scene.members)
    return replace(scene, members=members, wires=folder.wires)


@dataclass(slots=True)
class _Folder:
    wires: list[Wire]
    stacks: int = 0

    def fold(self, members: list[Item]) -> list[Item]:
        """The members with their runs folded, those inside frames first."""
        for member in members:
            if isinstance(member, Frame):
                member.members = self.fold(member.members)
        while True:
            run = _Row(members, self.wires).longest_run()
            if run is None:
                return members
            members = self._replace(members, run)

    def _replace(self, members: list[Item], run: Run) -> list[Item]:
        """One copy for all. What entered or left a copy enters or leaves the one that is kept."""
        kept = members[run.start : run.start + run.period]
        first = [card.id for item in kept for card in cards_of(item)]
        same: dict[str, str] = {}
        for copy in range(1, run.times):
            at = run.start + copy * run.period
            others = [card.id for item in members[at : at + run.period] for card in cards_of(item)]
            same |= dict(zip(others, first, strict=True))
        self._redirect(same, set(first))
        return [*members[: run.start], self._stack(members[run.start : run.end], kept, run.times), *members[run.end :]]

    def _redirect(self, same: dict[str, str], first: set[str]) -> None:
        """Wires between two copies go; others end at the copy that is kept, each once."""
        found: dict[Wire, None] = {}
        for wire in self.wires:
            inside = {wire.tail, wire.head} <= same.keys() | first
            if wire.tail not in same and wire.head not in same:
                found[wire] = None
            elif not inside:
                found[wire._replace(tail=same.get(wire.tail, wire.tail), head=same.get(wire.head, wire.head))] = None
        self.wires = list(found)

    def _stack(self, copies: Sequence[Item], kept: list[Item], times: int) -> Frame:
        cards = [item.card if isinstance(item, Frame) else item for item in copies]
        params, layers = sum(card.params for card in cards), sum(card.layers for card in cards)
        (only, *more) = kept
        if isinstance(only, Frame) and not more:
            card = replace(only.card, name=_common_name(cards), times=times, params=params, layers=layers)
            return replace(only, card=card)
        self.stacks += 1
        if more:
            own = Card(f"s{self.stacks}", "block", "other", " ".join(card.type for card in cards[: len(kept)][:3]))
        else:
            assert isinstance(only, Card)
            own = replace(only, id=f"s{self.stacks}")
        own = replace(own, name=_common_name(cards) if not more else "", times=times, params=params, layers=layers)
        return Frame(own, f"stack of {own.type}", kept)


class _Row:
    """Members of one frame, each as what equal ones have in common."""

    def __init__(self, members: list[Item], wires: list[Wire]) -> None:
        self.members = members
        self.at: dict[str, tuple[int, int]] = {}
        for index, item in enumerate(members):
            for inner, card in enumerate(cards_of(item)):
                self.at[card.id] = (index, inner)
        self.contents: list[object] = [_content(item) for item in members]
        self.entering: list[list[Wire]] = [[] for _ in members]
        self.leaving: list[list[Wire]] = [[] for _ in members]
        for wire in wires:
            tail, head = self.at.get(wire.tail), self.at.get(wire.head)
            if head is not None:
                self.entering[head[0]].append(wire)
            if tail is not None and (head is None or head[0] != tail[0]):
                self.leaving[tail[0]].append(wire)

    def longest_run(self) -> Run | None:
        """The run that hides most items; of equal ones that with the shortest period."""
        best: Run | None = None
        for period in range(1, min(LONGEST_PERIOD, len(self.members) // 2) + 1):
            start = 0
            while start + 2 * period <= len(self.members):
                times = 1
                while self._repeats(start, period, times):
                    times += 1
                run = self._worth(Run(start, period, times))
                if run is None:
                    start += 1
                    continue
                if best is None or run.period * (run.times - 1) > best.period * (best.times - 1):
                    best = run
                start = run.end
        return best

    def _worth(self, run: Run) -> Run | None:
        if run.times < 2 or not self._can_be_one(run):
            return None
        frames = any(isinstance(item, Frame) for item in self.members[run.start : run.start + run.period])
        return run if frames or run.period * run.times >= FEWEST_LAYERS + (run.period > 1) * 3 else None

    def _repeats(self, start: int, period: int, copy: int) -> bool:
        """Whether the copy is there and equal to the one before it."""
        at = start + copy * period
        if at + period > len(self.members):
            return False
        return all(
            self.contents[index] == self.contents[index - period]
            and self._same_wires(index, period, is_second=copy == 1, start=at)
            for index in range(at, at + period)
        )

    def _same_wires(self, index: int, period: int, *, is_second: bool, start: int) -> bool:
        """Whether an item reads what the item one period before reads, or the same one period later."""
        wires, before = self.entering[index], self.entering[index - period]
        if len(wires) != len(before):
            return False
        for wire, other in zip(wires, before, strict=True):
            if (self.at[wire.head][1], wire.into) != (self.at[other.head][1], other.into):
                return False
            if (wire.tail, wire.out) == (other.tail, other.out):
                continue
            tail, earlier = self.at.get(wire.tail), self.at.get(other.tail)
            if tail is None or tail[0] < start - period:
                return False
            if is_second and (earlier is None or earlier[0] < start - period):
                continue  # what enters the first copy comes from elsewhere
            if earlier is None or tail[0] - earlier[0] != period or (tail[1], wire.out) != (earlier[1], other.out):
                return False
        return True

    def _can_be_one(self, run: Run) -> bool:
        """Whether nothing says which copy it reads: only the last is read from outside, or all are by one card."""
        last = run.end - run.period
        readers: list[set[str]] = []
        for copy in range(run.times):
            at = run.start + copy * run.period
            outside = {
                wire.head
                for index in range(at, at + run.period)
                for wire in self.leaving[index]
                if not run.start <= self.at.get(wire.head, (-1, 0))[0] < run.end
            }
            readers.append(outside)
            if at == last:
                break
        if not any(readers[:-1]):
            return True
        return len(set.union(*readers)) == 1 and all(readers) and run.times > 2


def cards_of(item: Item) -> Iterator[Card]:
    """The cards of an item, at any depth."""
    if isinstance(item, Frame):
        for member in item.members:
            yield from cards_of(member)
    else:
        yield item


def _content(item: Item, *, in_frame: bool = False) -> object:
    """Equal for items that look equal. Instances of a block that differ in the size of their input only are equal."""
    if isinstance(item, Frame):
        return (_own(item.card), tuple(_content(member, in_frame=True) for member in item.members))
    return (_own(item), () if in_frame else (item.shape, item.params))


def _own(card: Card) -> object:
    if card.form in ("input", "output") or card.badge:
        return id(card)
    return (card.form, card.type, tuple(card.words), card.times, tuple(card.ports.in_))


def _common_name(cards: Sequence[Card]) -> str:
    """What the names of copies begin with: "decoder" of decoder_1 and decoder_2.

    >>> card = Card("n", "layer", "dense", "Dense")
    >>> _common_name([replace(card, name="expert_1"), replace(card, name="expert_12")])
    'expert'
    """
    names = [card.name for card in cards]
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    common = "".join(letters[0] for letters in same)
    return common.rstrip("0123456789").rstrip("_.- ")
