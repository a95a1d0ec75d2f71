"""Errors to the layers and block instances that they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from specc.diagnostics import Diagnostic
from specc.frontend.reference_syntax import first_name
from specc.ir import Graph, Instance, Node
from specc.source import Path, Place, Source

Member = Node | Instance
At = tuple[Source, Path]
"""A place in a text, whatever the document that was made of it."""


@dataclass(frozen=True)
class Blame:
    """Where errors belong."""

    members: Mapping[str, tuple[Diagnostic, ...]]
    """By the name of a layer or an instance in the graph."""
    others: tuple[Diagnostic, ...]
    """What is about none of them."""


def blame(graph: Graph, diagnostics: Sequence[Diagnostic], failed: Set[str]) -> Blame:
    """The errors among the diagnostics by what they are about.

    An error of a block, or of copies, is told of the first only; others have it, too, if they are among the ``failed``
    layers, whose outputs are not known although their inputs are.
    """
    members: list[Member] = [*(it for it in graph.nodes.values() if not it.naming), *graph.instances.values()]
    at: dict[At, list[Member]] = {}
    for member in members:
        at.setdefault(_at(member.origin.place), []).append(member)
    found: dict[str, tuple[Diagnostic, ...]] = {}
    others: list[Diagnostic] = []
    for diagnostic in diagnostics:
        if diagnostic.severity != "error":
            continue
        blamed = _around(diagnostic.place, at) or _of_edge(diagnostic.place, graph)
        blamed = blamed or next(filter(None, (_around(it.place, at) for it in diagnostic.related)), [])
        blamed = blamed or _of_block(diagnostic.place.path, members)
        led = {_at(further.place) for further in diagnostic.related if further.is_expansion_step}
        for member in _led_to(blamed, led, failed):
            found[member.name] = (*found.get(member.name, ()), diagnostic)
        if not blamed:
            others.append(diagnostic)
    return Blame(found, tuple(others))


def _of_edge(place: Place, graph: Graph) -> list[Member]:
    """The layer at the end of an edge of the spec."""
    if place.path[:1] != ("edges",) or len(place.path) < 2:
        return []
    edge = place._replace(path=place.path[:2], part="value", within=None).written
    names = edge.values() if isinstance(edge, dict) else edge if isinstance(edge, list) else ()
    ends = [graph.nodes[name] for it in names if (name := first_name(str(it))) in graph.nodes]
    return list(ends[-1:])


def _at(place: Place) -> At:
    return place.document.source, place.path


def _around(place: Place, at: Mapping[At, list[Member]]) -> list[Member]:
    """The members whose item has a place in it."""
    source, path = _at(place)
    for length in range(len(path), 0, -1):
        found = at.get((source, path[:length]))
        if found is not None:
            return found
    return []


def _of_block(path: Path, members: Sequence[Member]) -> list[Member]:
    """The instances of the block that a path is in, for an error of the block itself."""
    block = path[1] if len(path) > 1 and path[0] == "blocks" else None
    return [it for it in members if block is not None and block == (it.block if isinstance(it, Instance) else it.type)]


def _led_to(members: list[Member], led: set[At], failed: Set[str]) -> list[Member]:
    """The members that the instances of an error led to, and those that failed; all, if there is none of either."""
    chosen = [it for it in members if it.name in failed or led <= {_at(frame.place) for frame in it.origin.frames}]
    return chosen or members
