"""The frames of a scene that a user names, to have them open in any case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.scene import Card, Frame, Scene, clean
from specc.diagnostics.suggest import nearest
from specc.diagnostics.text_safety import printable
from specc.ir import Instance, NestedModel, Node

MOST_NAMES = 20
"""Names that an error lists."""


def opened(scene: Scene, options: Options) -> tuple[list[str], int | None]:
    """The ids of the frames that are open in any case, and how deep others are: None for as deep as fits.

    ValueError as from `frames_named`.
    """
    named = frames_named(scene, options.expand)
    if scene.open is None or options.depth is not None:
        return named, options.levels
    return [frame.card.id for frame, _ in _frames(scene.members, ()) if frame.card.id in {*named, *scene.open}], 0


def frames_named(scene: Scene, names: Sequence[str]) -> list[str]:
    """The ids of the frames with these names, and of those around them, in the order of the scene.

    A frame is named by its block or nested model, which all instances share, by its instance, alone or with the instances
    that it is inside (``stage2.main``), and by what its card shows. An instance that was folded with others is named by
    the one that stands for them. ValueError, which lists the names, for a name that nothing has.
    """
    if not names:
        return []
    frames = {frame.card.id: (frame, around) for frame, around in _frames(scene.members, ())}
    known = _by_name(scene, [frame for frame, _ in frames.values()])
    wanted: set[str] = set()
    for name in names:
        if name not in known:
            raise ValueError(_unknown(name, known))
        for id in known[name]:
            wanted |= {id, *frames[id][1]}
    return [id for id in frames if id in wanted]


def _frames(members: Sequence[Card | Frame], around: tuple[str, ...]) -> Iterator[tuple[Frame, tuple[str, ...]]]:
    """All frames, outer before inner, each with the ids of those around it."""
    for member in members:
        if isinstance(member, Frame):
            yield member, around
            yield from _frames(member.members, (*around, member.card.id))


def _by_name(scene: Scene, frames: list[Frame]) -> dict[str, list[str]]:
    """The ids of the frames that are there, by each of their names; blocks first, as an error lists them."""
    found: dict[str, list[str]] = {}

    def add(id: str, *names: str) -> None:
        for name in names:
            if name and id not in found.setdefault(name, []):
                found[name].append(id)

    for frame in frames:
        add(frame.card.id, frame.card.type)
    for frame in frames:
        add(frame.card.id, frame.card.name, frame.card.path)
    there = {frame.card.id for frame in frames}
    standing: dict[str, str] = {}
    for id, (_, item) in scene.subjects.items():
        if isinstance(item, Instance):
            kind = item.block
        elif isinstance(item, Node) and isinstance(item.layer, NestedModel):
            kind = item.type
        else:
            continue
        if id in there:
            standing[kind] = id
        if kind in standing:  # copies follow the one that is kept, and calls of a nested model the first of them
            add(standing[kind], clean(kind), item.name, item.own_name)
    return found


def _unknown(name: str, known: dict[str, list[str]]) -> str:
    said = f"no block, instance or nested model is named {printable(name)!r}"
    if not known:
        return f"{said}; the graph has none"
    guess = nearest(name, known)
    hint = f"; did you mean {printable(guess)!r}?" if guess is not None else ""
    more = f" and {len(known) - MOST_NAMES:,} more" if len(known) > MOST_NAMES else ""
    return f"{said}{hint}; names: {', '.join(map(printable, list(known)[:MOST_NAMES]))}{more}"
