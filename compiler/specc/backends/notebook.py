"""What a notebook shows of a graph: its picture, or a word if there is none."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from specc.backends import emit
from specc.backends.formats import named

if TYPE_CHECKING:
    from specc.ir import TypedGraph


def shown(graph: TypedGraph) -> dict[str, str]:
    """A graph by media type: the SVG, or HTML with the reason why there is none and the DOT text. Never raises."""
    text = {"text/plain": repr(graph)}
    try:
        return {"image/svg+xml": emit.picture(graph).decode(), **text}
    except Exception as error:  # a cell shows the graph at the end of a line that did something else, which is done
        reason = str(error) or type(error).__name__
    try:
        instead = f"<pre>{escape(emit.picture(graph, named('dot')).decode())}</pre>"
    except Exception:
        instead = ""
    return {"text/html": f"<p>{escape(reason)}</p>{instead}", **text}
