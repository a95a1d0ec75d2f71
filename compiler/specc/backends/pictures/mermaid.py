"""TypedGraph to a Mermaid flowchart, which Markdown pages show as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from specc.backends.pictures.dot import ENDS, FILLS, GROUP_BORDER, GROUP_FILLS, INK
from specc.backends.pictures.drawing import Arrow, Box, Direction, Drawing, Group, draw, folds, rankdir
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.phrases import TIMES
from specc.ir import TypedGraph

_PLAIN = frozenset(" ,.+-*/=_()→…" + TIMES)
"""Characters, besides letters and digits, that mean nothing to Mermaid inside a quoted label."""


def mermaid(graph: TypedGraph, options: Options = DEFAULT) -> str:
    """The flowchart of a graph."""
    return spell(draw(graph, fold=folds(graph, options)), rankdir(options))


def spell(drawing: Drawing, direction: Direction = "TB") -> str:
    """The flowchart of a drawing."""
    lines = [
        f"%% {escaped(drawing.title)}: {escaped(drawing.note)}",
        f"flowchart {direction}",
        *_members(drawing.root, "  "),
        *(f"  {_arrow(arrow)}" for arrow in drawing.arrows),
        *(f"  {line}" for line in _styles(drawing)),
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Text for a quoted label: whatever could be markup becomes Mermaid's code for the character.

    Mermaid breaks the line at ``\n`` even if the backslash is a code: a similar character is used instead.

    >>> escaped('<b> "#1"')
    '#60;b#62; #34;#35;1#34;'
    """
    shown = text.replace("\\", "\N{REVERSE SOLIDUS OPERATOR}")
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in shown)


def _members(group: Group, indent: str) -> Iterator[str]:
    for member in group.members:
        if isinstance(member, Box):
            yield f"{indent}{_box(member)}"
            continue
        words = " ".join(part for part in (member.name, member.type, member.note) if part)
        yield f'{indent}subgraph {member.id}["{escaped(words)}"]'
        yield from _members(member, indent + "  ")
        yield f"{indent}end"


def _box(box: Box) -> str:
    head = f"<b>{escaped(box.name)}</b> {escaped(box.type)}"
    text = "<br/>".join([head, *(escaped(line) for line in (*box.arguments, box.note) if line)])
    opening, closing = {"input": ("([", "])"), "output": ("([", "])"), "folded": ("[[", "]]")}.get(box.role, ("(", ")"))
    return f'{box.id}{opening}"{text}"{closing}:::{_style(box)}'


def _arrow(arrow: Arrow) -> str:
    return f'{arrow.tail} -->|"{"<br/>".join(map(escaped, arrow.lines))}"| {arrow.head}'


def _style(box: Box) -> str:
    return box.role if box.role in ENDS else box.family


def _styles(drawing: Drawing) -> Iterator[str]:
    """The classes that the picture uses, in the colours of the DOT picture."""
    used = {_style(box) for box in drawing.root.boxes()}
    for name, (fill, border) in FILLS.items():
        if name in used:
            yield f"classDef {name} fill:{fill},stroke:{border},color:{INK}"
    for role, fill in ENDS.items():
        if role in used:
            yield f"classDef {role} fill:{fill},stroke:{fill},color:#ffffff"
    for group in drawing.root.groups():
        yield f"style {group.id} fill:{GROUP_FILLS[(group.depth - 1) % 2]},stroke:{GROUP_BORDER},color:{INK}"
    shared = [box.id for box in drawing.root.boxes() if box.node is not None and box.node.shares is not None]
    yield from (f"style {id} stroke-dasharray:5 3" for id in shared)
