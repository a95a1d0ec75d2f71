"""A graph as a tree of parts: the graph itself, the instances of blocks in it, the instances inside those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any, Literal

from specc.backends.python_calls import Step
from specc.frontend.names import is_expression
from specc.ir import Ref, TypedGraph
from specc.layers.core import Input
from specc.source import Frame, Origin, Place

Style = Literal["tensors", "list", "model"]
"""What a part becomes: calls on tensors, a list of layers for a Sequential, or a model of its own."""


@dataclass(eq=False)
class Part:
    """A graph, or the instance of a block in one."""

    graph: TypedGraph
    style: Style
    path: tuple[str, ...] = ()
    position: int = 0
    """Where its first member stands in the file."""
    parent: Part | None = None
    inline: bool = False
    """Whether it must be written where it stands, as no function could be it."""
    members: list[str | Part] = field(default_factory=list)
    """Nodes and instances directly in it, in an order in which they can be written."""
    items: list[Step | Part] = field(default_factory=list)
    """The members again, nodes as steps."""
    reads: dict[Ref, int] = field(default_factory=dict)
    """What its members take from outside, numbered."""
    gives: list[Ref] = field(default_factory=list)
    """What is taken from its members outside."""
    block: str = ""
    block_inputs: tuple[str, ...] = ()
    block_arguments: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    """What is known of the block's arguments; a default may be an expression."""

    @property
    def name(self) -> str:
        """The full name of the instance; empty for a graph."""
        return ".".join(self.path)

    def local(self, name: str) -> str:
        """The name of a member, without the instance's before it."""
        return name[len(self.name) + 1 :] if self.path else name

    def member(self, local: str, port: int) -> Ref:
        """An output of a member by its name inside the instance."""
        return Ref(f"{self.name}.{local}", port)


def tree(graph: TypedGraph, style: Style) -> Part:
    """The part that a whole graph is, with its instances of blocks in it."""
    root = Part(graph, style)
    home = _homes(root)
    given: dict[Part, set[Ref]] = {}
    for node in graph.nodes.values():
        reader = home[node.name]
        for ref in node.refs():
            _link(reader, home[ref.node], ref, given)
        if node.shares in home:
            for part in (*_apart(reader, home[node.shares]), *_apart(home[node.shares], reader)):
                part.inline = True  # a layer that is made in one function cannot be called in another
    for output in graph.graph.outputs:
        _link(root, home[output.ref.node], output.ref, given)
    position = {name: index for index, name in enumerate(graph.nodes)}
    for part, refs in given.items():
        part.gives = sorted(refs, key=lambda ref: (position[ref.node], ref.port))
    _arrange(root, position)
    return root


def _homes(root: Part) -> dict[str, Part]:
    """The innermost part that each node is in."""
    home: dict[str, Part] = {}
    parts: dict[tuple[str, ...], Part] = {(): root}
    style: Style = "list" if root.style == "list" else "tensors"
    for position, node in enumerate(root.graph.nodes.values()):
        instances = _instances(node.origin)
        path = () if node.naming else tuple(node.name.split(".")[:-1])
        if len(path) > len(instances):
            path = ()
        depth = len(instances) - len(path)
        if not root.block and root.style == "model" and not isinstance(node.layer, Input):
            _describe(root, *instances[depth - 1])
        part = root
        for length in range(1, len(path) + 1):
            if path[:length] not in parts:
                parts[path[:length]] = inner = Part(root.graph, style, path[:length], position, part)
                part.members.append(inner)
                _describe(inner, *instances[depth + length - 1])
            part = parts[path[:length]]
        part.members.append(node.name)
        home[node.name] = part
    return home


def _instances(origin: Origin) -> list[tuple[Frame, Place]]:
    """The block instances that an item is in, each with the place of the next one or, at last, of the item.

    The other frames are of copies; they have the place of what was copied.
    """
    if not origin.frames:
        return []
    places = [*(frame.place for frame in origin.frames[1:]), origin.place]
    return [(frame, place) for frame, place in zip(origin.frames, places, strict=True) if frame.place != place]


