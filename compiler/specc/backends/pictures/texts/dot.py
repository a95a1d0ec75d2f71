"""A graph, or a change, as Graphviz's DOT text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Literal

from specc.backends.pictures.drawn import Drawn, scene_of
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.scenes.phrases import TIMES
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, short_count
from specc.backends.pictures.scenes.wording import in_lines
from specc.backends.pictures.texts.palette import Paint, Palette, family_of, light
from specc.backends.pictures.texts.view import Seen, SeenWire, View, heading, merged, notes_of, view, words_of

LONGEST_LINE, LONGEST_FRAME_LINE = 40, 24
LONGEST_CAPTION = 48
MOST_LINES = 3
MOST_ARROWS = 2
"""Arrows beside each other; more are one with their number."""
FONT = "DejaVu Sans,Verdana,sans-serif"

_GRAPH = {
    "newrank": "true",  # ranks of the whole picture, not of each cluster: no arrow goes back
    "labelloc": "t",
    "fontname": FONT,
    "nodesep": "0.3",
    "ranksep": "0.3",
    "pad": "0.2",
}
_NODE = {"shape": "box", "style": "rounded,filled", "fontname": FONT, "margin": "0.14,0.07", "height": "0.3"}
_STRAIGHT = "100"
"""The weight of an arrow that is the only one of its card at one end: branches are straight, and skips bend around them."""
_TABLE = '<table border="0" cellborder="0" cellspacing="0" cellpadding="{}">'

Attributes = dict[str, str]


def dot(drawn: Drawn, options: Options = DEFAULT) -> str:
    """The DOT text of a picture."""
    return spell(fold_repeats(scene_of(drawn)), options)


def spell(scene: Scene, options: Options = DEFAULT) -> str:
    """The DOT text of a scene; ``options.say`` is told what is folded. ValueError if ``options.expand`` names no block."""
    seen = view(scene, options)
    for said in seen.said:
        options.say(said)
    return "\n".join(_Speller(seen, options).lines()) + "\n"


def escaped(text: str) -> str:
    r"""Text for an HTML-like label. Graphviz expands ``\N`` and ``\G`` there too, so backslashes are doubled.

    >>> escaped('<b> & "c" \\G')
    '&lt;b&gt; &amp; &quot;c&quot; &#92;&#92;G'
    """
    return escape(text).replace("\\", "&#92;&#92;")


class _Speller:
    def __init__(self, seen: View, options: Options) -> None:
        self._seen = seen
        self._down = options.direction == "down"
        self._all = options.show == "all"
        self._colors: Palette = light()
        self._ports: dict[str, dict[Literal["in", "out"], list[str]]] = {}
        """The names at each card's arrows."""
        for wire in seen.wires:
            self._add_port(wire.head, "in", wire.in_name)
            self._add_port(wire.tail, "out", wire.out_name)

    def _add_port(self, card: str, side: Literal["in", "out"], name: str) -> None:
        names = self._ports.setdefault(card, {"in": [], "out": []})[side]
        if name and name not in names:
            names.append(name)

    def lines(self) -> Iterator[str]:
        """The lines of the text."""
        colors, seen = self._colors, self._seen
        title = [_font(_bold(seen.title), 14, colors.ink)]
        below = [
            line for said in (seen.caption, *seen.said) for line in wrap(said, LONGEST_CAPTION, break_long_words=False)
        ]
        title += [_font(escaped(line), 10, colors.soft) for line in below]
        graph = _GRAPH | {"rankdir": "TB" if self._down else "LR", "label": _html("<br/>".join(title))}
        edge = {"color": colors.line, "arrowsize": "0.7"}
        yield "digraph specc {"
        for name, attributes in (("graph", graph), ("node", _NODE), ("edge", edge)):
            yield f"\t{name} {_attributes(attributes)}"
        yield from self._members(seen.members, "\t", 0)
        inputs = [_quoted(member.card.id) for member in seen.members if member.card.form == "input"]
        if len(inputs) > 1:
            yield f"\t{{rank=source; {'; '.join(inputs)}}}"
        yield from self._edges()
        yield "}"

    def _edges(self) -> Iterator[str]:
        wires = list(merged(self._seen.wires))
        leaving, entering = Counter(wire.tail for wire, _ in wires), Counter(wire.head for wire, _ in wires)
        for wire, count in wires:
            attributes = {}
            if leaving[wire.tail] == 1 or entering[wire.head] == 1:
                attributes["weight"] = _STRAIGHT
            if count > MOST_ARROWS:
                attributes["label"] = _html(_font(f" {TIMES} {count} ", 9, self._colors.soft))
            for _ in range(1 if count > MOST_ARROWS else count):
                yield f"\t{self._edge(wire, attributes)}"

    def _members(self, members: Sequence[Seen], indent: str, depth: int) -> Iterator[str]:
        for member in members:
            if member.members is None:
                yield f"{indent}{_quoted(member.card.id)} {_attributes(self._card(member.card))}"
                continue
            yield f"{indent}subgraph {_quoted(f'cluster_{member.card.id}')} {{"
            for name, value in self._cluster(member.card, depth).items():
                yield f"{indent}\t{name}={value if value.startswith('<') else _quoted(value)}"
            yield from self._members(member.members, f"{indent}\t", depth + 1)
            yield f"{indent}}}"

    def _cluster(self, card: Card, depth: int) -> Attributes:
        """A frame, with its title on the left, where arrows into it seldom pass."""
        lines = [
            self._heading(card, self._colors.ink, self._colors.soft),
            *self._details(card, self._colors.ink, self._colors.soft, LONGEST_FRAME_LINE),
        ]
        return {
            "label": _html("".join(f'{line}<br align="left"/>' for line in lines)),
            "labeljust": "l",
            "style": "rounded,filled",
            "fillcolor": self._colors.frames[depth % len(self._colors.frames)],
            "color": self._colors.marks[card.mark] if card.mark else self._colors.border,
            "margin": "10",
        }

    def _card(self, card: Card) -> Attributes:
        paint = self._colors.families[family_of(card)]
        attributes = {"fillcolor": paint.fill, "color": paint.line}
        if card.times > 1:
            attributes["peripheries"] = "2"
        if card.form in ("block", "input", "output"):
            attributes["penwidth"] = "2"
        if card.mark:
            attributes |= {"color": self._colors.marks[card.mark], "penwidth": "3"}
        if card.mark in ("removed", "unknown"):
            attributes |= {"style": "rounded,filled,dashed", "fillcolor": self._colors.page}
            paint = Paint(self._colors.page, paint.line, self._colors.ink, self._colors.soft)
        text = "<br/>".join([self._heading(card, paint.ink, paint.soft), *self._details(card, paint.ink, paint.soft)])
        into, out = (self._row(card, side, paint) for side in ("in", "out"))
        if into or out:
            return attributes | {"margin": "0", "label": _html(self._with_ports(into, text, out))}
        if card.form == "merge":
            attributes |= {"shape": "oval", "margin": "0.04,0.02"}
        return attributes | {"label": _html(text)}

    def _heading(self, card: Card, ink: str, soft: str) -> str:
        first, second = heading(card)
        return _font(_bold(first), 11, ink) + (f"  {_font(escaped(second), 9, soft)}" if second else "")

    def _details(self, card: Card, ink: str, color: str, longest: int = LONGEST_LINE) -> list[str]:
        """What is below the heading: the phrases, what is known of the size, and the notes of its mark."""
        lines = list(in_lines(words_of(card, all=self._all), longest, 99 if self._all else MOST_LINES))
        params = [f"{short_count(card.params)} params"] if card.params else []
        facts = " · ".join([*params, *([card.shape] if card.shape else [])])
        found = [_font(escaped(line), 9, color) for line in (*lines, facts) if line]
        return found + [_font(_bold(note), 9, ink) for note in notes_of(card)]

    def _row(self, card: Card, side: Literal["in", "out"], paint: Paint) -> str:
        """The names at a card's arrows, each in a cell at which they end."""
        names = self._ports.get(card.id, {}).get(side, [])
        cells = [
            f'<td port="{side}{index}">{_font(escaped(name), 8, paint.soft)}</td>' for index, name in enumerate(names)
        ]
        if not cells:
            return ""
        between = "" if self._down else "</tr><tr>"
        return f"{_TABLE.format(3)}<tr>{between.join(cells)}</tr></table>"

    def _with_ports(self, into: str, text: str, out: str) -> str:
        text = f"{_TABLE.format(4)}<tr><td>{text}</td></tr></table>"
        cells = [f"<td>{part}</td>" for part in (into, text, out) if part]
        between = "</tr><tr>" if self._down else ""
        return f"{_TABLE.format(0)}<tr>{between.join(cells)}</tr></table>"

    def _edge(self, wire: SeenWire, attributes: Attributes) -> str:
        tail = self._end(wire.tail, "out", wire.out_name)
        head = self._end(wire.head, "in", wire.in_name)
        if wire.mark:
            attributes = attributes | {"color": self._colors.marks[wire.mark], "penwidth": "2"}
        if wire.mark == "removed":
            attributes["style"] = "dashed"
        return f"{tail} -> {head}" + (f" {_attributes(attributes)}" if attributes else "")

    def _end(self, card: str, side: Literal["in", "out"], name: str) -> str:
        if not name:
            return _quoted(card)
        compass = {"in": "nw", "out": "se"}[side][0 if self._down else 1]
        return f"{_quoted(card)}:{side}{self._ports[card][side].index(name)}:{compass}"


def _attributes(attributes: Attributes) -> str:
    pairs = (f"{name}={value if value.startswith('<') else _quoted(value)}" for name, value in attributes.items())
    return f"[{' '.join(pairs)}]"


def _quoted(text: str) -> str:
    if re.fullmatch(r"[A-Za-z_]\w*|\d+|\d+\.\d+", text, re.ASCII):
        return text
    return '"' + text.replace('"', '\\"') + '"'


def _html(text: str) -> str:
    return f"<{text}>"


def _font(text: str, size: int, color: str) -> str:
    return f'<font point-size="{size}" color="{color}">{text}</font>'


def _bold(text: str) -> str:
    return f"<b>{escaped(text)}</b>"
