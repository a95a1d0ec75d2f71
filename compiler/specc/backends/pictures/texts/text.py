"""A graph, or a change, as text for a terminal: a line for each card, beside the lanes of its tensors.

│   ┏ residual × 2   3 layers
├─╮ ┃
│ ● ┃ Conv2D         16 filters, 3×3, same
├─╯ ┃
◆   ┃ Add
●   ┗ ReLU
"""  # noqa: RUF002 - the multiplication sign

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from specc.backends.pictures.drawn import Drawn, scene_of
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.scenes.phrases import TIMES
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, short_count
from specc.backends.pictures.scenes.wording import in_lines
from specc.backends.pictures.texts.flow import in_flow
from specc.backends.pictures.texts.lanes import Lanes
from specc.backends.pictures.texts.view import Seen, View, heading, view, words_of
from specc.diagnostics.columns import clip, width, wrap

FILE_COLUMNS = 120
"""The width of a text that is not for a terminal."""
NARROWEST = 40
TABLE = 80
"""Columns from which shapes and parameters stand below each other."""
MOST_LANES = 12
MOST_CARDS = 120

_GLYPHS = {"input": "○", "output": "◎", "layer": "●", "merge": "◆", "block": "■"}
_BARS = {"begins": "┏ ", "goes on": "┃ ", "ends": "┗ "}
_BOLD, _FAINT, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_RED, _GREEN, _YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"
_FAMILIES = {
    "conv": "\x1b[34m",
    "pool": "\x1b[36m",
    "dense": _YELLOW,
    "norm": _GREEN,
    "merge": "\x1b[35m",
    "sequence": "\x1b[95m",
    "constant": _FAINT,
}
"""Of the colours that every terminal has, as its user has set them."""
_MARKS = {
    "": (" ", ""),
    "added": ("+", _GREEN),
    "removed": ("-", _RED),
    "changed": ("~", _YELLOW),
    "error": ("!", _RED),
    "unknown": ("?", _FAINT),
}


@dataclass(slots=True)
class Line:
    """A line of the text before its columns are known."""

    bars: list[str]
    """Of the frames around it, the outer first: what it does to each."""
    lanes: str
    card: Card | None = None
    text: str = ""
    """What it says if it is about no card."""
    below: str = ""
    """The lanes beside the lines that continue it."""
    glyph: str = ""
    """The card's sign among its lanes."""


def text(drawn: Drawn, options: Options = DEFAULT) -> str:
    """A graph as text; `spell` says how."""
    return spell(fold_repeats(scene_of(drawn)), options)


