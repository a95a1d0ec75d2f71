"""Shared calls: an item becomes a further call of the layer, or block instance, that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from specc.budget import current
from specc.diagnostics import Related
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.frames import through
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend.reference_syntax import ALL, Step
from specc.layers.core import Input
from specc.passes.expansion.layer_items import option_problems
from specc.passes.expansion.scopes import Copies, Entry, Scope, TooLarge, read_again
from specc.passes.values import names_in
from specc.passes.wiring.copy_numbers import CopyNumbers
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.unknown import UnknownNames
from specc.source import Place

LONGEST_CHAIN = 1_000
"""Most shared calls that share each other."""


class Sharing:
    """Makes entries further calls of what they share."""

    def __init__(self, report: WiringReport, unknown: UnknownNames) -> None:
        self.report = report
        self._unknown = unknown
        self._copies = CopyNumbers(report)
        self._budget = current()
        self._open: dict[Entry, None] = {}
        """The entries that are being resolved, outermost first."""
        self._cyclic: set[Entry] = set()
        """Entries that share themselves, already reported."""

    def share_all(self, scope: Scope) -> None:
        """Turn every entry of a scope that shares, and of the instances in it, into a further call."""
        for entry in scope.entries:
            if entry.item.share is not None and not entry.absent and not entry.broken:
                self.share(entry)
                self._check_options(entry)
            if entry.inner is not None and entry.shares is None:
                self.share_all(entry.inner)

    def share(self, entry: Entry) -> None:
        """Turn an entry into a further call of what it shares."""
        if entry.shares is not None or entry in self._cyclic:
            return
        name = entry.item.share or ""
        if self._ends(entry):
            return
        self._open[entry] = None
        found = self._named(entry, name)
        self._open.popitem()
        target = self._shareable(entry, name, found)
        if target is None:
            return
        entry.shares = target
        entry.layer = target.layer
        if target.inner is not None:
            self.share_all(target.inner)
            entry.inner = self._again(target.inner, entry)

    def _check_options(self, entry: Entry) -> None:
        """Report the constant arguments of a call that its layer does not take."""
        if entry.layer is not None and entry.options:
            for problem in option_problems(entry.layer, entry.options, entry.source):
                said = replace(problem, message=f"{entry.label}: {problem.message}")
                self.report.report.add(said, entry.origin.at("call"), through(entry.origin.frames))

    def _ends(self, entry: Entry) -> bool:
        """Whether a chain of shares ends at an entry because it is cyclic or too long; reported."""
        if entry in self._open:
            cycle = list(self._open)[list(self._open).index(entry) :]
            self._cyclic.update(cycle)
            path = shorten(" -> ".join(f"'{other.full_name}'" for other in [*cycle, entry]), 300)
            self._error("share-cycle", f"{entry.label} shares itself: {path}", entry, "share a layer that has a 'type'")
            return True
        if len(self._open) >= LONGEST_CHAIN:
            self._cyclic.update(self._open)
            self._error(
                "too-deep",
                f"{entry.label} is at the end of a chain of more than {LONGEST_CHAIN:,} shared calls",
                entry,
                "share the layer that has the 'type'",
            )
            return True
        return False

    def _named(self, user: Entry, text: str) -> Entry | Copies | None:
        """The item that a path of names leads to, which the user shares."""
        target: Entry | Copies | None = None
        home, place = given_in(user)
        names = home.names
        for step in self.report.steps(text, place, user):
            if target is not None and (isinstance(step, int) or step == ALL):
                target = self._copy(target, step, place, user)
                if target is None:
                    return None
                continue
            if isinstance(target, Copies) and target.in_chain:
                target = target.entries[-1]
            if isinstance(target, Entry) and target.inner is not None:
                names = target.inner.names
            elif target is not None:
                names = {}
            found = names.get(str(step))
            if found is None:
                if (
                    target is None
                    and home.block is not None
                    and home.instance is None
                    and step in home.arguments.values()
                ):
                    self._error(
                        "unknown-name",
                        f"{user.label}: there is no layer {quote_value(step)} inside the nested model",
                        user,
                        "a nested model cannot call a layer of the model around it: remove 'nested: true'",
                    )
                elif target is None:
                    self._unknown.name(home, str(step), place, user)
                else:
                    self.report.error(
                        "unknown-name",
                        f"'{target.name}' has no member {quote_value(step)}",
                        place,
                        user,
                        did_you_mean(str(step), names),
                    )
                return None
            if isinstance(found, Entry) and found.item.share is not None and not found.absent:
                self.share(found)
            target = found
        return target

    def _copy(self, target: Entry | Copies, number: Step, place: Place, user: Entry) -> Entry | Copies | None:
        """The copy of that number; for ALL, all of them."""
        found = self._copies.chosen(target, target.name, number, place, user)
        if found is None:
            return None
        if not found:
            self._error(
                "unknown-name",
                f"{user.label} shares '{target.name}[*]', which has 0 copies here",
                user,
                "add 'when' to the call",
            )
            return None
        for entry in found:
            if entry.item.share is not None and not entry.absent:
                self.share(entry)
        return found[0] if len(found) == 1 else Copies(target.name, found, in_chain=False)

    def _shareable(self, entry: Entry, name: str, target: Entry | Copies | None) -> Entry | None:
        """The layer or instance that an entry calls again; None, and reported, if that cannot be called again."""
        if isinstance(target, Copies):
            if not target.in_chain:
                names = ", ".join(f"'{copy.name}'" for copy in target.entries[:4])
                self._error(
                    "ambiguous-name",
                    f"'{name}' refers to {len(target.entries)} copies",
                    entry,
                    f"share one of them: {names}",
                    [Related("the copies", target.entries[0].origin.place)],
                )
                return None
            target = target.entries[-1]
        if target is None:
            return None
        target = target.shares or target
        if target.absent or (target.layer is None and target.inner is None):
            if target.absent:
                self._error("unknown-name", f"{entry.label} shares '{name}', which is absent here", entry)
            return None
        if target.formula is not None:
            self._error(
                "formula",
                f"{entry.label} shares '{name}', which is a formula and has no weights",
                entry,
                "write the formula again, or put it in a block",
            )
            return None
        if isinstance(target.layer, Input):
            self._error(
                "share-input",
                f"{entry.label} shares '{name}', which is an Input",
                entry,
                "refer to the Input by its name instead",
            )
            return None
        return target

    def _error(
        self, code: ErrorCode, message: str, entry: Entry, help: str | None = None, related: Sequence[Related] = ()
    ) -> None:
        self.report.error(code, message, entry.origin.at("share"), entry, help, related)

    def _again(self, scope: Scope, instance: Entry) -> Scope:
        """The inside of an instance again, with every layer of it a further call of the same layer."""
        if not self._budget.spend_layers(len(scope.entries)):
            frames = instance.origin.frames
            raise TooLarge(frames[0].place if frames else instance.origin.place)
        again = _empty(scope, f"{instance.full_name}.", instance)
        entries = {entry: replace(entry, scope=again, options=dict(entry.options)) for entry in scope.entries}
        groups: dict[Copies, Copies] = {}
        for name, what in scope.names.items():
            if isinstance(what, Copies):
                groups[what] = Copies(what.name, [entries[entry] for entry in what.entries], what.in_chain)
                again.names[name] = groups[what]
            else:
                again.names[name] = entries[what]
        for entry, copy in entries.items():
            again.entries.append(copy)
            above = entry.previous
            copy.previous = (
                entries.get(above, above) if isinstance(above, Entry) else groups.get(above, above) if above else None
            )
            copy.chained = entries[entry.chained] if entry.chained is not None else None
            if entry.formula is not None:
                copy.formula = entry.formula._replace(name=again.prefix + entry.formula.name[len(scope.prefix) :])
                copy.source = read_again(entry.source, entries)
                copy.parts = tuple(entries[part] for part in entry.parts)
            if not entry.absent:
                copy.shares = entry.shares or entry
                copy.inner = self._again(entry.inner, copy) if entry.inner is not None else None
        return again


def given_in(user: Entry) -> tuple[Scope, Place]:
    """The scope in which the name that an entry shares was given, and where it is written there.

    A block's argument may name a layer of the scope around its instance: the one that gives the argument.
    """
    scope, place = user.scope, user.origin.at("share")
    item = user.origin.place.written
    names = _names_of_values(item, item["share"])
    while scope.instance is not None:
        given = scope.instance.origin.place.written
        name = next((it for it in names if it in scope.arguments and it in given), None)
        if name is None:
            break
        place, names, scope = (
            scope.instance.origin.at(name),
            _names_of_values(given, given[name]),
            scope.instance.scope,
        )
    return scope, place


def _names_of_values(item: Mapping[str, Any], written: object) -> set[str]:
    """The values that are used in what is written, also by the values that each copy has of its own."""
    names = names_in(written)
    for copies in (item.get("each"), item.get("repeat")):
        if isinstance(copies, dict):
            names |= set().union(*(names_in(copies[name]) for name in names & copies.keys()))
    return names


def _empty(scope: Scope, prefix: str, instance: Entry) -> Scope:
    """An empty scope for another call of an instance."""
    return Scope(
        prefix,
        scope.unit,
        scope.path,
        scope.values,
        scope.frames,
        scope.block,
        scope.kind,
        scope.arguments,
        by_default=scope.by_default,
        instance=instance,
        declared=scope.declared,
        asked=scope.asked,
        counted=scope.counted,
    )
