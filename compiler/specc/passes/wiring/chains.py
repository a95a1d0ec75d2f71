"""Copies in a chain: each takes from the copy before it what its ``from`` gives to the first copy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from specc.calls import Argument
from specc.diagnostics.notation import flow
from specc.frontend.reference_syntax import ALL
from specc.passes.expansion.scopes import Entry
from specc.passes.wiring.references import References, Refs
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.sources import Source, Sources
from specc.source import Place
from specc.words import count_of


class Chains:
    """Feeds copies from the copies before them."""

    def __init__(self, report: WiringReport, references: References) -> None:
        self.report = report
        self._references = references

    def first_input(self, entry: Entry, argument: Argument, sources: Sources) -> Source:
        """What the first input of a copy takes from the copy before it.

        Of an argument that takes several tensors, it takes the place of the first; several take that of all.
        """
        before = entry.chained
        assert before is not None
        place = entry.origin.place
        taken = Source(self._references.bare(before, place, entry), place, before.name)
        replaced = next(iter(sources.named.get(argument.name) or sources.positional), None)
        if replaced is None or replaced.refs == taken.refs:
            return taken
        if argument.many and len(taken.refs) > 1:
            if _changes(entry, argument.name, 0):
                self._all_replaced(entry, argument, taken, replaced)
            return taken
        if len(replaced.refs) > 1:
            self._several(entry, argument, sources, replaced)
        elif _changes(entry, argument.name, 0, first_only=True):
            self._changing(entry, argument, sources, replaced)
        return taken

    def handed_on(self, entry: Entry, arguments: Sequence[Argument], sources: Sources) -> dict[str, Refs]:
        """What the further inputs of a copy take from the outputs of those names of the copy before it."""
        giver = entry.chained
        while giver is not None and giver.absent:  # what it would have been given goes past it
            giver = giver.chained
        positions = {argument.name: position for position, argument in enumerate(arguments)}
        found: dict[str, Refs] = {}
        for port in self._references.further_ports(giver) if giver is not None else ():
            if positions.get(port, 0) > 0:
                assert giver is not None
                found[port] = self._references.further_output(giver, port, entry.origin.place, entry)
                given = sources.named.get(port) or sources.positional[positions[port] :]
                if given and given[0].refs != found[port] and _changes(entry, port, positions[port]):
                    self._handed_on_and_changing(entry, port, given[0])
        return found

    # -- What would be dropped ----------------------------------------------------------------

    def _changing(self, entry: Entry, argument: Argument, sources: Sources, replaced: Source) -> None:
        """Report an input that is another one for each copy, where a copy takes the one before it."""
        before = entry.chained
        assert before is not None
        written = entry.origin.place.written["from"]
        side_by_side = _side_by_side(entry)
        if _takes_one(entry):
            help = f"for copies side by side, {side_by_side}"
        else:
            help = f"name first what the first copy takes, {_moved_back(argument, written)}; or {side_by_side}"
        self._error(
            f"{entry.label} takes the output of '{before.name}', the copy before it, in place of '{replaced.text}'",
            replaced.place,
            entry,
            help,
        )

    def _several(self, entry: Entry, argument: Argument, sources: Sources, replaced: Source) -> None:
        """Report copies of which it does not say which one the output of the copy before is in place of."""
        before = entry.chained
        assert before is not None
        first = f"{replaced.text.removesuffix(f'[{ALL}]')}[0]"
        alone = len(sources.named.get(argument.name) or sources.positional) == 1
        listed = flow([first, replaced.text] if alone else ["...", replaced.text])
        self._error(
            f"{entry.label} takes the output of '{before.name}', the copy before it, in place of '{replaced.text}', "
            f"which is {count_of(len(replaced.refs), 'tensor')}",
            replaced.place,
            entry,
            f"name first the one tensor that the first copy takes: {listed}"
            + (", or let the first output of the block be several tensors, too" if entry.inner is not None else ""),
        )

    def _all_replaced(self, entry: Entry, argument: Argument, taken: Source, replaced: Source) -> None:
        """Report tensors that are others for each copy, all of which the tensors of the copy before replace."""
        self._error(
            f"{entry.label} takes the {len(taken.refs)} tensors of '{taken.text}', the copy before it, in place of all that "
            f"'{argument.name}' is given, which is not the same for each copy",
            replaced.place,
            entry,
            "give the block another input for what differs",
        )

    def _handed_on_and_changing(self, entry: Entry, port: str, given: Source) -> None:
        """Report an input that is another one for each copy, and is handed on from copy to copy as well."""
        before = entry.chained
        assert before is not None
        self._error(
            f"{entry.label} takes its '{port}' from '{before.name}', the copy before it, in place of '{given.text}'",
            given.place,
            entry,
            f"an output that has the name of an input is handed on: give the output '{port}' of the block another name",
        )

    def _error(self, message: str, place: Place, entry: Entry, help: str) -> None:
        self.report.error("surplus-input", message, place, entry, help)


def _changes(entry: Entry, name: str, position: int, *, first_only: bool = False) -> bool:
    """Whether what an input is given is written so that it is not the same for the copy before."""
    before = entry.chained
    assert before is not None
    ours, theirs = (_given(it.source, name, position) for it in (entry, before))
    return ours[:1] != theirs[:1] if first_only else ours != theirs


def _given(source: Any, name: str, position: int) -> list[str]:
    """The references that a ``from`` gives to an input."""
    if isinstance(source, Mapping):
        source, position = source.get(name, []), 0
    return [source][position:] if isinstance(source, str) else list(source or ())[position:]


def _takes_one(entry: Entry) -> bool:
    """Whether an item takes one tensor and no other."""
    if entry.layer is not None:
        arguments: Sequence[Argument] = entry.layer.tensor_arguments()
        return len(arguments) == 1 and not arguments[0].many
    block = entry.inner.block if entry.inner is not None else None
    return block is not None and len(block.inputs) == 1 and not block.many


def _side_by_side(entry: Entry) -> str:
    """How an item makes its copies side by side."""
    written = entry.origin.place.written["repeat"]
    if isinstance(written, dict):
        return "write 'each' in place of 'repeat'"
    count = written if not isinstance(written, str) else written[1:].removeprefix("(").removesuffix(")")
    return f"write each: {{copy: \"$(range({count}))\"}} in place of 'repeat'"


def _moved_back(argument: Argument, written: object) -> str:
    """A ``from`` whose first entry is the same for all copies."""
    if isinstance(written, dict):
        return f"as in {argument.name}: ..."
    if isinstance(written, list) and len(written) > 1 and argument.many and "$" not in str(written[1]):
        return f"from: {flow([*written[1:], written[0]])}"
    return f"from: {flow(['...', *(written if isinstance(written, list) else [written])])}"
