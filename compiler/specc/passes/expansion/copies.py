"""The copies of an item with ``repeat`` or ``each``, and the values of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from specc.diagnostics.notation import flow
from specc.diagnostics.text_safety import quote_value
from specc.frontend.items import Item
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Scope, extended
from specc.source import Frame, Place

CopyValues = tuple[Mapping[str, Any], Frame]
"""The values of a copy, and the frame that says which it is."""
Spend = Callable[[int], None]
"""Counts copies before they are made."""


def copies_of(item: Item, scope: Scope, place: Place, report: ItemReport, spend: Spend) -> Iterator[CopyValues]:
    """The copies of an item. Failed, and reported, if the spec does not say how many there are."""
    name = item.name or item.type or "layer"
    key = "each" if item.repeat is None else "repeat"
    given = item.each if item.repeat is None else item.repeat
    if isinstance(given, str):
        given = report.value(given, scope.values, place.at(key), scope.frames)
    if key == "repeat" and isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        spend(given)
        for index in range(given):
            yield extended(scope.values, {"index": index}), Frame(place, name, {"index": index})
        return
    if not isinstance(given, dict):
        wanted = "an integer of 0 or more" if key == "repeat" else "a map of names to lists"
        report.fail(
            "invalid-value",
            f"'{name}': {key} must be {wanted}, not {quote_value(given)}",
            place,
            (key,),
            scope.frames,
            f"give the values of a list a name: {key}: {{f: ...}}, and $f in each copy"
            if isinstance(given, list)
            else None,
        )
    lists = _lists(key, given, name, scope, place, report)
    count = len(next(iter(lists.values()), ()))
    spend(count)
    for index in range(count):
        values = {key: value[index] for key, value in lists.items()}
        yield extended(scope.values, {**values, "index": index}), Frame(place, name, values, each=index)


def _lists(
    key: str, given: Mapping[str, Any], name: str, scope: Scope, place: Place, report: ItemReport
) -> dict[str, list[Any]]:
    """The lists of ``each`` or ``repeat``, of equal length, by the names of the values."""
    lists: dict[str, list[Any]] = {}
    for value_name, written in given.items():
        at = (key, value_name)
        if not value_name.isidentifier() or value_name == "index":
            help = "$index is the number of the copy; choose another name" if value_name == "index" else None
            reason = f"{quote_value(value_name)} is not a valid name for a value"
            report.fail("invalid-name", reason, place, at, scope.frames, help)
        value = report.value(written, scope.values, place.at(*at), scope.frames)
        if not isinstance(value, list):
            said = f"'{name}': {key}.{value_name} must be a list of values, not {quote_value(value)}"
            report.fail("invalid-value", said, place, at, scope.frames, _listed(written, value))
        lists[value_name] = value
    if len({len(value) for value in lists.values()}) > 1:
        said = ", ".join(f"{value_name} has {len(value)}" for value_name, value in lists.items())
        report.fail(
            "invalid-value",
            f"'{name}': the lists of '{key}' differ in length: {said}",
            place,
            (key,),
            scope.frames,
            "give each name one value for each copy",
        )
    return lists


def _listed(written: object, value: object) -> str:
    """A help for what should be the list of the copies' values."""
    name = written[1:] if isinstance(written, str) and written[1:].isidentifier() else None
    if isinstance(value, dict) and name is not None:
        return f'write "$([{name}[key] for key in {name}])", in quotes, or name its keys: "$([key for key in {name}])"'
    return f"write {flow([value, '...'])}"
