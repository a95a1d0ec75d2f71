"""The order of a body's nodes, in which equal regions look equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from specc.importing.fold.bodies import Node, Ref


def in_order(nodes: Sequence[Node], outputs: Iterable[Ref]) -> list[Node]:
    """Each node after all that it takes, and not before it is needed: of what a node takes, the longest line first.

    The order of Inputs and of the calls of a shared layer stays.
    """
    depths: dict[Node, int] = {}
    needs: dict[Node, list[Node]] = {}
    for node, needed in _needed(nodes):
        depths[node] = 1 + max((depths[it] for it in needed), default=0)
        needs[node] = sorted(needed, key=lambda it: -depths[it])
    found = _sorted([*(ref.node for ref in outputs if isinstance(ref.node, Node)), *nodes], needs)
    assert found is not None
    return found


def possible(nodes: Sequence[Node]) -> list[Node] | None:
    """Each node after all that it takes, else as they are; None if they take each other."""
    return _sorted(nodes, dict(_needed(nodes)))


def _needed(nodes: Iterable[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """What has to go before each node."""
    inputs: list[Node] = []
    by_name: dict[str, Node] = {}
    for node in nodes:
        taken = dict.fromkeys(ref.node for call in node.calls() for ref in call.inputs)
        needed = [it for it in taken if isinstance(it, Node)]
        if "share" in node.fixed:
            needed.append(by_name[node.fixed["share"]])
            by_name[node.fixed["share"]] = node  # the calls of a layer are counted
        if node.type == "Input":
            needed, inputs = inputs[-1:], [*inputs, node]
        elif name := node.cells[0][0].name:
            by_name.setdefault(name, node)
        yield node, needed


def _sorted(starts: Iterable[Node], needs: Mapping[Node, Sequence[Node]]) -> list[Node] | None:
    """The nodes, each after what it needs; None if there is a cycle."""
    done: dict[Node, None] = {}
    for start in starts:
        waiting, open_nodes = [start], {start}
        while waiting:
            node = waiting[-1]
            missing = next((it for it in needs[node] if it not in done), None) if node not in done else None
            if missing is None:
                done.setdefault(waiting.pop())
                open_nodes.discard(node)
            elif missing in open_nodes:
                return None
            else:
                waiting.append(missing)
                open_nodes.add(missing)
    return list(done)
