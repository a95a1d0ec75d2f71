"""The edges of scopes: what feeds what, by the names at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from specc.frontend.reference_syntax import ALL, first_name, written
from specc.frontend.references import Edge
from specc.passes.expansion.scopes import Entry, Scope
from specc.passes.wiring.copy_numbers import CopyNumbers
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.unknown import UnknownNames
from specc.source import Place

EdgeEnd = tuple[str, str | None, Place, Place]
"""What feeds an item by an edge: a reference, the call argument it names, and where both ends are written."""


class Edges:
    """Reads the edges of each scope once."""

    def __init__(self, report: WiringReport, unknown: UnknownNames) -> None:
        self.report = report
        self._unknown = unknown
        self._copies = CopyNumbers(report)
        self._into: dict[Scope, dict[str, list[EdgeEnd]] | None] = {}
        """The edges of the scopes that were asked for, by the name they end at; None for a scope without any."""
        self._told: set[tuple[Scope, str]] = set()
        """Unknown names that edges end at, already reported."""

    def are_given(self, scope: Scope) -> bool:
        """Whether edges define the inputs of a scope's items, including items without an edge."""
        return self._of(scope) is not None

    def into(self, entry: Entry) -> list[EdgeEnd]:
        """The edges that end at an entry."""
        into = self._of(entry.scope)
        if not into:
            return []
        name = entry.name if entry.named else ""
        found = into.get(name, [])
        common = into.get(entry.copy_of, []) if entry.copy_of is not None else []
        return sorted([*common, *found], key=lambda end: end[2].path[:-1]) if found and common else found or common

    def _of(self, scope: Scope) -> dict[str, list[EdgeEnd]] | None:
        if scope not in self._into:
            self._into[scope] = {}  # a value in an edge may ask for a shape, which may depend on the edges
            part = scope.block if scope.block is not None else scope.unit.spec
            edges: Sequence[tuple[str, ...] | Edge] | None = getattr(part, "edges", None)
            self._into[scope] = None if edges is None else self._read(scope, edges)
        return self._into[scope]

    def _read(self, scope: Scope, edges: Sequence[tuple[str, ...] | Edge]) -> dict[str, list[EdgeEnd]]:
        """The edges of a scope by the name they end at."""
        into: dict[str, list[EdgeEnd]] = {}
        text, document, path = self.report.text, scope.unit.document, scope.place("edges").path
        for index, edge in enumerate(edges):
            names = (edge.from_, edge.to) if isinstance(edge, Edge) else edge
            steps = ("from", "to") if isinstance(edge, Edge) else range(len(edge))
            self.report.spend(len(names) - 1, Place(document, (*path, index)), scope.instance)
            places = [Place(document, (*path, index, step)) for step in steps]
            ends = [(text(scope, name, place), place) for name, place in zip(names, places, strict=True)]
            for (source, from_place), (target, to_place) in pairwise(ends):
                self._edge(scope, source, target, from_place, to_place, into)
        return into

    def _edge(
        self,
        scope: Scope,
        source: str | None,
        target: str | None,
        from_place: Place,
        to_place: Place,
        into: dict[str, list[EdgeEnd]],
    ) -> None:
        if source is None or target is None:
            return
        if self._told and (scope, first_name(source)) in self._told:  # the path goes on from there
            return
        first, *rest = self.report.steps(target, to_place, None) or [""]
        number = rest.pop(0) if rest and (isinstance(rest[0], int) or rest[0] == ALL) else None
        name = self._end(scope, str(first), number, to_place) if first else None
        if name is not None:
            into.setdefault(name, []).append((source, written(rest) or None, from_place, to_place))

    def _end(self, scope: Scope, name: str, number: int | str | None, to_place: Place) -> str | None:
        """The name of the item, or copy of one, that an edge ends at; None, and reported, if it cannot end there."""
        found = scope.names.get(name)
        if found is None:
            if scope.block is not None and name in scope.block.inputs:
                self.report.error(
                    "surplus-input",
                    f"an edge ends at '{name}', an input of the block",
                    to_place,
                    None,
                    "edges begin at inputs and end at layers",
                )
            else:
                self._told.add((scope, name))
                self._unknown.name(scope, name, to_place, None)
            return None
        if number is not None:
            copies = self._copies.chosen(found, name, number, to_place, None)
            if copies is None:
                return None
            if number != ALL:
                found, name = copies[0], copies[0].name
        if isinstance(found, Entry) and found.copy is not None and found.copy.in_chain:
            self.report.error(
                "surplus-input",
                f"an edge ends at '{name}', one copy of '{found.copy_of}'",
                to_place,
                None,
                f"let it end at '{found.copy_of}'",
            )
            return None
        return name
