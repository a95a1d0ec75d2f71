"""Inputs that nobody wrote: what an item takes because it stands directly above, in words for a help."""

from __future__ import annotations

from dataclasses import dataclass

from specc.ir import Graph, Node, Ref, refs_of
from specc.source import Origin, Place

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Implied:
    """An item that takes another because that stands directly above it; both as the file names them."""

    user: str
    taken: str
    place: Place
    """Of the item that takes."""

    def __str__(self) -> str:
        return f"'{self.user}' takes '{self.taken}' because that stands directly above it"


def implied(graph: Graph, node: Node, ref: Ref | None = None) -> Implied | None:
    """That a node takes an output (its only one, unless said) by its place alone; None where the file says so."""
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
    """The items that lead to one, outermost first: instances and copies, then itself."""
    return [*((frame.name, frame.place) for frame in origin.frames), (name, origin.place)]


def has_edges(place: Place) -> bool:
    """Whether the part of the file that an item is written in has edges, so that nothing is implied there."""
    part = place.document.data
    for step in place.path[:-2]:
        part = part[step]
    return isinstance(part, dict) and "edges" in part


def join_wanted(graph: Graph, unused: Node) -> str | None:
    """What to write where a layer that joins takes only what stands directly above it, and others are left over."""
    names = list(graph.nodes)
    for name in names[names.index(unused.name) :]:
        node = graph.nodes[name]
        if any(argument.many for argument in node.layer.tensors[:1]) and (found := implied(graph, node)) is not None:
            return f"'{found.user}' takes only '{found.taken}', which stands directly above it: write from: [{_listed(graph, node)}]"
    return None


def _listed(graph: Graph, node: Node) -> str:
    """What a layer that joins was perhaps to take: all above it that nothing takes, and what it takes."""
    used = {ref.node for it in graph.nodes.values() if it is not node for ref in it.refs()}
    used |= {output.ref.node for output in graph.outputs}
    taken = {ref.node for value in node.inputs.values() for ref in refs_of(value)}
    found = []
    for name, it in graph.nodes.items():
        if it is node:
            break
        if name in taken or (it.named and name not in used and it.origin.frames == node.origin.frames):
            found.append(name.rpartition(".")[2])
    return ", ".join(found[-MOST_NAMED:])


def left_over(graph: Graph, unused: Node) -> str | None:
    """Who took something else by its place, perhaps instead of what nothing takes."""
    joined = join_wanted(graph, unused)
    if joined is not None:
        return joined
    names = list(graph.nodes)
    for name in names[names.index(unused.name) + 1 :]:
        found = implied(graph, graph.nodes[name])
        if found is not None and found.taken != unused.name:
            return (
                f"{found}: write from: {unused.name} on '{found.user}' if it is to take that, or remove '{unused.name}'"
            )
    return None


def no_output(graph: Graph, name: str) -> str | None:
    """Why a layer is no output that was thought to be one: something takes it, perhaps by its place alone."""
    if name not in graph.nodes:
        return None
    users = [node for node in graph.nodes.values() if any(ref.node == name for ref in node.refs())]
    if not users:
        return None
    both = ", ".join(dict.fromkeys([name, *(output.name for output in graph.outputs)]))
    found = next((it for node in users if (it := implied(graph, node)) is not None), None)
    if found is None:
        return f"'{users[0].name}' takes it; write outputs: [{both}] to have it beside the others"
    return f"{found}: write 'from' on '{found.user}', or outputs: [{both}]"
