"""Whatever can be drawn, and the scene of it: every format begins here."""

from __future__ import annotations

from specc.alignment import Alignment
from specc.backends.pictures.change import change_scene
from specc.backends.pictures.make_scene import make_scene
from specc.backends.pictures.scene import Scene
from specc.ir import TypedGraph

Drawn = TypedGraph | Alignment
"""A graph, or the change from one graph to another."""


def scene_of(drawn: Drawn) -> Scene:
    """The scene of what is drawn."""
    if isinstance(drawn, Alignment):
        return change_scene(drawn)
    return make_scene(drawn)
