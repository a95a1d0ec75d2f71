"""Fixes as edits of a text: what is between two places, and what is certainly meant instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix
from specc.source import Place, Source, Span

_FLOW = re.compile(r"""[,\[\]{}#"']|: |^[&*!|>%@`-]""")
"""What a string without quotes cannot have in YAML's flow style."""


class Edit(NamedTuple):
    """A range of a source, and the text that replaces it."""

    span: Span
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The edit as plain data; lines and columns count from 1, and the end is the column after the last character."""
        line, column, end_line, end_column = self.span
        return {
            "start": {"line": line, "column": column},
            "end": {"line": end_line, "column": end_column},
            "text": self.text,
        }


def edit(fix: Fix, place: Place) -> Edit | None:
    """The edit that makes a fix at its place; None if it would remove a comment or an anchor."""
    if not place.has_end:
        return None
    span = place.span
    written = _written(place.document.source, span)
    if not fix.is_text and (
        (place.within is None and written.startswith(("&", "*", "!", "|", ">")))
        or (span.line != span.end_line and "#" in written)
    ):
        return None
    if fix.is_text:
        return Edit(span, fix.value)
    if place.within is not None and written != (around := _written(place.document.source, _whole(place))):
        if (
            isinstance(fix.value, str)
            and place.document.format == "yaml"
            and not around.startswith(("'", '"', "|", ">"))
        ):
            return _plain(fix.value, place)
        return Edit(span, json.dumps(fix.value, ensure_ascii=False)[1:-1]) if isinstance(fix.value, str) else None
    if place.document.format == "json":
        return Edit(span, json.dumps(fix.value, ensure_ascii=False))
    if place.within is not None and "," not in str(fix.value):  # a plain string with a value in it
        return Edit(span, str(fix.value))
    return Edit(span, flow(fix.value))


def _plain(text: str, place: Place) -> Edit | None:
    """The edit of a part of a string without quotes, which gets quotes if the text needs them."""
    whole = place._replace(within=None)
    value = whole.written
    if not isinstance(value, str) or place.within is None:
        return None
    start, end = place.within
    made = f"{value[:start]}{text}{value[end:]}"
    needs_quotes = _FLOW.search(made) is not None
    return Edit(whole.span, json.dumps(made, ensure_ascii=False)) if needs_quotes else Edit(place.span, text)


def apply(source: Source, edits: Iterable[Edit]) -> str:
    """The text after the edits; of overlapping ones only the first is made."""
    starts = [0]
    for line in source.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    parts: list[str] = []
    position = 0
    for span, text in sorted(set(edits)):
        start = starts[span.line - 1] + span.column - 1
        end = starts[span.end_line - 1] + span.end_column - 1
        if start < position or (start == position and parts and start == end):
            continue
        parts += [source.text[position:start], text]
        position = end
    return "".join([*parts, source.text[position:]])


def _whole(place: Place) -> Span:
    return place.document.locate(place.path, place.part)


def _written(source: Source, span: Span) -> str:
    lines = source.lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)
