"""Chains of equal nodes, which become one node with ``repeat``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from specc.importing.fold.bodies import BEFORE, LAST, Body, Call, Node, Ref
from specc.importing.fold.columns import arguments_of, value_of
from specc.importing.fold.optional import NoBlockError

Differing = dict[str, list[Any]]
"""The values of the arguments in which the copies of a chain differ."""


Handed = dict[int, tuple[bool, Any]]
"""The inputs that a copy gets from the one before it: an output, by its port, or what was given at an input, by number."""


def equal(differing: Differing) -> bool:
    """No difference at all."""
    return not differing


def progressing(differing: Differing) -> bool:
    """One argument, which is another one for each copy."""
    values = next(iter(differing.values()), [])
    return len(differing) < 2 and not any(isinstance(it, bool) or values.count(it) > 1 for it in values)


def listed(differing: Differing) -> bool:
    """A few short lists."""
    if any(isinstance(it, list | dict) for values in differing.values() for it in values):
        return False
    size = len(next(iter(differing.values()), ()))
    flags = sum(any(isinstance(it, bool) for it in values) for values in differing.values())
    return (
        len(differing) <= 4 and size * len(differing) <= 32 and size <= 10 and (not flags or (flags < 2 and size < 5))
    )


def join_runs(bodies: Sequence[Body], may_differ: Callable[[Differing], bool] = equal) -> bool:
    """Make a node of each chain whose copies may differ so; whether there were any."""
    found = False
    for body in bodies:
        found |= _Runs(body, may_differ).join()
    if found:
        for body in bodies:
            body.derived = None
    return found


class _Runs:
    """Joins the chains of one body."""

    def __init__(self, body: Body, may_differ: Callable[[Differing], bool]) -> None:
        self._body = body
        self._may_differ = may_differ
        self._read = _readers(body)
        self._handings: dict[Node, Handed] = {}

    def join(self) -> bool:
        """Join the chains; whether there were any."""
        chains: list[list[Node]] = []
        differing: Differing = {}
        for node in self._body.nodes:
            if chains and (found := self._next(chains[-1], node, differing)) is not None:
                differing = found
                chains[-1].append(node)
            else:
                chains.append([node])
                differing = {}
        if len(chains) == len(self._body.nodes):
            return False
        places: dict[Node, tuple[Node, int, int | None]] = {}
        for chain in chains:
            count = 0
            for node in chain:
                start, count = count, count + len(node.cells[0])
                places[node] = (chain[0], start, None if node is chain[-1] else count - 1)
        for chain in chains:
            for before, node in itertools.pairwise(chain):
                self._hand_on(before, node)
        self._body.nodes = [chain[0] for chain in chains]
        for chain in chains:
            for node in chain[1:]:
                for cell, more in zip(chain[0].cells, node.cells, strict=True):
                    cell.extend(more)
        self._body.replace(lambda ref: _moved(ref, places))
        return True

    def _next(self, chain: list[Node], node: Node, differing: Differing) -> Differing | None:
        """In what a chain differs with a node as the next copy; None if it is not that."""
        before = chain[-1]
        if before.kind != node.kind or node.alone:
            return None
        if node.block is None and self._read[before] != {node}:
            return None
        for earlier, later in zip(before.cells, node.cells, strict=True):
            if not earlier or not later or len(earlier) != len(before.cells[0]):
                return None
        handed = self._handed(before, node)
        if handed is None:
            return None
        self._handings[node] = handed
        try:
            found = _differing([*chain, node])
        except NoBlockError:
            return None
        return found if self._may_differ(found) else None

    def _handed(self, before: Node, node: Node) -> Handed | None:
        """The inputs that a copy gets from the one before it: an output, or what that was given at an input.

        None if the first is not, or others come from elsewhere.
        """
        rows = [_handed(before, cell, later[0]) for cell, later in zip(before.cells, node.cells, strict=True)]
        first = rows[0]
        if first is None or any(row != first for row in rows) or first.get(0) != (True, None):
            return None
        block = node.block
        if block is None:
            return first if len(first) == 1 else None
        kept = set(range(block.inputs)) - first.keys()
        if kept & block.handed.keys() or block.kept & first.keys():
            return None
        return (
            first
            if all(
                _output(block, *how) == block.handed.get(it, -1) or it not in block.handed for it, how in first.items()
            )
            else None
        )

    def _hand_on(self, before: Node, node: Node) -> None:
        """Let a node take what it does from the copy before it."""
        handed = self._handings[node]
        block = node.block
        ports: dict[int, int] = {}
        for number, (is_output, which) in handed.items():
            if block is None or number == 0:
                ports[number] = 0
                continue
            ports[number] = _output(block, is_output, which)
            if ports[number] == len(block.outputs):
                block.outputs.append(block.outputs[0] if is_output else [Ref(which)] * block.rows)
            block.handed[number] = ports[number]
        if block is not None:
            block.kept |= set(range(block.inputs)) - handed.keys()
        for cell in node.cells:
            cell[0].inputs = tuple(
                Ref(before, BEFORE, ports[number] or None) if number in ports else ref
                for number, ref in enumerate(cell[0].inputs)
            )


def _handed(node: Node, cell: list[Call], first: Call) -> Handed | None:
    """What a copy takes of the last one before it, in one row."""
    taken = [Ref(node, len(cell) - 2, ref.port) if ref.node is node else ref for ref in cell[-1].inputs]
    found: Handed = {}
    for number, ref in enumerate(first.inputs):
        if ref.node is node and ref.copy == LAST:
            found[number] = (True, ref.port)
        elif ref == taken[number]:
            continue
        elif ref in taken:
            found[number] = (False, taken.index(ref))
        else:
            return None
    return found


def _output(block: Body, is_output: bool, which: Any) -> int:
    """The number of the output that is handed on; one more than there are if it has to be added."""
    if is_output and which:
        return int(which)
    wanted = block.outputs[0] if is_output else [Ref(which)] * block.rows
    found = (number for number, refs in enumerate(block.outputs) if number and refs == wanted)
    return next(found, len(block.outputs))


def _moved(ref: Ref, places: dict[Node, tuple[Node, int, int | None]]) -> Ref:
    """A reference to a copy, after chains became nodes."""
    if not isinstance(ref.node, Node):
        return ref
    first, start, last = places[ref.node]
    if ref.copy >= 0:
        return ref._replace(node=first, copy=start + ref.copy)
    if ref.copy == LAST and last is not None:
        return ref._replace(node=first, copy=last)
    return ref._replace(node=first)


def _readers(body: Body) -> dict[Node, set[Node | None]]:
    """What reads each node; None for the outputs."""
    found: dict[Node, set[Node | None]] = {node: set() for node in body.nodes}
    for node in body.nodes:
        for call in node.calls():
            for ref in call.inputs:
                if isinstance(ref.node, Node) and ref.node is not node:
                    found[ref.node].add(node)
    for output in body.outputs:
        for ref in output:
            if isinstance(ref.node, Node):
                found[ref.node].add(None)
    return found


def _differing(chain: list[Node]) -> Differing:
    """The values of the arguments in which the copies of a chain differ."""
    found: Differing = {}
    for row in range(len(chain[0].cells)):
        calls = [(node, call) for node in chain for call in node.cells[row]]
        given = [arguments_of(node, call) for node, call in calls]
        for key in dict.fromkeys(key for it in given for key in it):
            values = [
                it[key] if key in it else value_of(node, call, key)
                for it, (node, call) in zip(given, calls, strict=True)
            ]
            if any(value != values[0] for value in values):
                found[key] = values
    return found
