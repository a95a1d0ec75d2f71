"""Mistakes that a reader reports, and the limits of what it accepts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace

from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.text_safety import quote_value
from specc.source import Span

DEEPEST = 100
"""How deep maps and lists may be nested."""
TOO_DEEP = f"maps and lists are nested more than {DEEPEST} deep"
TOO_DEEP_HELP = "no spec needs so many levels; look for brackets that are not closed, or make layers wrap fewer others"
MOST_ALIASED = 1_000_000
"""Most values that the aliases of a document may repeat."""
MOST_MISTAKES = 100
"""Most mistakes of a text that are reported."""
LONGEST_INT = 300
"""Most digits of an integer."""
NEXT_ITEM = "begin each layer with '- '"
"""A help for two items in one map."""


class Mistake(Exception):
    """A problem of a text, and where it is: an unreadable text has no paths. Raised where reading cannot continue."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        span: Span,
        help: str | None = None,
        fix: Fix | None = None,
        first: Span | None = None,
        item: int | None = None,
    ) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, help=help, fix=fix)
        self.span = span
        self.first = first
        """Of a duplicate key: where it is first."""
        self.item = item
        """Of a duplicate key in an entry of a list: which entry it is."""


class MistakesError(Exception):
    """All the mistakes that a reader found in a text."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes)
        mistakes = sorted(mistakes, key=lambda mistake: (mistake.span.line, mistake.span.column))
        self.mistakes = _runs_joined(mistakes)


def duplicate_key(key: str, span: Span, first: Span | None, item: int | None) -> Mistake:
    """The mistake of a duplicate key; ``item`` identifies the map if it is an entry of a list."""
    help = NEXT_ITEM if key == "type" else "keep one of the two"
    message = f"duplicate key {quote_value(key)}"
    return Mistake("duplicate-key", message, span, help, first=first, item=item)


def _runs_joined(mistakes: list[Mistake]) -> list[Mistake]:
    """Mistakes, reduced to the first for an item with several duplicate keys: there two items run together."""
    counts = Counter(it.item for it in mistakes if it.item is not None)
    joined: list[Mistake] = []
    seen: set[int] = set()
    for it in mistakes:
        if it.item is None or counts[it.item] == 1:
            joined.append(it)
        elif it.item not in seen:
            seen.add(it.item)
            it.problem = replace(it.problem, help=f"{NEXT_ITEM}: two run together here")
            joined.append(it)
    return joined


class Lines:
    """The lines of a text, to turn offsets into positions."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def span(self, start: int, end: int) -> Span:
        """The place from one position to another."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1))
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)
