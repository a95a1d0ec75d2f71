"""The names of a scope: each is unique."""

from __future__ import annotations

from collections.abc import Iterable

from specc.diagnostics import Related, Report
from specc.diagnostics.frames import through
from specc.frontend.names import invalid_name, is_name
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.source import Place


def declare(scope: Scope, name: str, what: Entry | Copies, position: int, report: Report) -> None:
    """Give an entry, or copies, a name in a scope; a duplicate or invalid name is reported."""
    entry = what.entries[0] if isinstance(what, Copies) else what
    if position == 0 and not is_name(name):
        report.add(invalid_name(name), entry.origin.at("name"), through(scope.frames))
    other = scope.names.setdefault(name, what)
    is_input = scope.block is not None and name in scope.block.inputs
    if other is what and not is_input:
        return
    if is_input and entry.broken and entry.item.type in ("Input", "InputLayer"):  # reported, and not an item
        return
    first = (
        scope.place("inputs")
        if is_input
        else (other.entries[0] if isinstance(other, Copies) else other).origin.at("name")
    )
    copy = f" of a copy of '{entry.copy_of}'" if entry.copy_of not in (None, name) else ""
    report.error(
        "duplicate-name",
        f"the name '{name}'{copy} is taken by {'an input of the block' if is_input else 'another layer'}",
        entry.origin.at("name"),
        help=_same_layer(other, entry)
        or "names are unique in the spec's layers and in each block's; rename one of the two",
        related=[
            Related("the block's inputs" if is_input else "the first of that name", first),
            *through(scope.frames),
        ],
    )


def check_automatic(scope: Scope, names: Iterable[str], place: Place, report: Report) -> None:
    """Report names of copies, counted by a shape, that layers above have already as their automatic ones."""
    name = next((name for name in names if name in scope.automatic), None)
    if name is not None:
        report.error(
            "duplicate-name",
            f"the name '{name}' of a copy is the automatic name of a layer above",
            place.at("name"),
            help="rename one of the two",
            related=[Related("this layer", scope.automatic[name].origin.place), *through(scope.frames)],
        )


def _same_layer(first: Entry | Copies, second: Entry) -> str | None:
    """A help for two items that differ only in their input: perhaps one layer is meant, called twice."""
    if isinstance(first, Copies) or first is second or first.copy_of or second.copy_of:
        return None
    if first.item.type in (None, "Input", "InputLayer"):
        return None
    if (first.item.type, first.arguments) != (second.item.type, second.arguments):
        return None
    name = first.name
    return (
        f"rename one of the two; to call the same layer again, write {{share: {name}, name: {name}_again, from: ...}}"
    )
