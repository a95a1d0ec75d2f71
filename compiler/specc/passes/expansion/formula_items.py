"""An item with a formula to its entries: one for each operation, the last of which has the item's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from specc import layers
from specc.automatic_names import AutomaticNames
from specc.diagnostics.frames import through
from specc.expressions.errors import ExpressionError
from specc.formulas.lower import lower
from specc.formulas.scope import NOTHING, Around
from specc.formulas.steps import Lowered, Made, Name
from specc.frontend.items import Item
from specc.frontend.names import item_label
from specc.frontend.reference_syntax import ALL
from specc.frontend.schema import Spec
from specc.ir import Copy, Formula, NestedModel
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Copies, Entry, Operand, Scope
from specc.passes.values import Failed
from specc.source import Origin, Place

Spend = Callable[[int], None]
"""Counts layers before they are made."""


def formula_entry(
    scope: Scope,
    item: Item,
    values: Mapping[str, Any],
    origin: Origin,
    name: str | None,
    copy: Copy | None,
    report: ItemReport,
    spend: Spend,
) -> Entry:
    """The entry of a formula, or of a ``copy`` of one; the entries of its other operations are its `Entry.parts`."""
    lowered = _lowered(item, values, origin, name, around(scope), report)
    spend(len(lowered.steps) - 1)
    place, is_named = origin.place.at("formula"), name is not None
    types = [step.operation.type_name for step in lowered.steps]
    name = name or scope.automatic_names.next(types[-1])
    counted = AutomaticNames()
    names = [*(f"{name}.{counted.next(type)}" for type in types[:-1]), name]
    formula = Formula(scope.prefix + name, str(lowered.text))
    entries: list[Entry] = []
    for own_name, step in zip(names, lowered.steps, strict=True):
        source = {
            argument: [_operand(it, entries, place) for it in value]
            if isinstance(value, list)
            else _operand(value, entries, place)
            for argument, value in step.inputs.items()
        }
        at = Origin(place._replace(within=step.within), origin.frames)
        entries.append(Entry(own_name, is_named, item, at, scope, layer=step.operation, source=source, formula=formula))
    *parts, last = entries
    last.parts, last.copy = tuple(parts), copy
    return last


def first_name(item: Item, values: Mapping[str, Any], origin: Origin, name: str | None, report: ItemReport) -> Any:
    """What an absent formula passes on, unless it has an ``else``: the name that is written first in it."""
    names = _lowered(item, values, origin, name, NOTHING, report).names
    return names[0].text if names else []


def _lowered(
    item: Item,
    values: Mapping[str, Any],
    origin: Origin,
    name: str | None,
    around: Around,
    report: ItemReport,
) -> Lowered:
    assert item.formula is not None
    try:
        return lower(item.formula, values, around)
    except ExpressionError as error:
        problem = error.problem.under("formula").with_subject(item_label(name, "formula"))
    report.report.add(problem, origin.place, through(origin.frames))
    raise Failed


def around(scope: Scope) -> Around:
    """What a formula in a scope can name."""
    return Around(_Names(scope), _Numbered(scope), _Instances(scope))


class _Names:
    """The names in a scope, also those of items below."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __contains__(self, name: object) -> bool:
        block = self._scope.block
        if name in self._scope.names or (block is not None and name in block.inputs):
            return True
        return any(True for _ in self._below(name))

    def _below(self, name: object) -> Iterator[Item]:
        block, spec = self._scope.block, self._scope.unit.spec
        items = block.layers if block is not None else spec.layers if isinstance(spec, Spec) else ()
        return (item for item in items if item.name == name)


class _Numbered(_Names):
    """Those of which an index picks one: of copies, and of inputs that take several tensors."""

    def __contains__(self, name: object) -> bool:
        first, *steps = str(name).split(".")
        block, found = self._scope.block, self._scope.names.get(first)
        if found is not None:
            return _is_several(found, steps)
        if block is not None and name in block.many:
            return True
        return any(item.repeat is not None or item.each is not None for item in self._below(name))


def _is_several(found: Entry | Copies | None, steps: list[str]) -> bool:
    """Whether what a path of names leads to from an item is copies, or an output that is several tensors."""
    for position, step in enumerate(steps):
        entry = found.entries[-1] if isinstance(found, Copies) and found.in_chain else found
        if isinstance(entry, Entry) and entry.item.share is not None:
            entry = entry.scope.names.get(entry.item.share)  # as the item that it calls again
        if not isinstance(entry, Entry):
            return False
        if isinstance(entry.layer, NestedModel):
            return ".".join(steps[position:]) in entry.layer.graph.named_outputs
        if entry.inner is None or entry.inner.block is None:
            return False
        output = entry.inner.block.ports.get(step)
        if output is not None and f"[{ALL}]" in output:
            return position == len(steps) - 1
        found = entry.inner.names.get(step if output is None else output)
    return isinstance(found, Copies)


class _Instances(_Names):
    """Those whose members have names of their own: of block instances, and of what is not known yet."""

    def __contains__(self, name: object) -> bool:
        found = self._scope.names.get(str(name))
        entry = found.entries[0] if isinstance(found, Copies) and found.entries else found
        types = [entry.item.type] if isinstance(entry, Entry) else [item.type for item in self._below(name)]
        return any(type is not None and layers.find(type) is None for type in types)


def _operand(operand: Name | Made, entries: list[Entry], place: Place) -> Operand:
    at = place._replace(within=operand.within)
    if isinstance(operand, Name):
        return Operand(operand.text, 0, at)
    return Operand(entries[operand.step], operand.port or 0, at)
