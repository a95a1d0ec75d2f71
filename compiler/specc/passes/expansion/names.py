"""The names of a scope: computed where they are expressions, and each unique."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from specc.diagnostics import Related, Report
from specc.diagnostics.frames import through
from specc.diagnostics.text_safety import quote_value
from specc.frontend.items import Item
from specc.frontend.names import invalid_name, is_computed_name, is_name
from specc.passes.expansion.copies import CopyValues
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.values import Failed, names_in
from specc.source import Frame, Place


def is_of_each_copy(item: Item, given: object) -> bool:
    """Whether an item's name uses a value of its copies, which are ``given`` by their names, or their number."""
    if item.name is None or not is_computed_name(item.name):
        return False
    return not names_in(item.name).isdisjoint(("index", *(given if isinstance(given, Mapping) else ())))


def own_names(
    item: Item, scope: Scope, place: Place, copies: Sequence[CopyValues], report: ItemReport
) -> list[str] | None:
    """The names of the copies of an item whose name uses a value of theirs; None for any other."""
    written = item.each if item.repeat is None else item.repeat
    if not is_of_each_copy(item, copies[0][1].values if copies else written):
        return None
    names = []
    for values, frame in copies:
        frames = (*scope.frames, frame)
        name = computed_name(str(item.name), values, place, frames, report)
        if not is_name(name):
            report.report.add(invalid_name(name), place.at("name"), through(frames))
            raise Failed
        names.append(name)
    return names


def computed_name(
    name: str, values: Mapping[str, Any], place: Place, frames: tuple[Frame, ...], report: ItemReport
) -> str:
    """The value of a name, a string; it may still be no valid name."""
    found = report.value(name, values, place.at("name"), frames)
    if not isinstance(found, str):
        reason = f"{quote_value(found)} is not a valid name"
        help = "a name is a string; in an expression 'block_' + 'a' joins two"
        report.fail("invalid-name", reason, place, ("name",), frames, help)
    return found


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
    taken = "an input of the block" if is_input else "another layer"
    if isinstance(other, Entry) and (one := _number(entry)) and (first_one := _number(other)):
        copy, taken = f" of copy {one}", f"copy {first_one}" if first == entry.origin.at("name") else taken
    report.error(
        "duplicate-name",
        f"the name '{name}'{copy} is taken by {taken}",
        entry.origin.at("name"),
        help=_same_layer(other, entry)
        or "names are unique in the spec's layers and in each block's; rename one of the two",
        related=[
            Related("the block's inputs" if is_input else "the first of that name", first),
            *through(scope.frames),
        ],
    )


def _number(entry: Entry) -> int | None:
    """The number of a copy that has a name of its own, counted from 1."""
    return entry.copy.index + 1 if entry.named and entry.copy is not None and entry.copy.item is None else None


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
    if isinstance(first, Copies) or first is second or first.copy or second.copy:
        return None
    if first.item.type in (None, "Input", "InputLayer"):
        return None
    if (first.item.type, first.arguments) != (second.item.type, second.arguments):
        return None
    name = first.name
    return (
        f"rename one of the two; to call the same layer again, write {{share: {name}, name: {name}_again, from: ...}}"
    )