def spell(scene: Scene, options: Options = DEFAULT) -> str:
    """A scene as text: for a terminal, as wide as that and in colour unless NO_COLOR is set; else `FILE_COLUMNS` wide.

    What is folded is said below the title, and not to ``options.say``: whoever reads the text is told. ValueError if
    ``options.expand`` names no block.
    """
    seen = in_flow(view(scene, options, MOST_CARDS))
    columns = max(options.terminal or FILE_COLUMNS, NARROWEST)
    lines = list(Drawer(seen, max(2, min(MOST_LANES, columns // 8))).lines(seen.members, []))
    color = options.terminal is not None and "NO_COLOR" not in os.environ
    setter = Setter(lines, columns, all=options.show == "all", color=color)
    below = [setter.styled(wrap(said, columns, 0, 2), _FAINT) for said in (seen.caption, *seen.said)]
    parts = [setter.styled(clip(seen.title, columns), _BOLD), *below, ""]
    for line in lines:
        parts += setter.set(line)
    return "\n".join(parts) + "\n"


class Drawer:
    """Draws the lanes beside the cards of a view."""

    def __init__(self, seen: View, most_lanes: int) -> None:
        marks = {card.id: card.mark for card in seen.cards()}
        self._reads: dict[str, dict[str, list[str]]] = {card.id: {} for card in seen.cards()}
        """What each card reads: each tensor, with the names of the ports that it goes to."""
        self._gives: dict[str, dict[str, str]] = {card.id: {} for card in seen.cards()}
        """What each card gives: each tensor, with its name."""
        for wire in seen.wires:
            net = f"{wire.tail} {wire.out}"
            mark = "" if wire.mark in (marks[wire.tail], marks[wire.head]) else wire.mark
            self._reads[wire.head].setdefault(net, []).append(f"{wire.in_name} {mark}".strip())
            self._gives[wire.tail][net] = wire.out_name
        self._lanes = Lanes(Counter(net for nets in self._reads.values() for net in nets), most_lanes)

    def lines(self, members: Sequence[Seen], bars: list[str]) -> Iterator[Line]:
        """The lines of members, from the top."""
        for item in members:
            if item.members is None:
                yield from self._card(item.card, bars)
                continue
            passing = self._lanes.passing()
            yield Line([*bars, "begins"], passing, item.card, below=passing)
            inside = list(self.lines(item.members, [*bars, "goes on"]))
            inside[-1].bars[len(bars)] = "ends"
            yield from inside

    def _card(self, card: Card, bars: list[str]) -> Iterator[Line]:
        reads = self._lanes.order(self._reads[card.id])
        into = [self._numbered(net, _joined(self._reads[card.id][net])) for net in reads]
        passing = self._lanes.passing()
        lane, line = self._lanes.read(reads)
        if line or any(into):
            below = self._lanes.passing("│", lane) if line else passing
            yield Line(list(bars), line or passing, text=_ports("in", into), below=below)
        gives, glyph = self._gives[card.id], _GLYPHS[card.form]
        below = self._lanes.passing("│" if gives else " ", lane)
        yield Line(list(bars), self._lanes.passing(glyph, lane), card, below=below, glyph=glyph)
        line = self._lanes.give(lane, gives)
        out = [self._numbered(net, gives[net]) for net in self._lanes.order(gives)]
        if line or any(out):
            below = self._lanes.passing()
            yield Line(list(bars), line or below, text=_ports("out", out), below=below)

    def _numbered(self, net: str, name: str) -> str:
        number = self._lanes.number(net)
        return f"{name} [{number}]".lstrip() if number else name


def _joined(names: list[str]) -> str:
    return ", ".join(filter(None, names)) or (f"{TIMES} {len(names)}" if len(names) > 1 else "")


def _ports(word: str, names: list[str]) -> str:
    """The names at a card's lanes, from the left, and the numbers that stand for lanes.

    >>> _ports("out", ["", "state_h"]), _ports("in", ["", "[1]", "[2]"]), _ports("in", ["", ""])
    ('out: · | state_h', 'in: [1] [2]', '')
    """
    if all(re.fullmatch(r"\[\d+\]|", name) for name in names):
        return f"{word}: {' '.join(filter(None, names))}" if any(names) else ""
    return f"{word}: {' | '.join(name or '·' for name in names)}"


class Setter:
    """Sets lines in columns: lanes, the type and name, the phrases, the shape, the parameters."""

    def __init__(self, lines: list[Line], columns: int, *, all: bool, color: bool) -> None:
        self._columns, self._all, self._color = columns, all, color
        cards = [line.card for line in lines if line.card is not None]
        self._marked = any(card.mark for card in cards)
        self._lanes = max((len(line.lanes) for line in lines), default=0)
        self._begin = 2 * self._marked + self._lanes + 1
        self._shape = max((width(card.shape) for card in cards), default=0)
        self._params = max((len(_params(card)) for card in cards), default=0)
        room = columns - self._begin - self._shape - self._params - 6
        self._head = min(max((_head_width(line) for line in lines), default=0), max(room // 2, 16))
        self._words = min(room - self._head, max((len(", ".join(self._phrases(card))) for card in cards), default=0))
        self._is_table = columns >= TABLE and room - self._head >= 16

    def set(self, line: Line) -> Iterator[str]:
        """The lines of the terminal that a line takes."""
        card = line.card
        if card is None:
            names = wrap(line.text, self._columns - self._begin - 2 * len(line.bars), 0, 2)
            texts = [self.styled(self._clipped(text, line), _FAINT) for text in names.split("\n")]
        else:
            texts = self._row(line, card) if self._is_table else self._paragraph(line, card)
            texts += [self.styled(self._clipped(f"  {note}", line), _MARKS[card.mark][1]) for note in card.notes]
        for index, text in enumerate(texts):
            yield self._beside(line, text, is_first=index == 0, is_last=index == len(texts) - 1)

    def styled(self, text: str, *styles: str) -> str:
        """A text in colour, if there is colour."""
        return f"{''.join(styles)}{text}{_END}" if self._color and text and any(styles) else text

    def _beside(self, line: Line, text: str, *, is_first: bool, is_last: bool) -> str:
        bars = "".join(
            _BARS["goes on" if (bar == "begins" and not is_first) or (bar == "ends" and not is_last) else bar]
            for bar in line.bars
        )
        lanes = f"{line.lanes if is_first else line.below:{self._lanes}} "
        mark = " "
        if line.card is not None and is_first:
            mark = self.styled(*_MARKS[line.card.mark])
            if line.glyph:
                lanes = lanes.replace(line.glyph, self.styled(line.glyph, self._color_of(line.card)))
        return f"{f'{mark} ' * self._marked}{lanes}{self.styled(bars, _FAINT)}{text}".rstrip()

    def _color_of(self, card: Card) -> str:
        return _MARKS[card.mark][1] or _FAMILIES.get(card.family, "")

    def _phrases(self, card: Card) -> list[str]:
        return words_of(card, all=self._all)

    def _row(self, line: Line, card: Card) -> list[str]:
        """A card's columns, and below each other what is too long for one."""
        indent = 2 * len(line.bars)
        words = in_columns(self._phrases(card), self._words)
        taken, room = _head_width(line), self._head + self._words + 2
        gap = " " * max(self._head - taken, 0) + "  "
        if words and taken + len(gap) + width(words[0]) > room:
            words.insert(0, "")
        first = words.pop(0) if words else ""
        fill = " " * (room - taken - len(gap) - width(first))
        right = f"{card.shape}{' ' * (self._shape - width(card.shape))}  {_params(card):>{self._params}}".rstrip()
        row = f"{self._heading(line, card)}{gap}{first}{fill}  {self.styled(right, _FAINT)}"
        below = " " * (self._head + 2 - indent)
        return [row.rstrip(), *(self._clipped(f"{below}{more}", line) for more in words)]

    def _paragraph(self, line: Line, card: Card) -> list[str]:
        """All that a card says, in as many lines as it takes."""
        params = f"{short_count(card.params)} params" if card.params else ""
        said = [*self._phrases(card), *filter(None, (card.shape, params))]
        room = self._columns - self._begin - 2 * len(line.bars)
        head, rest = self._heading(line, card), ", ".join(said)
        if _head_width(line) + 2 + width(rest) <= self._columns - self._begin:
            return [f"{head}  {rest}".rstrip()]
        return [head, *(self._clipped(f"  {more}", line) for more in in_columns(said, room - 2))]

    def _heading(self, line: Line, card: Card) -> str:
        first, second = heading(card)
        first = self._clipped(first, line)
        if second:
            second = self._clipped(f"{first} {second}", line)[len(first) :]
        return self.styled(first, _BOLD, self._color_of(card)) + self.styled(second, _FAINT)

    def _clipped(self, text: str, line: Line) -> str:
        return clip(text, self._columns - self._begin - 2 * len(line.bars))


def in_columns(phrases: list[str], columns: int) -> list[str]:
    """Phrases joined by commas, in lines of so many columns; a longer phrase has a line of its own."""
    text = ", ".join(phrases)
    return [text] if width(text) <= columns else list(in_lines(phrases, columns - 1, len(phrases)))


def _head_width(line: Line) -> int:
    if line.card is None:
        return 0
    first, second = heading(line.card)
    return 2 * len(line.bars) + width(first) + (1 + width(second) if second else 0)


def _params(card: Card) -> str:
    return short_count(card.params) if card.params else ""
