"""The order of what is seen in which tensors flow down, for a text of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from specc.backends.pictures.texts.view import Seen, View

_Arrows = dict[str, list[tuple[str, str]]]
"""Those between members of a frame, by the frame: from a member or what is in it, to another."""


def in_flow(seen: View) -> View:
    """The view with the members of each frame after what they read, as far as possible, and otherwise in their order.

    Inputs come before what reads them first, outputs after what gives them. Two frames that read each other cannot both
    come first; then it is the first one.
    """
    return replace(seen, members=_sorted("", seen.members, _arrows(seen)))


def _arrows(seen: View) -> _Arrows:
    paths: dict[str, tuple[str, ...]] = {}
    _add_paths(seen.members, (), paths)
    arrows: _Arrows = {}
    for wire in seen.wires:
        frame = ""
        for tail, head in zip(paths[wire.tail], paths[wire.head], strict=False):
            if tail != head:
                arrows.setdefault(frame, []).append((tail, head))
                break
            frame = tail
    return arrows


def _add_paths(members: Sequence[Seen], path: tuple[str, ...], paths: dict[str, tuple[str, ...]]) -> None:
    for member in members:
        own = (*path, member.card.id)
        if member.members is None:
            paths[member.card.id] = own
        else:
            _add_paths(member.members, own, paths)


def _sorted(frame: str, members: Sequence[Seen], arrows: _Arrows) -> tuple[Seen, ...]:
    place = _places(frame, members, arrows)
    waits = Counter(head for _, head in arrows.get(frame, ()))
    readers: dict[str, list[str]] = {}
    for tail, head in arrows.get(frame, ()):
        readers.setdefault(tail, []).append(head)
    rest = {member.card.id: member for member in sorted(members, key=lambda member: place[member.card.id])}
    ready = [(place[id], id) for id in rest if not waits[id]]
    heapify(ready)
    found: list[Seen] = []
    while rest:
        id = heappop(ready)[1] if ready else next(iter(rest))
        if id not in rest:
            continue
        member = rest.pop(id)
        inside = None if member.members is None else _sorted(id, member.members, arrows)
        found.append(replace(member, members=inside))
        for head in readers.get(id, ()):
            waits[head] -= 1
            if not waits[head]:
                heappush(ready, (place[head], head))
    return tuple(found)


def _places(frame: str, members: Sequence[Seen], arrows: _Arrows) -> dict[str, tuple[int, int]]:
    """Where members are wanted: an input right before its first reader, an output right after what it is."""
    place = {member.card.id: (index, 0) for index, member in enumerate(members)}
    forms = {member.card.id: member.card.form for member in members}
    wanted: dict[str, tuple[int, int]] = {}
    for tail, head in arrows.get(frame, ()):
        if forms[tail] == "input":
            wanted[tail] = min(wanted.get(tail, (place[head][0], -1)), (place[head][0], -1))
        if forms[head] == "output":
            wanted[head] = (place[tail][0], 1)
    return place | wanted
