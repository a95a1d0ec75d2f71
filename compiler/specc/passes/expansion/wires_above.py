"""Wires what is expanded so far, for questions about it: nothing is reported, as the whole graph is wired later."""

from __future__ import annotations

from collections.abc import Sequence

from specc.budget import Budget, current
from specc.diagnostics import CompileError, Report
from specc.frontend.reference_syntax import first_name
from specc.frontend.references import Edge
from specc.ir import Node
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.wiring.edges import EdgeEnd, Edges
from specc.passes.wiring.feeding import Feeding
from specc.passes.wiring.references import Feeds, References, Refs
from specc.passes.wiring.report import Finding, WiringReport
from specc.passes.wiring.sharing import Sharing
from specc.passes.wiring.unknown import UnknownNames
from specc.passes.wiring.wire import node_of
from specc.source import Place


class QuietReport(WiringReport):
    """Keeps the first finding of each question. The wires have a budget of their own, as large as the spec's."""

    def __init__(self, heard: Report) -> None:
        super().__init__(Report())
        self._budget = Budget.of(current().characters)
        self._heard = heard
        self.wrong: Finding | None = None
        self.below: str | None = None
        """A name that the question led to, of an item that is not expanded yet."""
        self.was_wrong = False
        """Whether there was a finding in any question."""

    @property
    def is_clean(self) -> bool:
        """Whether there was no finding and no warning in any question."""
        return not self.was_wrong and not self.report.diagnostics

    def begin(self) -> None:
        """Begin a question."""
        self.wrong = self.below = None

    def note_below(self, name: str) -> None:
        """Take note of a name of an item that is not expanded yet."""
        if self._is_quiet:
            return
        self.was_wrong = True
        self.below = self.below or name

    def _add(self, found: Finding, user: Entry | None) -> None:
        self.was_wrong = True
        self.wrong = self.wrong or found

    def spend(self, wires: int, place: Place, user: Entry | None) -> None:
        """Count wires before they are made. CompileError, and reported, if they are too many."""
        if wires > self._budget.wires:
            self.begin()
        try:
            super().spend(wires, place, user)
        except CompileError:
            if self.wrong is not None:
                self._heard.error(self.wrong.code, self.wrong.message, place, help=self.wrong.help)
            raise CompileError(self._heard.diagnostics) from None


class NamesAbove(UnknownNames):
    """Tells names of items that are not expanded yet from names that nothing has."""

    def __init__(self, report: QuietReport) -> None:
        super().__init__(report)
        self._quiet = report

    def name(self, scope: Scope, name: str, place: Place, user: Entry | None) -> None:
        """Keep a name that nothing in a scope has so far."""
        if is_below(scope, name):
            self._quiet.note_below(name)
        else:
            super().name(scope, name, place, user)


def is_below(scope: Scope, name: str) -> bool:
    """Whether an item, or a copy of one, has a name in a scope and is not expanded yet."""
    if scope.block is not None and name in scope.block.inputs:
        return False
    part = scope.block if scope.block is not None else scope.unit.spec
    coming = scope.coming or [item.name for item in getattr(part, "layers", ())]
    return any(one not in scope.names and one in coming for one in (name, name.rpartition("_")[0]))


class EdgesAbove(Edges):
    """The edges of scopes, whether what they end at is expanded yet or not."""

    def __init__(self, report: QuietReport, unknown: UnknownNames) -> None:
        super().__init__(report, unknown)
        self._reading: set[Scope] = set()

    def into(self, entry: Entry) -> list[EdgeEnd]:
        """The edges that end at an entry; none, and kept, while a value in them is computed."""
        if entry.scope in self._reading:
            message = f"the edges, which have a value to compute first, say what feeds {entry.label}"
            self.report.error("unknown-shape", message, entry.scope.place("edges"), None)
            return []
        of_copy = super().into(entry)
        into = self._of(entry.scope)
        if not into or entry.copy is None:
            return of_copy
        numbers = (entry.copy.index, entry.copy.index - entry.copy.count)
        numbered = [end for number in numbers for end in into.get(_numbered(entry.copy_of, number), ())]
        return sorted([*of_copy, *numbered], key=lambda end: end[2].path[:-1]) if numbered else of_copy

    def _end(self, scope: Scope, name: str, number: int | str | None, to_place: Place) -> str:
        return _numbered(name, number) if isinstance(number, int) else name

    def _read(self, scope: Scope, edges: Sequence[tuple[str, ...] | Edge]) -> dict[str, list[EdgeEnd]]:
        self._reading.add(scope)
        into = super()._read(scope, edges)
        self._reading.discard(scope)
        return into


