"""Whether a layer of two graphs reads the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from specc.alignment.labels import ANY_ORDER, Side
from specc.ir import Node, Ref


class Wiring:
    """The wires of two graphs whose layers are matched."""

    def __init__(self, old: Side, new: Side, new_of: dict[str, str]) -> None:
        self.old = old
        self.new = new
        self.new_of = new_of
        self.matched = frozenset(new_of.values())
        self._above_added: dict[str, frozenset[Ref]] = {}
        self._above_removed: dict[str, frozenset[Ref]] = {}

    def moved(self, ref: Ref) -> Ref:
        """A reference of the old graph as the new one has it; unchanged if its layer is removed."""
        return ref._replace(node=self.new_of.get(ref.node, ref.node))

    def rewired(self, old: Node, new: Node) -> bool:
        """Whether a layer of both reads from elsewhere. A layer that is added or removed on a wire does not count."""
        before, after = self.old.inputs[old.name], self.new.inputs[new.name]
        if [place for place, _ in before] != [place for place, _ in after]:
            return True
        return not self.same([ref for _, ref in before], [ref for _, ref in after], new.type in ANY_ORDER)

    def same(self, old: Sequence[Ref], new: Sequence[Ref], any_order: bool = False) -> bool:
        """Whether references of the old graph and of the new one are the same, but for layers between."""
        if len(old) != len(new):
            return False
        if any_order:
            common = {self.moved(ref) for ref in old if ref.node in self.new_of} & set(new)
            old = [ref for ref in old if ref.node not in self.new_of or self.moved(ref) not in common]
            new = [ref for ref in new if ref not in common]
            if len(old) != len(new):
                return False
        return all(self._same(ref, other) for ref, other in zip(old, new, strict=True))

    def _same(self, old: Ref, new: Ref) -> bool:
        if old.node in self.new_of and new.node in self.matched:
            return self.moved(old) == new or self._twins(self.moved(old), new)
        before = {self.moved(ref) for ref in self._above(old, self.old, self.new_of, self._above_removed)}
        after = self._above(new, self.new, self.matched, self._above_added)
        return bool(before & after) or not before or not after

    def _twins(self, ref: Ref, other: Ref) -> bool:
        """Whether two references in the new graph are to calls of one layer on the same: no matching can tell them apart."""
        first, second = self.new.nodes[ref.node], self.new.nodes[other.node]
        return (
            (first.shares or first.name, ref.port, first.options)
            == (second.shares or second.name, other.port, second.options)
        ) and self.new.inputs[first.name] == self.new.inputs[second.name]

    @staticmethod
    def _above(ref: Ref, side: Side, kept: Iterable[str], known: dict[str, frozenset[Ref]]) -> frozenset[Ref]:
        """The nearest layers above that both graphs have: a reference to one of them is its own."""
        if ref.node in kept:
            return frozenset({ref})
        pending = [ref.node]
        while pending:
            name = pending[-1]
            reads = [it for _, it in side.inputs[name]]
            further = [it.node for it in reads if it.node not in kept and it.node not in known]
            pending += further
            if not further:
                pending.pop()
                known[name] = frozenset().union(*(({it} if it.node in kept else known[it.node]) for it in reads))
        return known[ref.node]
