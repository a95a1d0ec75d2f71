"""Copies that are not there, whose inputs stand among the others."""

from __future__ import annotations

from collections.abc import Iterable

from specc.diagnostics import Related, Report
from specc.diagnostics.frames import through
from specc.frontend.reference_syntax import ALL, first_name
from specc.passes.expansion.scopes import Copies, Entry
from specc.passes.wiring.sources import MOST_NAMED, Source


def warn_of_absent_copies(entry: Entry, sources: Iterable[Source], report: Report) -> None:
    """Warn of all copies of an item of which some are absent, if what these pass on is among the others, or their input."""
    for source in sources:
        name = first_name(source.text)
        copies = entry.scope.names.get(name)
        if not isinstance(copies, Copies) or (copies.in_chain and not source.text.startswith(f"{name}[{ALL}]")):
            continue
        if source.text != name and not source.text.startswith(f"{name}[{ALL}]"):
            continue
        present = [copy for copy in copies.entries if not copy.absent]
        absent = [copy for copy in copies.entries if copy.absent and copy.otherwise is None]
        if not present or not any(
            copies.in_chain or any(copy.source == it.source for it in present) for copy in absent
        ):
            continue
        passed = "the copy before it" if copies.in_chain else "its input"
        stands = f"stands for {passed}" if len(absent) == 1 else "stand for " + passed.replace("its", "their")
        report.warning_if_sound(
            "absent-copy",
            f"{entry.label}: of the {len(copies.entries)} copies of '{name}', {len(absent)} that {_is(len(absent))} absent {stands}",
            source.place,
            help=f"list those that are there: [{', '.join(copy.name for copy in present[:MOST_NAMED])}]"
            if copies.in_chain
            else "write else: [] in the item to leave them out, or else: and a name for what stands in their place",
            related=[Related("absent here", absent[0].origin.at("when")), *through(entry.origin.frames)],
        )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
