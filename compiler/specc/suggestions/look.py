"""What a suggestion sees: the graph as far as it is typed, the path up from a layer, and the effect of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from specc.calls import Callee
from specc.ir import Graph, Node, Ref
from specc.layers.core import Input
from specc.shapes import Tensor

Change = dict[str, Node]
"""Nodes that replace those of the same name, and new ones."""
Inputs = dict[str, Ref | tuple[Ref, ...]]
Tensors = Mapping[str, tuple[Tensor, ...]]
Attempt = Callable[[Sequence[str], Change], Tensors | None]
"""Infers the named nodes again, in order and with a change: the tensors of all, or None if one is refused."""

LARGEST_EFFORT = 10_000
"""Nodes of a graph that are visited and inferred again in all, so that a spec full of errors is answered soon."""


@dataclass
class Look:
    """A graph, and what is known of its tensors."""

    graph: Graph
    tensors: Tensors
    attempt: Attempt
    nested: bool = False
    """Whether it is the graph of a nested model, whose Input nodes represent the arguments of its call."""
    effort: int = field(init=False)
    """How many nodes may still be visited."""

    def __post_init__(self) -> None:
        self.effort = min(LARGEST_EFFORT, 200 + 20 * len(self.graph.nodes))

    def node(self, name: str, change: Mapping[str, Node]) -> Node:
        """A node, as a change has it."""
        return change.get(name) or self.graph.nodes[name]

    def tensor(self, ref: Ref) -> Tensor | None:
        """The tensor that a reference refers to; None if its layer was refused or not reached."""
        found = self.tensors.get(ref.node)
        return None if found is None else found[ref.port]

    def given(self, node: Node) -> list[Tensor]:
        """The inputs of a node, as far as they are known."""
        return [tensor for ref in node.refs() if (tensor := self.tensor(ref)) is not None]

    # -- Paths through the graph --------------------------------------------------------------

    def above(self, name: str, change: Mapping[str, Node], end: Callable[[Node, int], bool]) -> Iterator[Node]:
        """The nodes that lead to a node, the nearest first.

        ``end`` is called for each with the number of the output that is read: whether the path up ends there.
        """
        pending = [self.node(name, change)]
        seen = {name}
        for node in pending:
            for ref in node.refs():
                if ref.node in seen or self.effort <= 0:
                    continue
                seen.add(ref.node)
                self.effort -= 1
                found = self.node(ref.node, change)
                yield found
                if not end(found, ref.port):
                    pending.append(found)

    def inputs(self, name: str) -> list[Node]:
        """The Input layers that lead to a node, the nearest first; none in a nested model."""
        if self.nested:
            return []
        return [node for node in self.above(name, {}, lambda *_: False) if isinstance(node.layer, Input)]

    def below(self, name: str) -> Iterator[str]:
        """What a node leads to, each after all that leads to it."""
        reached = {name}
        for other in self._order:
            if self.effort <= 0:
                return
            self.effort -= 1
            if other not in reached and any(ref.node in reached for ref in self.graph.nodes[other].refs()):
                reached.add(other)
                yield other

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return self.graph.order()

    # -- Changes ------------------------------------------------------------------------------

    def with_layer(self, node: Node, layer: Callee) -> Change:
        """A node with another layer, in all its calls."""
        owner = node.shares or node.name
        calls = [it for it in self.graph.nodes.values() if owner in (it.name, it.shares)] if self._shares else [node]
        return {it.name: it._replace(layer=layer) for it in calls}

    @cached_property
    def _shares(self) -> bool:
        return any(node.shares is not None for node in self.graph.nodes.values())

    def sound(self, change: Change, goal: str) -> Tensors | None:
        """The tensors with a change, if a node can then be called and so can all between the two; else None."""
        if any(problem for node in change.values() for problem in node.layer.check()):
            return None
        again = self._again(change, goal)
        if again is None or self.effort <= 0:
            return None
        self.effort -= len(again)
        return self.attempt(again, change)

    def _again(self, change: Change, goal: str) -> list[str] | None:
        """The nodes to infer again, the goal last; None if the change makes a cycle, or leads nowhere."""
        order: list[str] = []
        state: dict[str, bool] = {}  # False while what it reads is being visited
        stack = [goal]
        while stack:
            name = stack[-1]
            if name in state:
                stack.pop()
                if not state[name]:
                    state[name] = True
                    order.append(name)
                continue
            state[name] = False
            self.effort -= 1
            for ref in self.node(name, change).refs():
                if state.get(ref.node) is False:
                    return None
                if ref.node not in state:
                    stack.append(ref.node)
        anew: set[str] = set()
        for name in order:
            if (
                name in change
                or name not in self.tensors
                or any(r.node in anew for r in self.node(name, change).refs())
            ):
                anew.add(name)
        found = [name for name in order if name in anew]
        return found if goal in anew else None

    def first_sound(self, changes: Iterable[tuple[str, Change]], goal: str) -> str | None:
        """The words of the first change that fixes a node."""
        return next((words for words, change in changes if self.sound(change, goal) is not None), None)


def inserted_after(ref: Ref, layer: Callee, users: Iterable[Node]) -> Change:
    """A layer after an output, for those of the nodes that read it."""
    name = f"{ref.node} {ref.port} {layer.type_name}"  # a name with spaces is not another node's
    change: Change = {}
    for user in users:
        if ref in user.refs():
            inputs: Inputs = {
                argument: (Ref(name) if value == ref else value)
                if isinstance(value, Ref)
                else tuple(Ref(name) if it == ref else it for it in value)
                for argument, value in user.inputs.items()
            }
            change[user.name] = user._replace(inputs=inputs)
            first = layer.tensor_arguments()[0]
            change[name] = Node(name, layer, {first.name: (ref,) if first.many else ref}, user.origin)
    return change


def spelled(graph: Graph, ref: Ref) -> str:
    """A reference as it is written next to the layer that it refers to: its name, and the port unless it is the first."""
    node = graph.nodes[ref.node]
    if ref.port == 0:
        return node.own_name
    return f"{node.own_name}.{node.layer.ports(node.options)[ref.port]}"
