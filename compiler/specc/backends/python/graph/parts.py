"""A graph as a tree of parts: the graph itself, the instances of blocks in it, the instances inside those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any, Literal

from specc.backends.python.writing.calls import Step
from specc.ir import Instance, Ref, TypedGraph

Style = Literal["tensors", "list", "model"]
"""What a part becomes: calls on tensors, a list of layers for a Sequential, or a separate model."""


@dataclass(eq=False)
class Part:
    """A graph, or the instance of a block in one."""

    graph: TypedGraph
    style: Style
    instance: Instance | None = None
    position: int = 0
    """Where its first member is in the file."""
    parent: Part | None = None
    inline: bool = False
    """Whether it must be written inline, as no function could replace it."""
    members: list[str | Part] = field(default_factory=list)
    """Nodes and instances directly in it, in an order in which they can be written."""
    items: list[Step | Part] = field(default_factory=list)
    """The members again, nodes as steps."""
    reads: dict[Ref, int] = field(default_factory=dict)
    """What its members take from outside, numbered."""
    gives: list[Ref] = field(default_factory=list)
    """Outputs of its members that are used outside."""

    @property
    def block(self) -> str:
        """The block that it is made from; empty for a whole model."""
        return (self.graph.graph.block or "") if self.instance is None else self.instance.block

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The values of the block's arguments."""
        return self.graph.graph.arguments if self.instance is None else self.instance.arguments

    @property
    def name(self) -> str:
        """The full name of the instance; empty for a graph."""
        return "" if self.instance is None else self.instance.name

    @property
    def depth(self) -> int:
        """How many instances it is in, itself counted."""
        return 0 if self.parent is None else self.parent.depth + 1

    def local(self, name: str) -> str:
        """The name of a member, without the instance's prefix."""
        return name if self.instance is None else name[len(self.name) + 1 :]

    def member(self, local: str, port: int) -> Ref:
        """An output of a member by its name inside the instance."""
        return Ref(f"{self.name}.{local}", port)


def tree(graph: TypedGraph, style: Style) -> Part:
    """The part for a whole graph, with its instances of blocks in it."""
    root = Part(graph, style)
    home = _homes(root)
    given: dict[Part, set[Ref]] = {}
    for node in graph.nodes.values():
        reader = home[node.name]
        for ref in node.refs():
            _link(reader, home[ref.node], ref, given)
        if node.shares in home:
            for part in (*_apart(reader, home[node.shares]), *_apart(home[node.shares], reader)):
                part.inline = True  # a layer created in one function cannot be called in another
    for output in graph.graph.outputs:
        _link(root, home[output.ref.node], output.ref, given)
    position = {name: index for index, name in enumerate(graph.nodes)}
    for part, refs in given.items():
        part.gives = sorted(refs, key=lambda ref: (position[ref.node], ref.port))
    _arrange(root, position)
    return root


def _homes(root: Part) -> dict[str, Part]:
    """The innermost part that each node is in."""
    graph = root.graph.graph
    style: Style = "list" if root.style == "list" else "tensors"
    parts: dict[str | None, Part] = {None: root}
    home: dict[str, Part] = {}
    for position, node in enumerate(graph.nodes.values()):
        for instance in graph.around(node):
            if instance.name not in parts:
                around = parts[instance.parent]
                parts[instance.name] = inner = Part(root.graph, style, instance, position, around)
                around.members.append(inner)
        home[node.name] = parts[node.instance]
        home[node.name].members.append(node.name)
    return home


def _apart(part: Part, other: Part) -> Iterator[Part]:
    """The parts around and including one that are not around the other."""
    while other.depth > part.depth:
        assert other.parent is not None
        other = other.parent
    while part is not other:
        yield part
        assert part.parent is not None
        if part.depth == other.depth:
            assert other.parent is not None
            other = other.parent
        part = part.parent


def _link(reader: Part, source: Part, ref: Ref, given: dict[Part, set[Ref]]) -> None:
    for part in _apart(reader, source):
        part.reads.setdefault(ref, len(part.reads))
    for part in _apart(source, reader):
        given.setdefault(part, set()).add(ref)


# -- Order ---------------------------------------------------------------------------------------


def _arrange(part: Part, position: dict[str, int]) -> None:
    """Sort the members, and dissolve instances that would have to come both before and after another."""
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
    """The members, each after all that it reads and otherwise in file order; and the instances in a cycle."""
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
    cycles = _in_cycles({index for index, left in enumerate(missing) if left}, readers)
    return ordered, [member for index in cycles if isinstance(member := members[index], Part)]


def _in_cycles(left: set[int], readers: list[list[int]]) -> set[int]:
    """Of the members that could not be put in order, those that are not just after a cycle."""
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
