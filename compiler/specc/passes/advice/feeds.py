"""Inputs by position that may be meant differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from specc.diagnostics import Related, Report
from specc.diagnostics.frames import through
from specc.frontend.reference_syntax import has_numbers
from specc.ir import Ref
from specc.layers.attention_roles import ROLES, role
from specc.passes.expansion.scopes import Copies, Entry
from specc.passes.wiring.sources import Source


def warn_of_feeds(entry: Entry, sources: Sequence[Source], bound: Mapping[str, Sequence[Ref]], report: Report) -> None:
    """Warn of a merge of one tensor, and of query, value and key in a doubtful order."""
    layer = entry.layer
    if layer is None or not sources:
        return
    first = layer.tensor_arguments()[0]
    if first.many and first.least < 2 and len(sources) == 1 and len(bound.get(first.name, ())) == 1:
        _one_of_several(entry, sources[0], report)
    if len(sources) == 3:
        _order(entry, sources, report)


# -- Merges of one -------------------------------------------------------------------------------


def _one_of_several(entry: Entry, source: Source, report: Report) -> None:
    target = _target(entry, source.text)
    name = source.text
    if isinstance(target, Copies) and target.in_chain and len(target.entries) > 1:
        names = [f"{name}_{number}" for number in range(1, len(target.entries) + 1)]
        what = f"is the last of {len(names)} copies in a chain"
    elif isinstance(target, Entry) and target.inner is not None:
        names = [f"{name}.{port}" for port in target.inner.ports]
        what = f"is the first of its {len(names)} outputs"
    elif isinstance(target, Entry) and target.layer is not None:
        names = [f"{name}.{port}" for port in target.layer.ports(target.options)]
        what = f"is the first of its {len(names)} outputs"
    else:
        return
    if len(names) < 2:  # see specc.passes.advice.merges
        return
    shown = ", ".join(names if len(names) < 5 else [*names[:2], "...", names[-1]])
    report.warning_if_sound(
        "merge-of-one",
        f"{entry.label} gets only one tensor: '{name}' alone {what}",
        source.place,
        help=f"list the tensors to join: from: [{shown}]",
        related=through(entry.origin.frames),
    )


def _target(entry: Entry, text: str) -> Entry | Copies | None:
    """What a reference without a port refers to; None for one with a port."""
    if entry.previous is not None and entry.source is None and entry.previous.name == text:
        return entry.previous
    names = entry.scope.names
    if has_numbers(text):  # which says which copies are meant
        return None
    first, *steps = text.split(".")
    target = names.get(first)
    for step in steps:
        if isinstance(target, Copies):
            target = target.entries[-1]
        if target is None or target.inner is None:
            return None
        target = target.inner.names.get(step)
    return target


# -- Query, value, key ---------------------------------------------------------------------------


def _order(entry: Entry, sources: Sequence[Source], report: Report) -> None:
    """Keras takes query, value, key in this order; most papers and libraries put the key before the value."""
    layer = entry.layer
    if layer is None or sources[1].refs == sources[2].refs:
        return
    heads = tuple(argument.name for argument in layer.tensor_arguments()[:3]) == ROLES
    if not heads and layer.type_name not in ("Attention", "AdditiveAttention"):
        return
    query, second, third = (source.text for source in sources)
    roles = [role(text) for text in (query, second, third)]
    swapped = roles[1] == "key" or roles[2] == "value"
    if not swapped and (not heads or roles[1] == "value" or roles[2] == "key"):
        return
    q, v, k = (query, third, second) if swapped else (query, second, third)
    form = f"{{query: {q}, value: {v}, key: {k}}}" if heads else f"{{inputs: [{q}, {v}, {k}]}}"
    says = "a map says which is which" if heads else "a map says that it is meant"
    report.warning_if_sound(
        "query-value-key",
        f"{entry.label} takes '{query}' as query, '{second}' as value and '{third}' as key",
        sources[1].place,
        help=f"the order is query, value, key; {says}: from: {form}",
        related=[Related("the key", sources[2].place), *through(entry.origin.frames)],
    )
