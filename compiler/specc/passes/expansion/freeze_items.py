"""``freeze`` at the items that it names, and what is wrong with names that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from specc import layers
from specc.automatic_names import automatic_help
from specc.diagnostics import Report
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.ir import NestedModel
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.passes.expansion.freeze_patterns import Freezing, Pattern
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.words import count_of

_NUMBER = re.compile(r"(_\d+|\[-?\d+\])\Z")
"""Which copy is meant, at the end of a name."""
MOST_NAMES = 1000
"""Most names of a scope, and most scopes, that a name is compared with that nothing has."""


def freeze(entry: Entry, is_instance: bool, report: ItemReport) -> None:
    """Let an entry inherit ``trainable: false`` if ``freeze`` names it.

    What the item sets itself counts more, and so does what the instances around it set, unless it is named alone.
    """
    scope = entry.scope
    entry.freezing = scope.freezing.item(entry.name, entry.copy, entry.named, report.report)
    cls = layers.find(entry.item.type or "")
    has_weights = is_instance or (cls is not None and issubclass(cls, Layer) and cls is not Input)
    pattern = entry.freezing.pattern if has_weights else None
    if pattern is None:
        return
    if not pattern.is_name:
        entry.inherited = {"trainable": False, **scope.inherited}
        return
    entry.inherited = {**scope.inherited, "trainable": False}
    if entry.arguments.get("trainable") is True:
        report.fail(
            "argument-clash",
            f"{entry.label} has trainable: true, and 'freeze' names it",
            entry.origin.place,
            ("trainable",),
            entry.origin.frames,
            "remove one of the two; a pattern with * leaves an item alone that sets trainable",
        )


def in_wrapper(
    freezing: Freezing, name: str, handed: dict[str, Any], report: ItemReport
) -> tuple[Freezing, dict[str, Any]]:
    """What is left for the items of a block in a wrapper, and what they inherit."""
    left = freezing.item(name, None, True, report.report)
    if left.pattern is not None:
        handed = {"trainable": False, **handed}
    return left.inside(), handed


def report_unmatched(patterns: Sequence[Pattern], scope: Scope, report: Report) -> None:
    """Report the patterns that nothing is named by; ``scope`` is that of the spec itself."""
    for pattern in patterns:
        if not pattern.matched:
            message, help = _wrong_name(pattern, scope) if pattern.is_name else _wrong_pattern(pattern, scope)
            report.error("unknown-name", f"freeze: {message}", pattern.place, help=help)


def _wrong_name(pattern: Pattern, scope: Scope) -> tuple[str, str | None]:
    """What to say of a name that nothing has which could be frozen."""
    name = pattern.text
    entry = _found(name, scope)
    if entry is None or entry.broken:
        message = f"there is no layer {quote_value(name)}"
        copied = _found(_NUMBER.sub("", name), scope)
        if copied is not None and copied.copy is not None:
            count = count_of(copied.copy.count, "copy")
            return message, f"'{copied.copy.item}' has {count}, of which the last is '{copied.full_name}'"
        return message, did_you_mean(name, _names(scope)) or _listed(scope)
    if not entry.named:
        return f"there is no layer {quote_value(name)}", automatic_help(entry.name)
    if entry.item.share is not None:
        return f"'{name}' only calls '{entry.item.share}' again", f"write {entry.item.share}, for all its calls"
    return f"{entry.label} has no weights", "remove it"


def _wrong_pattern(pattern: Pattern, scope: Scope) -> tuple[str, str | None]:
    """What to say of a pattern that matches no name."""
    near = did_you_mean(pattern.text.strip("*?."), _names(scope))
    return f"no layer has a name like {quote_value(pattern.text)}", near or _listed(scope)


def _listed(scope: Scope) -> str:
    names = list(islice(_names(scope), 11))
    return f"names here: {', '.join(names[:10])}{', ...' if len(names) > 10 else ''}"


def _found(text: str, scope: Scope) -> Entry | None:
    """The item of a full name; the last of its copies."""
    found: Entry | None = None
    inside: Scope | None = scope
    for part in text.split("."):
        what = inside and (inside.names.get(part) or inside.automatic.get(part))
        if not what:
            return None
        found = what.entries[-1] if isinstance(what, Copies) else what
        inside = found.inner
    return found


def _names(scope: Scope) -> Iterator[str]:
    """Names that ``freeze`` may have: those of a scope before those inside it, of which copies have the same."""
    pending = [(scope, "")]
    for inside, around in islice(pending, MOST_NAMES):
        for name, what in islice(inside.names.items(), MOST_NAMES):
            entry = what.entries[0] if isinstance(what, Copies) else what
            if entry.inner is not None and entry.shares is None and (what is not entry or entry.copy is None):
                pending.append((entry.inner, f"{around}{name}."))
            has_weights = isinstance(entry.layer, Layer | NestedModel) and not isinstance(entry.layer, Input)
            if entry.inner is not None or has_weights:
                yield around + name
            if isinstance(entry.layer, NestedModel):
                model = entry.layer.graph
                yield from (f"{around}{name}.{member}" for member in model.nodes if member not in model.inputs)
