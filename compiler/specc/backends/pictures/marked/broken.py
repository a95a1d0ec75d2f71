"""The scene of a spec with errors: its graph as far as it is known, each error at its layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from specc.backends.pictures.marked.marking import mark_frames, tell
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.scene import Item, Scene, Subject, card_of, frames_of
from specc.diagnostics import Diagnostic
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import Node
from specc.ir.graph import Output
from specc.sketch import Sketch
from specc.sketch.standin import Standin
from specc.words import count_of

LONGEST_NOTE = 120
MOST_NOTES = 3
"""Errors that are told at one card."""
MOST_OTHERS = 3
"""Errors that are told in the caption, as they are about no layer."""
_SUBJECT = re.compile(r"^(?:block )?'[^']*'(?: \([\w.]+\))?:? ")


def broken_scene(sketch: Sketch) -> Scene:
    """The scene of what is known, with marks and notes where something is wrong or not known."""
    scene = make_scene(sketch.graph)
    items = [*scene.members, *(member for frame in frames_of(scene.members) for member in frame.members)]
    for item in items:
        _mark(item, scene.subjects[card_of(item).id], sketch)
    errors = {id(it): it for found in sketch.blame.members.values() for it in found} | {
        id(it): it for it in sketch.blame.others
    }
    unknown = sum(not _is_name(sketch.graph.nodes[name]) for name in sketch.unknown)
    caption = [count_of(len(errors), "error"), *([f"{count_of(unknown, 'layer')} not known"] if unknown else [])]
    caption += map(note_of, sketch.blame.others[:MOST_OTHERS])
    return replace(scene, caption=" · ".join(caption), open=mark_frames(scene.members))


def _mark(item: Item, subject: Subject, sketch: Sketch) -> None:
    card, member = card_of(item), subject.item
    if subject.graph is not sketch.graph:  # inside a nested model, which is known as a whole or not at all
        return
    if isinstance(member, Output):
        if member.ref.node in sketch.unknown:
            card.mark = "unknown"
        return
    names = subject.graph.graph.parts_of(member) if isinstance(member, Node) else (member.name,)
    found = [it for name in names for it in sketch.blame.members.get(name, ())]
    if isinstance(member, Node) and not sketch.unknown.isdisjoint(names):
        card.mark = "unknown"
        if _is_name(member):
            card.name = ""
            tell(card, "error", ["there is no such name"])
    if found:
        tell(card, "error", list(_notes(found)))


def _is_name(node: Node) -> bool:
    return isinstance(node.layer, Standin) and node.layer.is_name


def _notes(found: Iterable[Diagnostic]) -> Iterator[str]:
    found = list(found)
    yield from map(note_of, found[:MOST_NOTES])
    if len(found) > MOST_NOTES:
        yield f"{len(found) - MOST_NOTES} more"


def note_of(diagnostic: Diagnostic) -> str:
    """An error in a line, without the name of what it is about.

    The message of ``'d' (Dense) needs 'units'`` begins with that.
    """
    said = _SUBJECT.sub("", printable(diagnostic.message), count=1)
    return shorten(f"{diagnostic.code}: {said}", LONGEST_NOTE)