def _describe(part: Part, frame: Frame, inside: Place) -> None:
    """Note the block of an instance, from a place inside its definition, and the block's arguments."""
    part.block = str(inside.path[1])
    block = inside.document.data["blocks"][part.block]
    inputs = block["inputs"]
    part.block_inputs = (inputs,) if isinstance(inputs, str) else tuple(inputs)
    arguments = block.get("args") or {}
    part.block_arguments = tuple(arguments)
    part.values = {name: value for name, value in arguments.items() if not is_expression(value)} | frame.values


def _apart(part: Part, other: Part) -> Iterator[Part]:
    """The parts around and including one that are not around the other."""
    common = 0
    while common < min(len(part.path), len(other.path)) and part.path[common] == other.path[common]:
        common += 1
    around: Part | None = part
    while around is not None and len(around.path) > common:
        yield around
        around = around.parent


def _link(reader: Part, source: Part, ref: Ref, given: dict[Part, set[Ref]]) -> None:
    for part in _apart(reader, source):
        part.reads.setdefault(ref, len(part.reads))
    for part in _apart(source, reader):
        given.setdefault(part, set()).add(ref)


# -- Order ---------------------------------------------------------------------------------------


def _arrange(part: Part, position: dict[str, int]) -> None:
    """Put the members in order, and dissolve instances that would have to come both before and after another."""
    while True:
        part.members = list(_dissolved(part))
        ordered, stuck = _sort(part.members, part.graph, position)
        if not stuck:
            break
        for inner in stuck:
            inner.inline = True
    part.members = ordered
    for member in ordered:
        if isinstance(member, Part):
            _arrange(member, position)


def _dissolved(part: Part) -> Iterator[str | Part]:
    for member in part.members:
        if isinstance(member, Part) and (member.inline or not member.gives):
            yield from _dissolved(member)
        else:
            yield member


def _sort(
    members: list[str | Part], graph: TypedGraph, position: dict[str, int]
) -> tuple[list[str | Part], list[Part]]:
    """The members, each after all that it reads and otherwise in file order; and the instances in a circle."""
    maker: dict[str, int] = {}
    for index, member in enumerate(members):
        for name in [member] if isinstance(member, str) else [ref.node for ref in member.gives]:
            maker[name] = index
    readers: list[list[int]] = [[] for _ in members]
    missing = [0] * len(members)
    for index, member in enumerate(members):
        refs = graph.nodes[member].refs() if isinstance(member, str) else member.reads
        for source in {maker[ref.node] for ref in refs if ref.node in maker}:
            readers[source].append(index)
            missing[index] += 1
    places = [position[member] if isinstance(member, str) else member.position for member in members]
    ready = [(place, index) for index, place in enumerate(places) if not missing[index]]
    heapify(ready)
    ordered: list[str | Part] = []
    while ready:
        _, done = heappop(ready)
        ordered.append(members[done])
        for index in readers[done]:
            missing[index] -= 1
            if not missing[index]:
                heappush(ready, (places[index], index))
    circles = _in_circles({index for index, left in enumerate(missing) if left}, readers)
    return ordered, [member for index in circles if isinstance(member := members[index], Part)]


def _in_circles(left: set[int], readers: list[list[int]]) -> set[int]:
    """Of the members that could not be put in order, those that are not just behind a circle."""
    makers: dict[int, list[int]] = {index: [] for index in left}
    waiting = dict.fromkeys(left, 0)
    for index in left:
        for reader in readers[index]:
            if reader in left:
                makers[reader].append(index)
                waiting[index] += 1
    last = [index for index in left if not waiting[index]]
    while last:
        index = last.pop()
        left.remove(index)
        for maker in makers[index]:
            waiting[maker] -= 1
            if not waiting[maker]:
                last.append(maker)
    return left
