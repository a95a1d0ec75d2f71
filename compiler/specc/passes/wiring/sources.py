"""What the spec says feeds an entry: its ``from``, the edges that end at it, or the item above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from specc.calls import Argument
from specc.diagnostics import Related
from specc.passes.expansion.scopes import Entry, Operand
from specc.passes.wiring.edges import Edges
from specc.passes.wiring.references import References, Refs
from specc.passes.wiring.report import WiringReport
from specc.source import Place

MOST_NAMED = 12
"""Most names that a message lists."""


@dataclass(slots=True)
class Source:
    """One reference that feeds an item: what it refers to, and where it is written."""

    refs: Refs
    place: Place
    text: str = ""
    target: Place | None = None
    """Where its target is written: the key of a map, the end of an edge."""

    @property
    def end(self) -> Place:
        """Where a message about its target points to."""
        return self.target or self.place


@dataclass(slots=True)
class Sources:
    """All that feeds an item: by position, and by call argument."""

    positional: list[Source]
    named: dict[str, list[Source]]


class SourceReader:
    """Reads what feeds entries."""

    def __init__(self, report: WiringReport, references: References, edges: Edges) -> None:
        self.report = report
        self.references = references
        self.edges = edges

    def read(self, entry: Entry, signature: Sequence[Argument]) -> Sources:
        """What the spec says feeds an entry: its ``from``, the edges that end at it, or the item above."""
        given = entry.source
        edges = self.edges.into(entry)
        if given is not None:
            if edges:
                said = "'from'" if entry.formula is None else "a formula, whose names are its inputs,"
                self.report.error(
                    "from-and-edges",
                    f"{entry.label} has {said} and edges that end at it",
                    entry.origin.at("from"),
                    entry,
                    "remove one of the two",
                    [Related("an edge to it", edges[0][2])],
                )
                return Sources([], {})
            return self._from(entry, given)
        if edges:
            sources = Sources([], {})
            for text, argument, place, target in edges:
                source = self._source(entry, text, place, target)
                if argument is None:
                    sources.positional.append(source)
                else:
                    sources.named.setdefault(argument, []).append(source)
            return sources
        if self.edges.are_given(entry.scope) or not signature:
            return Sources([], {})
        return self._above(entry)

    def _from(self, entry: Entry, given: object) -> Sources:
        if entry.formula is not None:
            assert isinstance(given, dict)
            named = {name: self._operands(entry, value) for name, value in given.items()}
            return Sources([], named)
        if isinstance(given, str):
            return Sources([self._source(entry, given, entry.origin.at("from"))], {})
        if isinstance(given, dict):
            named = {
                name: self._list(entry, value, name) for name, value in given.items() if self._is_given(entry, value)
            }
            for name, sources in named.items():
                sources[0].target = entry.origin.at("from", name, part="key")
            return Sources([], named)
        assert isinstance(given, list)
        if all(self._is_given(entry, text) for text in given):
            return Sources(self._list(entry, given), {})
        return self._by_name(entry, given)

    def _by_name(self, entry: Entry, given: list[str]) -> Sources:
        """A list that hands on an input which is not there: the others keep their places."""
        assert entry.inner is not None
        assert entry.inner.block is not None
        named: dict[str, list[Source]] = {}
        *names, last = entry.inner.block.inputs
        for index, text in enumerate(given):
            if self._is_given(entry, text):
                source = self._source(entry, text, entry.origin.at("from", index))
                named.setdefault(names[index] if index < len(names) else last, []).append(source)
        return Sources([], named)

    def _is_given(self, entry: Entry, value: object) -> bool:
        """Whether there is something to hand on: not an input that the instance around has not got.

        An instance may go without an input that nothing in it reads, so it hands it on only where it has it.
        """
        scope = entry.scope
        if entry.inner is None or scope.instance is None or scope.block is None or value not in scope.block.inputs:
            return True
        return self.references.is_given(scope, str(value))

    def _list(self, entry: Entry, value: object, *path: str) -> list[Source]:
        if isinstance(value, str):
            return [self._source(entry, value, entry.origin.at("from", *path))]
        assert isinstance(value, list)
        place = entry.origin.at("from", *path)
        self.report.spend(len(value), place, entry)
        return [self._source(entry, text, place.at(index)) for index, text in enumerate(value)]

    def _operands(self, entry: Entry, value: Operand | list[Operand]) -> list[Source]:
        """What a tensor argument of a part of a formula gets."""
        found = value if isinstance(value, list) else [value]
        self.report.spend(len(found), entry.origin.place, entry)
        return [
            self._source(entry, it.target, it.place)
            if isinstance(it.target, str)
            else Source(self._output(entry, it.target, it), it.place, it.target.name)
            for it in found
        ]

    def _output(self, entry: Entry, part: Entry, operand: Operand) -> Refs:
        """An output of another part of a formula."""
        return tuple(ref._replace(port=operand.port) for ref in self.references.bare(part, operand.place, entry))

    def _source(self, entry: Entry, text: str, place: Place, target: Place | None = None) -> Source:
        return Source(self.references.resolve(entry.scope, text, place, entry), place, text, target)

    def _above(self, entry: Entry) -> Sources:
        """The item above, for an entry that names no input."""
        place = entry.origin.place
        if entry.chained is not None:
            return Sources([], {})
        if entry.previous is not None:
            above = entry.previous
            return Sources([Source(self.references.bare(above, place, entry), place, above.name)], {})
        block = entry.scope.block
        if block is None or not block.inputs:
            return Sources([], {})
        if len(block.inputs) > 1:
            names = ", ".join(f"'{name}'" for name in block.inputs[:MOST_NAMED])
            self.report.error(
                "missing-input",
                f"{entry.label} comes first in a block with {len(block.inputs)} inputs and does not say which it takes",
                place,
                entry,
                f"add 'from' with one of {names}",
            )
            return Sources([], {})
        return Sources(
            [Source(self.references.block_input(entry.scope, block.inputs[0], place, entry), place, block.inputs[0])],
            {},
        )
