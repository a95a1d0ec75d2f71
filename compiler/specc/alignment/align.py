"""`align`: two typed graphs to an `Alignment`."""

from __future__ import annotations

from collections import Counter

from specc.alignment.differences import differences, model_differences
from specc.alignment.labels import Labels, Side
from specc.alignment.matching import match
from specc.alignment.result import Alignment, Pair
from specc.alignment.wiring import Wiring
from specc.ir import NestedModel, TypedGraph


def align(old: TypedGraph, new: TypedGraph) -> Alignment:
    """Which layers of two graphs are the same, and what differs.

    A layer is recognized by what it is and where it stands, so every name may differ; inputs that have kept their names
    are the same. The models inside are aligned
    in the same way; whether a model is Sequential makes no difference.
    """
    labels = Labels()
    kept = {name: name for name in old.graph.inputs if name in new.graph.inputs}
    return _align(Side(old, labels, kept), Side(new, labels, kept))


def _align(old: Side, new: Side) -> Alignment:
    new_of = match(old, new)
    wiring = Wiring(old, new, new_of)
    position = {name: index for index, name in enumerate(new.graph.order)}
    pairs = [
        _pair(old, new, name, new_of[name], wiring) for name in sorted(new_of, key=lambda it: position[new_of[it]])
    ]
    matched = set(new_of.values())
    return Alignment(
        old.graph,
        new.graph,
        tuple(pairs),
        removed=tuple(old.nodes[name] for name in old.graph.order if name in old.nodes and name not in new_of),
        added=tuple(new.nodes[name] for name in new.graph.order if name in new.nodes and name not in matched),
        instances=_instances(old, new, new_of),
        changes=tuple(model_differences(old, new, wiring)),
    )


def _pair(old: Side, new: Side, name: str, other: str, wiring: Wiring) -> Pair:
    before, after = old.nodes[name], new.nodes[other]
    inside = None
    if isinstance(before.layer, NestedModel) and isinstance(after.layer, NestedModel) and before.shares is None:
        inside = _align(old.labels.inside(before.layer, old.graph), new.labels.inside(after.layer, new.graph))
    return Pair(before, after, tuple(differences(old, new, before, after, wiring)), inside)


def _instances(old: Side, new: Side, new_of: dict[str, str]) -> dict[str, str]:
    """The block instances that have most of their layers in common."""
    votes = Counter[tuple[str, str]]()
    for name, other in new_of.items():
        arounds = old.graph.graph.around(old.nodes[name]), new.graph.graph.around(new.nodes[other])
        votes.update((before.name, after.name) for before in arounds[0] for after in arounds[1])
    found: dict[str, str] = {}
    taken: set[str] = set()
    for (before, after), _ in votes.most_common():
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    return found
