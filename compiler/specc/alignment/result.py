"""An alignment of two graphs, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from specc.ir import Node, TypedGraph

Aspect = Literal["type", "argument", "call", "inputs", "shape", "dtype", "frozen", "parameters"]
CAUSES: tuple[Aspect, ...] = ("type", "argument", "call", "inputs")
"""What a spec says. The other aspects follow from these, maybe from those of a layer further up."""


class Change(NamedTuple):
    """What differs between two layers, or two models, that are the same one."""

    aspect: Aspect | Literal["outputs", "dtype_policy", "compile"]
    name: str
    """The argument, or the call argument; empty for other aspects."""
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Pair:
    """A layer that both graphs have."""

    old: Node
    new: Node
    changes: tuple[Change, ...]
    inside: Alignment | None = None
    """Of a nested model: the alignment of what is in it."""

    @property
    def renamed(self) -> bool:
        """Whether its name differs, and at least one is the author's."""
        return self.old.name != self.new.name and (self.old.named or self.new.named)

    @property
    def causes(self) -> tuple[Change, ...]:
        """The changes of the layer itself, without those that follow from changes elsewhere."""
        return tuple(change for change in self.changes if change.aspect in CAUSES)


@dataclass(frozen=True)
class Alignment:
    """Which layers of two graphs are the same, and what differs."""

    old: TypedGraph
    new: TypedGraph
    pairs: tuple[Pair, ...]
    """The layers that both have, in the new graph's order."""
    removed: tuple[Node, ...]
    added: tuple[Node, ...]
    instances: dict[str, str]
    """The block instances that both have: the new name by the old one."""
    changes: tuple[Change, ...]
    """What differs of the models as such."""

    @cached_property
    def matches(self) -> dict[str, str]:
        """The new name of each layer that both have, by the old one."""
        return {pair.old.name: pair.new.name for pair in self.pairs}

    @property
    def renamed(self) -> tuple[Pair, ...]:
        """The layers whose names differ."""
        return tuple(pair for pair in self.pairs if pair.renamed)

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The layers that differ themselves, or in what is inside them."""
        return tuple(pair for pair in self.pairs if pair.causes or (pair.inside and not pair.inside.equal))

    @property
    def equal(self) -> bool:
        """Whether the graphs differ in names at most."""
        return not (self.removed or self.added or self.changed or self.changes)
