"""The values of all files: the vars, overridden by a variant or by the user."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from specc.diagnostics import Report
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.frontend.include import Unit
from specc.frontend.schema import Spec
from specc.passes.values import Failed, Values
from specc.source import Document, Place, Source, Span

FileValues = dict[Unit, Values]
"""The values of each file."""


@dataclass(frozen=True)
class Settings:
    """What the user of a spec chooses: a variant, and single values."""

    variant: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Each as plain data, or as the document that an option was read into."""


def compute_vars(units: list[Unit], spec: Spec | None, settings: Settings, report: Report) -> FileValues:
    """The values of each file, all computed, so that each mistake in one is reported whether it is used or not.

    ``spec`` is the parsed first file; None if it has only blocks.
    """
    root, *others = units
    given = _written(root) if spec is None else _given(root, spec, settings, report)
    values = {root: Values(given, report), **{unit: Values(_written(unit), report) for unit in others}}
    for unit_values in values.values():
        for name in unit_values:
            with suppress(Failed):
                unit_values[name]
    if spec is not None:
        _compute_variants(root, spec, report)
    return values


def _compute_variants(unit: Unit, spec: Spec, report: Report) -> None:
    """Compute what each variant sets, chosen or not."""
    unchanged = _written(unit)
    for variant, changes in spec.variants.items():
        given = {name: (value, unit.place("variants", variant, name)) for name, value in changes.items()}
        values = Values(ChainMap(given, unchanged), report)
        for name in changes:
            with suppress(Failed):
                values[name]


def _written(unit: Unit) -> dict[str, tuple[Any, Place]]:
    written = unit.spec.vars
    return {name: (value, unit.place("vars", *written.path(name))) for name, value in written.items()}


def _given(unit: Unit, spec: Spec, settings: Settings, report: Report) -> dict[str, tuple[Any, Place]]:
    """The spec's vars, overridden by the variant and the single values."""
    given = _written(unit)
    for variant, changes in spec.variants.items():
        for name in changes:
            if name not in spec.vars:
                at = unit.place("variants", variant, name, part="key")
                report.error(
                    "unknown-value",
                    f"variant '{variant}' sets {quote_value(name)}, which is not in 'vars'",
                    at,
                    help=_known(name, spec.vars, "vars"),
                )
    if settings.variant is not None:
        chosen = spec.variants.get(settings.variant)
        if chosen is None:
            report.error(
                "unknown-variant",
                f"there is no variant {quote_value(settings.variant)}",
                unit.place("variants"),
                help=_known(settings.variant, spec.variants, "variants"),
            )
        for name, value in (chosen or {}).items():
            given[name] = (value, unit.place("variants", settings.variant, name))
    for name, value in settings.values.items():
        option = value if isinstance(value, Document) else option_document(name, value)
        if name not in spec.vars:
            report.error(
                "unknown-value",
                f"there is no value {quote_value(name)} to set",
                unit.place("vars"),
                help=_known(name, spec.vars, "vars"),
            )
            continue
        given[name] = (option.data, Place(option, ()))
    return given


def option_document(name: str, value: Any) -> Document:
    """A value that was not read from text, as a document that messages can show."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    span = Span(1, 1, 1, len(text) + 1)
    return Document(Source(f"set {name}", text), value, lambda path, part: span)


def _known(name: str, names: Mapping[str, Any], what: str) -> str:
    if not names:
        return f"the spec has no {what}: add {what}: {{{name}: ...}}" if what == "vars" else f"the spec has no {what}"
    return did_you_mean(name, names) or f"{what}: {', '.join(list(names)[:12])}"
