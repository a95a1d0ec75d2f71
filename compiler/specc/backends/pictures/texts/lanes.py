"""Lanes beside lines of text, as ``git log --graph`` draws them: a lane for each tensor, from its card down to its last reader.

●
├─╮
│ ●
├─╯
◆
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

_CORNERS = {
    "ud": "│", "lr": "─", "u": "│", "d": "│", "l": "─", "r": "─", "": " ",
    "ur": "╰", "ul": "╯", "dr": "╭", "dl": "╮",
    "udr": "├", "udl": "┤", "ulr": "┴", "dlr": "┬", "udlr": "┼",
}  # fmt: skip
"""A cell by its arms: up, down, left, right."""


class Lanes:
    """The lanes from one line of text to the next.

    A tensor that finds no free lane, and one that is read above the card that gives it, has a number instead.
    """

    def __init__(self, readers: Mapping[str, int], most: int) -> None:
        self.most = most
        self._left = dict(readers)
        """How many cards are still to read each tensor."""
        self._lanes: list[str] = [""] * (most + 1)
        """The tensor in each lane, if any; the last is for cards only."""
        self._at: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._end = -1
        """The lane that ends at the last card: one that reads none of the lanes is apart from it."""

    def passing(self, glyph: str = "", at: int = -1) -> str:
        """The lanes beside a line of text, with a card's glyph in one of them."""
        cells = [glyph if lane == at else "│" if net else " " for lane, net in enumerate(self._lanes)]
        return " ".join(cells).rstrip()

    def order(self, nets: Iterable[str]) -> list[str]:
        """Tensors in the order of their lanes, from the left; those without come last."""
        return sorted(nets, key=lambda net: self._at.get(net, self.most))

    def number(self, net: str) -> int:
        """The number that stands for the lane of a tensor; 0 if it has a lane."""
        if net in self._at:
            return 0
        return self._numbers.setdefault(net, len(self._numbers) + 1)

    def read(self, nets: Collection[str]) -> tuple[int, str]:
        """The lane of a card that reads these tensors, and the line that leads them to it; empty if it needs none."""
        before = self._taken()
        read = {self._at[net] for net in nets if net in self._at}
        ended = set()
        for net in nets:
            self._left[net] -= 1
            if not self._left[net] and net in self._at:
                ended.add(self._at[net])
                self._lanes[self._at.pop(net)] = ""
        lane = min(ended) if ended else self._free(max(read, default=-1) + 1)
        if not read and lane == self._end:
            return lane, self.passing() or " "
        return lane, "" if read <= {lane} else _line(read | {lane}, before, self._taken() | {lane})

    def give(self, lane: int, nets: Collection[str]) -> str:
        """The line below a card that leads its tensors to their lanes, the first straight down; empty if it needs none."""
        before = self._taken() | {lane}
        taken = {lane}
        for net in nets:
            free = lane if not self._lanes[lane] and lane < self.most else self._free(lane + 1)
            if net in self._numbers or free == self.most:
                self.number(net)
                continue
            self._lanes[free] = net
            self._at[net] = free
            taken.add(free)
        self._end = -1 if self._lanes[lane] else lane
        return _line(taken, before, self._taken()) if len(taken) > 1 else ""

    def _taken(self) -> set[int]:
        return {lane for lane, net in enumerate(self._lanes) if net}

    def _free(self, start: int) -> int:
        """The first free lane from one on, or before it if there is none below the limit."""
        lanes = (*range(start, self.most), *range(min(start, self.most)))
        return next((lane for lane in lanes if not self._lanes[lane]), self.most)


def _line(touched: set[int], before: set[int], after: set[int]) -> str:
    """A line that connects lanes: those that it does not touch pass through it, uninterrupted."""
    first, last = min(touched), max(touched)
    cells: list[str] = []
    for lane in range(max(before | after) + 1):
        inside = first <= lane <= last
        if lane in touched:
            cells.append(
                _CORNERS["u" * (lane in before) + "d" * (lane in after) + "l" * (lane > first) + "r" * (lane < last)]
            )
        else:
            cells.append("│" if lane in before else "─" if inside else " ")
        cells.append("─" if inside and lane < last else " ")
    return "".join(cells).rstrip()