def _numbered(name: str | None, number: int) -> str:
    return f"{name}[{number}]"


class ReferencesAbove(References):
    """Resolves references, and remembers the entries that they lead to. Shared calls are resolved when needed."""

    def __init__(self, report: WiringReport, unknown: UnknownNames, feeds: Feeds) -> None:
        super().__init__(report, unknown, feeds)
        self._sharing = Sharing(report, unknown)
        self.entries: dict[str, Entry] = {}
        """Those of layers, by the names of their nodes."""

    def named(self, scope: Scope, name: str) -> Entry | Copies | None:
        """What has a name in a scope so far."""
        found = super().named(scope, name)
        for entry in found.entries if isinstance(found, Copies) else (found,):
            if entry is None or entry.item.share is None:
                break
            self._share(entry)
        return found

    def resolve(self, scope: Scope, text: str, place: Place, user: Entry | None, before: str = "") -> Refs:
        """What a reference refers to so far."""
        self.named(scope, first_name(text))
        return super().resolve(scope, text, place, user, before)

    def bare(self, target: Entry | Copies, place: Place, user: Entry | None) -> Refs:
        """What a name alone refers to."""
        if isinstance(target, Entry):
            self._share(target)
        refs = super().bare(target, place, user)
        if isinstance(target, Entry) and target.layer is not None:
            self.entries[target.full_name] = target
        return refs

    def ends(self, inside: Scope) -> dict[str, Refs]:
        """What nothing in a scope reads."""
        for entry in inside.present():
            self._share(entry)
            self.entries[entry.full_name] = entry
        return super().ends(inside)

    def _port(self, target: Entry, steps: list[str], place: Place, user: Entry | None, written: str) -> Refs:
        self.entries[target.full_name] = target
        return super()._port(target, steps, place, user, written)

    def _share(self, entry: Entry) -> None:
        if entry.item.share is not None and entry.shares is None and not entry.absent and not entry.broken:
            self._sharing.share(entry)


class FeedingAbove(Feeding):
    """Binds entries to what feeds them, every one through its references."""

    def __init__(self, report: QuietReport) -> None:
        unknown = NamesAbove(report)
        super().__init__(report, unknown, EdgesAbove(report, unknown), ReferencesAbove)

    def _feeder(self, entry: Entry) -> Entry | None:
        feeder = super()._feeder(entry)
        if feeder is None or feeder.item.share is not None:
            return None
        assert isinstance(self.references, ReferencesAbove)
        self.references.entries[feeder.full_name] = feeder
        return feeder


class WiresAbove:
    """The wires of one graph, as far as it is expanded."""

    def __init__(self, heard: Report) -> None:
        self.report = QuietReport(heard)
        self._feeding = FeedingAbove(self.report)

    def resolve(self, scope: Scope, reference: str, place: Place) -> Refs:
        """What a reference refers to; empty, and kept, if that is not known."""
        return self._feeding.references.resolve(scope, reference, place, None)

    def node(self, name: str) -> Node:
        """The node of a name that a reference led to."""
        references = self._feeding.references
        assert isinstance(references, ReferencesAbove)
        return self.call(references.entries[name])

    def call(self, entry: Entry) -> Node:
        """The node of an entry; without the inputs that are not known, which are kept."""
        return node_of(entry, self._feeding.bindings(entry), self._feeding)
