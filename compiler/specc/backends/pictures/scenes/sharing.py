"""Letters for what is called more than once: a layer, a block instance, a nested model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_uppercase

from specc.ir import Instance, Node, TypedGraph

Member = Node | Instance


class Badges:
    """The letters of a scene. One letter stands for all that a shared instance holds."""

    def __init__(self) -> None:
        self._used = 0

    def of(self, graph: TypedGraph) -> dict[str, str]:
        """The letters by the names of the nodes and instances of one graph that call the same layers as another."""
        instances = graph.graph.instances
        groups: dict[str, list[Member]] = {}
        for member in _outer_first(graph):
            groups.setdefault(_first(member, graph), []).append(member)
        found: dict[str, str] = {}
        for members in groups.values():
            if len(members) > 1 and not _is_said(members, found, instances):
                letter = self._next()
                found |= {member.name: letter for member in members}
        return found

    def _next(self) -> str:
        self._used += 1
        letters, rest = "", self._used
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = ascii_uppercase[letter] + letters
        return letters


def _outer_first(graph: TypedGraph) -> Iterator[Member]:
    yield from graph.graph.instances.values()
    yield from (node for node in graph.nodes.values() if not node.naming)


def _first(member: Member, graph: TypedGraph) -> str:
    known: Mapping[str, Member] = graph.nodes if isinstance(member, Node) else graph.graph.instances
    while member.shares is not None:
        member = known[member.shares]
    return member.name


def _is_said(members: list[Member], found: Mapping[str, str], instances: Mapping[str, Instance]) -> bool:
    """Whether the letter of the instances around them says it: they are the same member of different calls."""
    around = [_around(member, found, instances) for member in members]
    letters = {found.get(name, "") for name in around}
    return len(letters) == 1 and "" not in letters and len(set(around)) == len(members)


def _around(member: Member, found: Mapping[str, str], instances: Mapping[str, Instance]) -> str:
    """The innermost instance around it that has a letter; empty if there is none."""
    name = member.instance if isinstance(member, Node) else member.parent
    while name is not None and name not in found:
        name = instances[name].parent
    return name or ""
