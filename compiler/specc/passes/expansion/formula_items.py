"""An item with a formula to its entries: one for each operation, the last of which has the item's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from specc.automatic_names import AutomaticNames
from specc.diagnostics.frames import through
from specc.expressions.errors import ExpressionError
from specc.formulas.lower import lower
from specc.formulas.steps import Lowered, Made, Name
from specc.frontend.items import Item
from specc.frontend.names import item_label
from specc.ir import Formula
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Entry, Operand, Scope
from specc.passes.values import Failed
from specc.source import Origin, Place

Spend = Callable[[int], None]
"""Counts layers before they are made."""


class FormulaItems:
    """Makes the entries of formulas."""

    def __init__(self, item_report: ItemReport) -> None:
        self._report = item_report.report

    def entry(
        self,
        scope: Scope,
        item: Item,
        values: Mapping[str, Any],
        origin: Origin,
        name: str | None,
        spend: Spend,
    ) -> Entry:
        """The entry of a formula, which has the entries of its other operations as `Entry.parts`."""
        lowered = self._lowered(item, values, origin, name, scope.copied)
        spend(len(lowered.steps) - 1)
        place = origin.place.at("formula")
        named = name is not None
        types = [step.operation.type_name for step in lowered.steps]
        name = name or scope.automatic_names.next(types[-1])
        counted = AutomaticNames()
        names = [*(f"{name}.{counted.next(type)}" for type in types[:-1]), name]
        formula = Formula(scope.prefix + name, lowered.text)
        entries: list[Entry] = []
        for own_name, step in zip(names, lowered.steps, strict=True):
            source = {
                argument: [_operand(it, entries, place) for it in value]
                if isinstance(value, list)
                else _operand(value, entries, place)
                for argument, value in step.inputs.items()
            }
            at = Origin(place._replace(within=step.within), origin.frames)
            entry = Entry(own_name, named, item, at, scope, layer=step.operation, source=source, formula=formula)
            entries.append(entry)
        *parts, last = entries
        last.parts = tuple(parts)
        return last

    def passed_on(self, item: Item, values: Mapping[str, Any], origin: Origin, name: str | None) -> Any:
        """What an absent formula passes on, unless it has an ``else``: the name that is written first in it."""
        names = self._lowered(item, values, origin, name, frozenset()).names
        return names[0].text if names else []

    def _lowered(
        self, item: Item, values: Mapping[str, Any], origin: Origin, name: str | None, copied: frozenset[str]
    ) -> Lowered:
        assert item.formula is not None
        try:
            return lower(item.formula, values, copied)
        except ExpressionError as error:
            problem = error.problem.under("formula").with_subject(item_label(name, "formula"))
        self._report.add(problem, origin.place, through(origin.frames))
        raise Failed


def _operand(operand: Name | Made, entries: list[Entry], place: Place) -> Operand:
    at = place._replace(within=operand.within)
    if isinstance(operand, Name):
        return Operand(operand.text, 0, at)
    return Operand(entries[operand.step], operand.port or 0, at)
