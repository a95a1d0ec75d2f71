"""TypedGraph to Graphviz's DOT text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from specc.backends.pictures.drawing import Arrow, Box, Direction, Drawing, Family, Group, draw, folds, rankdir
from specc.backends.pictures.options import DEFAULT, Options
from specc.ir import TypedGraph

if TYPE_CHECKING:
    from graphviz import Digraph

FONT = "DejaVu Sans"
LARGE = 500
"""Ranks that arrows cross, in total, from which a layout must be quick rather than beautiful."""
CROWDED = 8_000
"""The same times the parallel arrows, from which Graphviz would take minutes to bend them around boxes."""

INK, GREY, LINE = "#1e293b", "#475569", "#64748b"
FILLS: dict[Family, tuple[str, str]] = {
    "conv": ("#dbeafe", "#3b74c4"),
    "pool": ("#ecf3fa", "#7d95ae"),
    "dense": ("#fdebc8", "#b7791f"),
    "norm": ("#d9f2e1", "#3d8b5f"),
    "merge": ("#eadff9", "#7c58b8"),
    "sequence": ("#fbdde6", "#b8476f"),
    "other": ("#f4f4f2", "#85857e"),
}
"""Fill and border of each family. The fills are about equally light: dark text reads on all, in grey as well."""
ENDS = {"input": "#166534", "output": "#3730a3"}
"""Where data enters and leaves: dark, with white text."""
GROUP_FILLS = ("#f8fafc", "#eef2f7")
"""For nested groups, alternately."""
GROUP_BORDER = "#94a3b8"

_GRAPH = {"labelloc": "t", "fontname": FONT, "nodesep": "0.3", "ranksep": "0.28", "pad": "0.2"}
_LARGE_GRAPH = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.1"}
_CROWDED_GRAPH = {**_LARGE_GRAPH, "splines": "line"}
_NODE = {"shape": "box", "style": "rounded,filled", "fontname": FONT, "margin": "0.14,0.07", "height": "0.3"}
_EDGE = {"fontname": FONT, "fontsize": "9", "fontcolor": GREY, "color": LINE, "arrowsize": "0.7"}
_STRAIGHT, _LARGE_STRAIGHT = "100", "20"
"""The weight of the first arrow out of one box and into another: the main line is straight, and skips bend
around it. High weights make the layout of a large graph slow."""
_GAP = '<font point-size="2"> </font>'


def dot(graph: TypedGraph, options: Options = DEFAULT) -> str:
    """The DOT text of a graph's picture."""
    return spell(draw(graph, fold=folds(graph, options)), rankdir(options))


def spell(drawing: Drawing, direction: Direction = "TB") -> str:
    """The DOT text of a drawing."""
    import graphviz

    label = _lines(_font(_bold(drawing.title), 14), _GAP, _font(escaped(drawing.note), 10, GREY), _font(" ", 10))
    limits = _limits(drawing.arrows)
    digraph = graphviz.Digraph(
        "specc",
        graph_attr={"rankdir": direction, "label": label, **_GRAPH, **limits},
        node_attr=_NODE,
        edge_attr=_EDGE,
    )
    _members(digraph, drawing.root)
    weight = _LARGE_STRAIGHT if limits else _STRAIGHT
    left: set[str] = set()
    reached: set[str] = set()
    for arrow in drawing.arrows:
        first = arrow.tail not in left and arrow.head not in reached
        left.add(arrow.tail)
        reached.add(arrow.head)
        digraph.edge(arrow.tail, arrow.head, label=_arrow_label(arrow), weight=weight if first else None)
    return str(digraph.source)


def escaped(text: str) -> str:
    r"""Text for an HTML-like label. Graphviz expands ``\N`` and ``\G`` there too, so backslashes are doubled.

    >>> escaped('<b> & "c" \\G')
    '&lt;b&gt; &amp; &quot;c&quot; &#92;&#92;G'
    """
    return escape(text).replace("\\", "&#92;&#92;")


def _limits(arrows: list[Arrow]) -> dict[str, str]:
    """Bounds the time of a layout; its cost grows with the ranks that the arrows cross."""
    rank: dict[str, int] = {}
    for arrow in arrows:
        rank[arrow.head] = max(rank.get(arrow.head, 0), rank.get(arrow.tail, 0) + 1)
    crossed = sum(rank[arrow.head] - rank.get(arrow.tail, 0) for arrow in arrows)
    if crossed * crossed > CROWDED * max(rank.values(), default=0):
        return _CROWDED_GRAPH
    return _LARGE_GRAPH if crossed > LARGE else {}


def _members(digraph: Digraph, group: Group) -> None:
    for member in group.members:
        if isinstance(member, Box):
            digraph.node(member.id, **_box_attributes(member))
            continue
        with digraph.subgraph(name=f"cluster_{member.id}") as inside:
            inside.attr(
                label=_group_label(member),
                labeljust="l",
                style="rounded,filled",
                fillcolor=GROUP_FILLS[(member.depth - 1) % len(GROUP_FILLS)],
                color=GROUP_BORDER,
                margin="10",
            )
            _members(inside, member)


def _box_attributes(box: Box) -> dict[str, str]:
    if box.role in ("input", "output"):
        word = _font(box.type, 9, "#cbd5e1")
        return {
            "label": _lines(_font(_bold(box.name), 11, "#ffffff") + "  " + word, *_details(box, "#e2e8f0")),
            "fillcolor": ENDS[box.role],
            "color": ENDS[box.role],
        }
    fill, border = FILLS[box.family]
    attributes = {
        "label": _lines(_font(_bold(box.name), 11) + "  " + _font(escaped(box.type), 10), *_details(box, GREY)),
        "fillcolor": fill,
        "color": border,
    }
    if box.role == "folded":
        attributes |= {"penwidth": "2.5", "color": GREY}
    if box.role == "entry" or (box.node is not None and box.node.shares is not None):
        attributes["style"] = "rounded,filled,dashed"
    return attributes


def _details(box: Box, color: str) -> list[str]:
    lines = (_font(escaped(line), 9, color) for line in (*box.arguments, box.note) if line)
    return [part for line in lines for part in (_GAP, line)]


def _group_label(group: Group) -> str:
    """Narrow and to the left, where arrows into the group seldom pass."""
    head = _font(_bold(group.name), 10) + (_font(f"  {escaped(group.type)}", 9, GREY) if group.type else "")
    return _left(head, *([_font(escaped(group.note), 9, GREY)] if group.note else []))


def _arrow_label(arrow: Arrow) -> str:
    *way, tensor = arrow.lines
    return _lines(*(f" {_bold(line)} " for line in way), f" {escaped(tensor)} ")


def _left(*lines: str) -> str:
    return "<" + "".join(line + '<br align="left"/>' for line in lines) + ">"


def _lines(*lines: str) -> str:
    return f"<{'<br/>'.join(lines)}>"


def _font(text: str, size: int, color: str = INK) -> str:
    return f'<font point-size="{size}" color="{color}">{text}</font>'


def _bold(text: str) -> str:
    return f"<b>{escaped(text)}</b>"
