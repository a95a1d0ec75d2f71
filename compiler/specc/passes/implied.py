"""Inputs that nobody wrote: what an item takes because it is directly above, as helps say it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from specc.ir import Graph, Node, Ref
from specc.layers.attention_roles import by_role
from specc.layers.core import Input
from specc.source import Origin, Place

MOST_NAMED = 12
_MOST_SEEN = 100
"""Items below one that are looked at, since each of many may be left over."""


@dataclass(frozen=True, slots=True)
class Implied:
    """An item that takes the item directly above it; both as the file names them."""

    user: str
    taken: str
    place: Place
    """Of the item that takes."""

    def __str__(self) -> str:
        return f"'{self.user}' takes '{self.taken}' because that is directly above it"


def implied(graph: Graph, node: Node, ref: Ref | None = None) -> Implied | None:
    """That a node takes an output (its only one by default) by its position alone; None if the file says so."""
    if ref is None:
        refs = list(node.refs())
        if len(refs) != 1:
            return None
        ref = refs[0]
    source = graph.nodes.get(ref.node)
    if source is None:
        return None
    ways = [_way(it.origin, it.name) for it in (node, source)]
    for (user, place), (taken, above) in zip(*ways, strict=False):
        if place == above:
            continue
        follows = place.path[:-1] == above.path[:-1] and place.path[-1:] > above.path[-1:]
        if not follows or place.has("from") or has_edges(place):
            return None
        return Implied(user, taken, place)
    return None


def _way(origin: Origin, name: str) -> list[tuple[str, Place]]:
    """The items that lead to one, outermost first: instances and copies, then the item."""
    return [*((frame.name, frame.place) for frame in origin.frames), (name, origin.place)]


def _are_beside(one: Place, other: Place) -> bool:
    """Whether two items are in the same list, so that each can name the other."""
    return one.document is other.document and one.path[:-1] == other.path[:-1]


def has_edges(place: Place) -> bool:
    """Whether the part of the file that contains an item has edges, so that nothing is implied there."""
    part = place.document.data
    for step in place.path[:-2]:
        part = part[step]
    return isinstance(part, dict) and "edges" in part


class Taken:
    """What the items of a graph take by their position alone, computed once for all messages."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def _position(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self._graph.nodes)}

    @cached_property
    def _free(self) -> list[str]:
        """The inputs that nothing takes."""
        return [name for name in self._graph.inputs if name not in self._users]

    @property
    def free_input(self) -> str | None:
        """The only input that nothing takes; None if there are several, or none."""
        return self._free[0] if len(self._free) == 1 else None

    def free_inputs(self, node: Node, most: int) -> list[str]:
        """The inputs that only one node takes; none of them if there are more."""
        own = [ref.node for ref in node.refs() if self._users[ref.node] == [node]]
        own = [name for name in dict.fromkeys(own) if isinstance(self._graph.nodes[name].layer, Input)]
        if len(self._free) + len(own) > most:
            return []
        return sorted([*self._free, *own], key=self._position.__getitem__)

    @cached_property
    def _found(self) -> list[tuple[int, Node, Implied]]:
        """All such items, in file order."""
        nodes = self._graph.nodes.values()
        return [(at, it, found) for at, it in enumerate(nodes) if (found := implied(self._graph, it)) is not None]

    @cached_property
    def _joins(self) -> list[tuple[int, Node, Implied]]:
        return [it for it in self._found if any(argument.many for argument in it[1].layer.tensor_arguments()[:1])]

    @cached_property
    def _users(self) -> dict[str, list[Node]]:
        users: dict[str, list[Node]] = {}
        for node in self._graph.nodes.values():
            for ref in node.refs():
                users.setdefault(ref.node, []).append(node)
        return users

    @cached_property
    def _listed(self) -> dict[str, str]:
        """For each layer that joins: what it may have been meant to take, all unused outputs above, and what it takes."""
        given = self._graph.outputs if self._graph.outputs_given else ()
        outputs = {output.ref.node for output in given}  # else an output may have been meant to be joined
        free: list[Node] = []
        listed: dict[str, str] = {}
        joins = {node.name for _, node, _ in self._joins}
        for name, node in self._graph.nodes.items():
            if name in joins:
                taken = {ref.node: self._graph.nodes[ref.node] for ref in node.refs()}
                alike = [it for it in free if it.origin.frames == node.origin.frames and it.name not in taken][
                    -MOST_NAMED:
                ]
                wanted = sorted([*alike, *taken.values()], key=lambda it: self._position[it.name])
                names = [it.name.rpartition(".")[2] for it in wanted]
                roles = by_role(names) if "scores" in node.layer.port_options else {}
                listed[name] = ", ".join(roles.values() or names)
            if node.named and name not in self._users and name not in outputs:
                free = [*free[-MOST_NAMED:], node]
        return listed

    def join_help(self, node: Node) -> str | None:
        """A help where a layer that joins takes only the item directly above it, and others are left over."""
        at = bisect_left(self._joins, self._position[node.name], key=lambda it: it[0])
        below = self._joins[at : at + _MOST_SEEN]
        join, found = next(
            ((it, how) for _, it, how in below if _are_beside(how.place, node.origin.place)), (None, None)
        )
        if join is None or found is None:
            return None
        return f"'{found.user}' takes only '{found.taken}', the item directly above it: {self.all_to_join(join)}"

    def all_to_join(self, join: Node) -> str:
        """A help at a layer that joins and takes the item directly above it."""
        listed = self._listed[join.name]
        return f"write from: [{listed}{'' if ', ' in listed else ', ...'}]"

    def left_over(self, unused: Node) -> str | None:
        """Who took something else by its position, perhaps instead of what nothing takes."""
        joined = self.join_help(unused)
        if joined is not None:
            return joined
        at = bisect_right(self._found, self._position[unused.name], key=lambda it: it[0])
        beside = (it for _, _, it in self._found[at : at + _MOST_SEEN] if _are_beside(it.place, unused.origin.place))
        found, name = next(beside, None), unused.name
        if found is None:
            return None
        return f"{found}: write from: {name} on '{found.user}' if it is to take that, or remove '{name}'"

    @cached_property
    def _outputs_of(self) -> dict[str, list[str]]:
        """Outputs by other names that lead to them: of a member, a port, an instance, an item with copies, a type."""
        found: dict[str, list[str]] = {}
        for output in self._graph.outputs:
            node = self._graph.nodes[output.ref.node]
            source = node.inputs["inputs"] if node.naming else output.ref
            path = source.node if isinstance(source, Ref) else node.name
            written = (node.origin.frames[0].place if node.origin.frames else node.origin.place).written
            item = written if isinstance(written, dict) else {}
            names = {path, *path.split("."), *output.name.split("."), item.get("name"), item.get("type")}
            for name in names - {None, output.name}:
                found.setdefault(str(name), []).append(output.name)
        return found

    def no_output(self, name: str) -> str | None:
        """What to write instead of a name that is not an output; else why it is not: something takes it."""
        if (meant := self._outputs_of.get(name)) is not None:
            return f"write {' or '.join(meant[:MOST_NAMED])}"
        users = self._users.get(name)
        if not users:
            return None
        both = ", ".join(dict.fromkeys([name, *(output.name for output in self._graph.outputs[:MOST_NAMED])]))
        found = next((it for node in users if (it := implied(self._graph, node)) is not None), None)
        if found is None:
            return f"'{users[0].name}' takes it; write outputs: [{both}] to have it as well"
        return f"{found}: write 'from' on '{found.user}', or outputs: [{both}]"
