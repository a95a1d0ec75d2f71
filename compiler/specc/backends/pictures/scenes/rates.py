"""Rates: numbers in which copies may differ and still be told together, such as the dilation of convolutions in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MOST_RATES = 4
"""More are told by the least and the most."""
_RATE = re.compile(r"(\w*(?:rate|dilation|drop)\w*) (-?\d[\d.e-]*)")
_UNSAID = "dilation 1"
"""The only one that phrases leave out where it is so, since it is none."""


def without_rates(phrases: Iterable[str]) -> tuple[str, ...]:
    """Phrases as they are the same for copies that differ in their rates.

    >>> without_rates(["32 filters", "dilation 4", "drop_rate 0.1"])
    ('32 filters', 'drop_rate')
    """
    named = (found[1] if (found := _RATE.fullmatch(phrase)) else phrase for phrase in phrases)
    return tuple(phrase for phrase in named if phrase != "dilation")


def with_all_rates(copies: Sequence[Sequence[str]]) -> list[str]:
    """The phrases of the first copy, with the rates of all.

    >>> with_all_rates([["32 filters", "relu"], ["32 filters", "dilation 2", "relu"]])
    ['32 filters', 'dilation [1, 2]', 'relu']
    >>> with_all_rates([[f"rate {rate / 10}"] for rate in range(6)])
    ['rate 0.0 to 0.5']
    """
    first = copies[0]
    if len({without_rates(phrases) for phrases in copies}) > 1:
        return list(first)
    return [_together(phrases) for phrases in zip(*_with_unsaid(copies), strict=True)]


def _with_unsaid(copies: Sequence[Sequence[str]]) -> list[list[str]]:
    longest = max(copies, key=len)
    at = next((index for index, phrase in enumerate(longest) if phrase.startswith("dilation ")), 0)
    return [[*copy[:at], _UNSAID, *copy[at:]] if len(copy) < len(longest) else list(copy) for copy in copies]


def _together(phrases: Sequence[str]) -> str:
    found = [_RATE.fullmatch(phrase) for phrase in phrases]
    values = list(dict.fromkeys(match[2] for match in found if match))
    if len(values) < 2 or found[0] is None:
        return phrases[0]
    if len(values) <= MOST_RATES:
        return f"{found[0][1]} [{', '.join(values)}]"
    return f"{found[0][1]} {min(values, key=float)} to {max(values, key=float)}"
