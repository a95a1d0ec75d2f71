"""A graph, or a change, as a Mermaid flowchart, which Markdown pages show as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from specc.backends.pictures.drawn import Drawn, scene_of
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.scenes.phrases import TIMES
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, short_count
from specc.backends.pictures.scenes.wording import in_lines
from specc.backends.pictures.texts.palette import family_of, light
from specc.backends.pictures.texts.view import Seen, SeenWire, View, heading, merged, notes_of, view, words_of

MOST_CHARACTERS = 50_000
"""Of a text that Mermaid draws unless a page allows more: its ``maxTextSize``."""
MOST_EDGES = 500
"""Its ``maxEdges``."""
WIDEST_LABEL = 400
"""In pixels. At Mermaid's 200 it breaks shapes into lines."""
LONGEST_LINE = 40
MOST_LINES = 3

_PLAIN = frozenset(" ,.+-*/=_()→…·" + TIMES)
"""Characters, besides letters and digits, that mean nothing to Mermaid inside a quoted label."""
_IN_LABELS = str.maketrans("\\$", "\N{REVERSE SOLIDUS OPERATOR}\N{FULLWIDTH DOLLAR SIGN}")
_IN_TITLES = str.maketrans(
    "&<>\\",
    "\N{FULLWIDTH AMPERSAND}\N{FULLWIDTH LESS-THAN SIGN}\N{FULLWIDTH GREATER-THAN SIGN}\N{REVERSE SOLIDUS OPERATOR}",
)
"""Mermaid shows a title's markup and its codes as they are written: similar characters are used instead."""
_SHAPES = {
    "input": ("([", "])"),
    "output": ("([", "])"),
    "layer": ("(", ")"),
    "merge": ("{{", "}}"),
    "block": ("[[", "]]"),
}


def mermaid(drawn: Drawn, options: Options = DEFAULT) -> str:
    """The flowchart of a graph, or of a change."""
    return spell(fold_repeats(scene_of(drawn)), options)


def spell(scene: Scene, options: Options = DEFAULT) -> str:
    """The flowchart of a scene, with more folded than the options say if Mermaid would refuse it.

    ``options.say`` is told what is folded, and of what is still too large. ValueError if ``options.expand`` names no block.
    """
    text, edges, said = _spelled(scene, options, [])
    limits = f"Mermaid draws at most {MOST_EDGES} edges and {MOST_CHARACTERS:,} characters"
    for smaller in (replace(options, depth=None, expand=()), replace(options, depth=0, expand=())):
        if _fits(text, edges):
            break
        text, edges, said = _spelled(scene, smaller, [f"more is folded than was asked for: {limits}"])
    if not _fits(text, edges):
        size = f"{edges:,} edges and {len(text):,} characters"
        text, _, said = _spelled(
            scene,
            smaller,
            [f"too large for Mermaid even with all blocks folded ({size}): {limits}; write .svg or .html instead"],
        )
    for line in said:
        options.say(line)
    return text


def escaped(text: str) -> str:
    r"""Text for a quoted label: whatever could be markup becomes Mermaid's code for the character.

    Mermaid breaks the line at ``\n``, and sets what is between dollars as a formula, even if they are codes: similar
    characters are used instead.

    >>> escaped('<b> "#1"')
    '#60;b#62; #34;#35;1#34;'
    """
    shown = text.translate(_IN_LABELS)
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in shown)


def _fits(text: str, edges: int) -> bool:
    return edges <= MOST_EDGES and len(text) <= MOST_CHARACTERS


def _spelled(scene: Scene, options: Options, warnings: list[str]) -> tuple[str, int, list[str]]:
    """The text, the number of its edges, and what there is to say of it."""
    seen = view(scene, options)
    said = [*warnings, *seen.said]
    wires = list(merged(seen.wires))
    lines = [
        "---",
        f"title: {json.dumps(seen.title.translate(_IN_TITLES), ensure_ascii=False)}",
        f"config: {{flowchart: {{wrappingWidth: {WIDEST_LABEL}}}}}",
        "---",
        *(f"%% {line}" for line in (seen.caption, *said)),
        f"flowchart {'LR' if options.direction == 'right' else 'TB'}",
        *_members(seen.members, "  ", all=options.show == "all"),
        *(f"  {_edge(wire, count)}" for wire, count in wires),
        *(f"  {line}" for line in _styles(seen, [wire for wire, _ in wires])),
    ]
    return "\n".join(lines) + "\n", len(wires), said


def _members(members: Sequence[Seen], indent: str, *, all: bool) -> Iterator[str]:
    for member in members:
        card = member.card
        if member.members is None:
            opening, closing = _SHAPES[card.form]
            label = "<br/>".join([_heading(card), *_details(card, all=all)])
            yield f'{indent}{card.id}{opening}"{label}"{closing}:::{family_of(card)}'
            continue
        yield f'{indent}subgraph {card.id}["{_title(card)}"]'
        yield from _members(member.members, indent + "  ", all=all)
        yield f"{indent}end"


def _heading(card: Card) -> str:
    first, second = heading(card)
    return f"<b>{escaped(first)}</b>" + (f" {escaped(second)}" if second else "")


def _title(card: Card) -> str:
    """A frame's title: Mermaid has room for one line."""
    signs = (
        ["in parallel"] * card.parallel
        + [f"shared {card.badge}"] * bool(card.badge)
        + ["frozen"] * card.frozen
        + [card.mark] * bool(card.mark)
    )
    return " · ".join([_heading(card), *(escaped(sign) for sign in signs)])


def _details(card: Card, *, all: bool) -> Iterator[str]:
    lines = in_lines(words_of(card, all=all), LONGEST_LINE, 99 if all else MOST_LINES)
    facts = [f"{short_count(card.params)} params"] * bool(card.params) + [card.shape] * bool(card.shape)
    for line in (*lines, " · ".join(facts), *notes_of(card)):
        if line:
            yield escaped(line)


def _edge(wire: SeenWire, count: int) -> str:
    into = f"→ {wire.in_name}" if wire.in_name else ""
    label = " ".join(part for part in (wire.out_name, into, f"{TIMES} {count}" if count > 1 else "") if part)
    return f'{wire.tail} -->{f"""|"{escaped(label)}"|""" if label else ""} {wire.head}'


def _styles(seen: View, wires: list[SeenWire]) -> Iterator[str]:
    """The classes that the picture uses. Frames are only a little darker or lighter than the page, whichever it is."""
    colors = light()
    cards = list(seen.cards())
    used = {family_of(card) for card in cards}
    for name, paint in colors.families.items():
        if name in used:
            yield f"classDef {name} fill:{paint.fill},stroke:{colors.border},color:{paint.ink}"
    frames = [frame.card for frame in seen.frames()]
    if frames:
        yield f"classDef frame fill:{colors.border}22,stroke:{colors.border}"
        yield f"class {','.join(card.id for card in frames)} frame"
    for mark, color in colors.marks.items():
        marked = [card.id for card in (*cards, *frames) if card.mark == mark]
        if marked:
            dashed = ",stroke-dasharray:5 3" if mark in ("removed", "unknown") else ""
            yield f"classDef {mark} stroke:{color},stroke-width:4px{dashed}"
            yield f"class {','.join(marked)} {mark}"
        drawn = [str(index) for index, wire in enumerate(wires) if wire.mark == mark]
        if drawn:
            yield f"linkStyle {','.join(drawn)} stroke:{color},stroke-width:3px"
