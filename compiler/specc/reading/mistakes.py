"""What a reader cannot take, and the limits of what it takes."""

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
"""Maps and lists inside each other at most."""
TOO_DEEP = f"maps and lists are nested more than {DEEPEST} deep"
TOO_DEEP_HELP = "no spec needs so many levels; look for brackets that are not closed, or make layers wrap fewer others"
MOST_ALIASED = 1_000_000
"""Values that the aliases of a document stand for at most."""
MOST_MISTAKES = 100
"""Mistakes of a text that are reported at most."""
LONGEST_INT = 300
"""Digits of an integer at most."""
NEXT_ITEM = "begin each layer with '- '"
"""What to do about two items in one map."""


class Mistake(Exception):
    """A problem of a text, and where it is: a text that cannot be read has no paths. Raised where there is no reading on."""

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
        """Of a duplicate key: where it stands first."""
        self.item = item
        """Of a duplicate key in an entry of a list: which entry that is."""


class MistakesError(Exception):
    """All that a reader cannot take of a text."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes)
        mistakes = sorted(mistakes, key=lambda mistake: (mistake.span.line, mistake.span.column))
        self.mistakes = _runs_joined(mistakes)


def duplicate_key(key: str, span: Span, first: Span | None, item: int | None) -> Mistake:
    """The mistake of a duplicate key; ``item`` tells the map from others where it is an entry of a list."""
    help = NEXT_ITEM if key == "type" else "keep one of the two"
    message = f"duplicate key {quote_value(key)}"
    return Mistake("duplicate-key", message, span, help, first=first, item=item)


def _runs_joined(mistakes: list[Mistake]) -> list[Mistake]:
    """Mistakes, of an item with several keys twice only the first: there two items run together."""
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
    """The lines of a text, which positions in it lie on."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def span(self, start: int, end: int) -> Span:
        """The place of what stands from one position to another."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1))
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)
