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
    if item.repeat is not None:
        count = _count(item, name, scope, place, report)
        spend(count)
        for index in range(count):
            yield extended(scope.values, {"index": index}), Frame(place, name, {"index": index})
        return
    lists = _lists(item, name, scope, place, report)
    count = len(next(iter(lists.values()), ()))
    spend(count)
    for index in range(count):
        given = {key: value[index] for key, value in lists.items()}
        yield extended(scope.values, {**given, "index": index}), Frame(place, name, given, each=index)


def _count(item: Item, name: str, scope: Scope, place: Place, report: ItemReport) -> int:
    """The number of copies that ``repeat`` asks for."""
    count = report.value(item.repeat, scope.values, place.at("repeat"), scope.frames)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        report.fail(
            "invalid-value",
            f"'{name}': repeat must be an integer of 0 or more, not {quote_value(count)}",
            place,
            ("repeat",),
            scope.frames,
        )
    return count


def _lists(item: Item, name: str, scope: Scope, place: Place, report: ItemReport) -> dict[str, list[Any]]:
    """The lists of ``each``, of equal length, by the names of the values."""
    lists: dict[str, list[Any]] = {}
    for key, given in (item.each or {}).items():
        at = ("each", key)
        if not key.isidentifier():
            report.fail("invalid-name", f"{quote_value(key)} is not a valid name for a value", place, at, scope.frames)
        value = report.value(given, scope.values, place.at(*at), scope.frames)
        if not isinstance(value, list) or not value:
            report.fail(
                "invalid-value",
                f"'{name}': each.{key} must be a list of one value or more, not {quote_value(value)}",
                place,
                at,
                scope.frames,
                "omit an item with when: false" if value == [] else f"write {flow([value, '...'])}",
            )
        lists[key] = value
    if len({len(value) for value in lists.values()}) > 1:
        said = ", ".join(f"{key} has {len(value)}" for key, value in lists.items())
        report.fail(
            "invalid-value",
            f"'{name}': the lists of 'each' differ in length: {said}",
            place,
            ("each",),
            scope.frames,
            "give each name one value for each copy",
        )
    return lists
