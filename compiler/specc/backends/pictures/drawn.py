"""Whatever can be drawn, and the scene of it: every format begins here."""

from __future__ import annotations

from specc.alignment import Alignment
from specc.backends.pictures.marked.broken import broken_scene
from specc.backends.pictures.marked.change import change_scene
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.scene import Scene
from specc.ir import TypedGraph
from specc.sketch import Sketch

Drawn = TypedGraph | Alignment | Sketch
"""A graph, the change from one graph to another, or what is known of one with errors."""


def scene_of(drawn: Drawn) -> Scene:
    """The scene of what is drawn."""
    if isinstance(drawn, Alignment):
        return change_scene(drawn)
    if isinstance(drawn, Sketch):
        return broken_scene(drawn)
    return make_scene(drawn)


def graphs_of(drawn: Drawn) -> tuple[TypedGraph, ...]:
    """The graphs in it; the first gives the picture its name."""
    if isinstance(drawn, Alignment):
        return drawn.new, drawn.old
    return (drawn.graph if isinstance(drawn, Sketch) else drawn,)
