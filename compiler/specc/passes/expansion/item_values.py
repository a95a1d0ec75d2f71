"""The values of an item's keys, once ``$name`` and ``$(expression)`` are computed in them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from specc import layers
from specc.budget import current
from specc.diagnostics import CompileError, Report
from specc.diagnostics.problem import ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.frontend.include import Unit
from specc.frontend.items import Item, parse_item
from specc.frontend.names import is_name, item_label
from specc.frontend.references import parse_from
from specc.passes.expansion.report import ItemReport
from specc.passes.values import Failed, substitute
from specc.source import Origin, Path

_DECIDED = ("repeat", "each", "when", "name", "description")
"""Keys of an item that are computed before its other ones, or not at all."""


class ItemValues:
    """Computes the values of the items of some files."""

    def __init__(self, units: list[Unit], item_report: ItemReport) -> None:
        self._item_report = item_report
        self._has_values = {unit.document: _may_have_values(unit.document.source.text) for unit in units}
        self._budget = current()

    def is_there(self, item: Item, name: str | None, values: Mapping[str, Any], origin: Origin) -> bool:
        """Whether ``when`` keeps an item."""
        when = self._item_report.value(item.when, values, origin.at("when"), origin.frames)
        if not isinstance(when, bool):
            self._item_report.fail(
                "invalid-value",
                f"{item_label(name, item.type)}: when must be true or false, not {quote_value(when)}",
                origin.place,
                ("when",),
                origin.frames,
            )
        return when

    def reference(self, written: Any, values: Mapping[str, Any], origin: Origin, path: Path) -> Any:
        """A ``from`` or ``else`` of an absent item, values substituted: all that is needed of it."""
        source = substitute(written, values, origin.at(*path), origin.frames, self._item_report.report)
        if path == ("else",):
            if source == []:
                return []
            if not isinstance(source, str | None):
                said = f"else must be a name, or [] for nothing, not {quote_value(source)}"
                help = "write one reference, or [] where it is left out of several"
                self._item_report.fail("invalid-value", said, origin.place, path, origin.frames, help)
        try:
            return None if source is None else parse_from(source)
        except ProblemsError as error:
            self._item_report.report_all([problem.under(*path) for problem in error.problems], origin)
            raise Failed from None

    def passed_on(self, item: Item, values: Mapping[str, Any], origin: Origin) -> Any:
        """What an item with 0 copies passes on: its ``from``, its first reference and whatever else needs no copy's number."""
        first, path = _first_reference(item.from_)
        source = self.reference(first, values, origin, ("from", *path))
        for step in reversed(path):  # as written, so that its place is found
            source = [source] if step == 0 else {step: source}
        given = item.from_
        if isinstance(given, dict):
            others = {
                name: self._if_known(value, values, origin) for name, value in given.items() if name not in source
            }
            return source | {name: value for name, value in others.items() if value is not None}
        if isinstance(given, list):
            others_known = (self._if_known(value, values, origin) for value in given[1:])
            return [*source, *takewhile(lambda value: value is not None, others_known)]
        return source

    def _if_known(self, written: Any, values: Mapping[str, Any], origin: Origin) -> Any:
        """A reference or a list of them, values substituted; None if a value is missing or is no reference."""
        try:
            return parse_from(substitute(written, values, origin.at("from"), origin.frames, Report()))
        except (CompileError, Failed, ProblemsError):
            return None

    def absent_source(self, item: Item, name: str | None, values: Mapping[str, Any], origin: Origin) -> Any:
        """What feeds an absent item: of a formula, the name that is written first; nothing for what takes no tensor."""
        if item.formula is None:
            is_operation = item.from_ is None and item.type is not None and item.type.startswith("ops.")
            kind = layers.find(item.type or "") if is_operation else None
            if kind is not None and not kind.tensor_names():
                return []
            return self.reference(item.from_, values, origin, ("from",))
        from specc.passes.expansion.formula_items import first_name  # few specs have formulas

        return None if item.else_ is not None else first_name(item, values, origin, name, self._item_report)

    def computed(
        self, item: Item, name: str | None, values: Mapping[str, Any], origin: Origin
    ) -> tuple[Item, dict[str, Any]]:
        """The item, checked again if values were substituted in its own keys, and its arguments after substitution."""
        arguments = item.arguments
        raw = origin.place.written if self._has_values[origin.place.document] else None
        if not isinstance(raw, dict):
            return item, arguments

        def put_in(data: dict[str, Any]) -> Any:
            return substitute(
                data, values, origin.place, origin.frames, self._item_report.report, lambda: item_label(name, item.type)
            )

        computed = [key for key, value in raw.items() if key not in _DECIDED and self._budget.is_computed(value)]
        if not computed:
            return item, arguments
        if arguments.keys() >= set(computed):
            return item, {**arguments, **put_in({key: raw[key] for key in computed})}
        wanted = {key: value for key, value in raw.items() if key not in _DECIDED}
        kept: dict[str, Any] = {"description": item.description}
        if "when" in raw:  # without it, 'else' would be an error
            kept["when"] = True
        if name is not None and is_name(name):
            kept["name"] = name
        again, problems = parse_item({**put_in(wanted), **kept})
        self._item_report.report_all(problems, origin)
        if again is None:
            raise Failed
        return again, again.arguments


def _may_have_values(text: str) -> bool:
    """Whether a string can contain a ``$``; JSON and YAML's double quotes may write it as an escape."""
    return "$" in text or "\\u0024" in text or "\\x24" in text or "\\U00000024" in text


def _first_reference(source: Any) -> tuple[Any, Path]:
    """The first reference of a ``from``, and its place in it."""
    path: Path = ()
    if isinstance(source, dict) and source:
        name = next(iter(source))
        source, path = source[name], (name,)
    if isinstance(source, list):
        source, path = source[0], (*path, 0)
    return source, path
