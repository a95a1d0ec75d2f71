"""The nearest right name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST_HINTS = 50
"""So many unknown names of a spec are compared with all known ones; a file with more is wrong in another way."""
MOST_CANDIDATES = 2000
"""Beyond so many names a comparison with each is no longer instant, and only equal spellings are found."""


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The name among ``right`` that ``wrong`` was probably meant to be, or None.

    Case, ``_`` and ``-`` do not count as differences.

    >>> nearest("Conv2d", ["Conv1D", "Conv2D", "Dense"])
    'Conv2D'
    >>> nearest("kernal_size", ["kernel_size", "strides"])
    'kernel_size'
    >>> nearest("adma", ["adamax", "adam"])
    'adam'
    >>> nearest("zzz", ["kernel_size"]) is None
    True
    """
    names = list(right)
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(_fold(name), name)
    key = _fold(wrong)
    if key in folded:
        return folded[key]
    if len(wrong) > 100 or len(names) > MOST_CANDIDATES:
        return None
    close = difflib.get_close_matches(key, folded, n=8, cutoff=0.6)
    likely = [(slips, name) for name in close if (slips := distance(key, name)) <= 1 + len(key) // 3 or key in name]
    return folded[min(likely)[1]] if likely else None


def distance(one: str, other: str) -> int:
    """The number of slips between two words: a letter more, less or other, or two that changed places.

    >>> distance("adma", "adam"), distance("adma", "adamax"), distance("", "abc")
    (1, 2, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (char != against))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == against:
                best = min(best, two_before[j - 2] + 1)
            row.append(best)
    return row[-1]


def did_you_mean(wrong: str, right: Iterable[str]) -> str | None:
    """A help line that names the nearest right name, or None."""
    best = nearest(wrong, right)
    return f"did you mean '{best}'?" if best is not None else None


def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
