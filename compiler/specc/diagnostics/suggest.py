"""The nearest right name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from specc.budget import current

MOST_HINTS = 50
"""Unknown names of a spec that are compared with all known ones; a file with more is wrong in another way."""
MOST_CANDIDATES = 2000
"""Names up to which a comparison with each is instant; beyond that only equal spellings are found."""
LONGEST = 200
"""Most characters of a name that is compared."""
LETTERS_A_COMPARISON = 100
"""Pairs of letters in an ordinary comparison; a comparison of long names counts as several."""
MOST_SLIPS = 3
SHORTEST_CERTAIN = 4
"""Fewest letters of a name for which one slip is certain."""
SHORTEST_BEGINNING = 4
"""Fewest letters of an abbreviation (``LayerNorm``)."""


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The name among ``right`` that ``wrong`` probably means, or None; always None after many comparisons.

    Case, ``_`` and ``-`` do not count as differences, but among names that differ in nothing else the most similarly
    spelled is chosen. A name that was cut short (``batch`` for ``batch_size``) is found, too.

    >>> nearest("Conv2d", ["Conv1D", "Conv2D", "Dense"])
    'Conv2D'
    >>> nearest("kernal_size", ["kernel_size", "strides"])
    'kernel_size'
    >>> nearest("he_norml", ["HeNormal", "he_normal"])
    'he_normal'
    >>> nearest("adma", ["adamax", "adam"])
    'adam'
    >>> nearest("zzz", ["kernel_size"]) is None
    True
    """
    budget = current()
    if budget.comparisons <= 0:
        return None
    folded: dict[str, list[str]] = {}
    for name in right:
        budget.comparisons -= 1
        folded.setdefault(fold(name), []).append(name)
    key = fold(wrong)
    if key not in folded:
        found = None if len(wrong) > LONGEST or len(folded) > MOST_CANDIDATES else _nearest_spelling(key, folded)
        if found is None:
            return None
        key = found
    return folded[key][0] if len(wrong) > LONGEST else min(folded[key], key=lambda name: distance(wrong, name))


def certain(wrong: str, right: Iterable[str]) -> str | None:
    """The name that is one slip away, if no other is as near and it is long enough not to be another word.

    >>> certain("he_norml", ["he_normal", "HeNormal", "zeros"]), certain("Conv4D", ["Conv1D", "Conv2D"])
    ('he_normal', None)
    """
    key = fold(wrong)
    if not SHORTEST_CERTAIN <= len(key) <= 100:
        return None
    near: dict[str, list[str]] = {}
    for count, name in enumerate(right):
        if count > MOST_CANDIDATES:
            return None
        if abs(len(name) - len(key)) <= 3 and distance(key, fold(name), 2) < 2:
            near.setdefault(fold(name), []).append(name)
    if len(near) != 1:
        return None
    (names,) = near.values()
    return min(names, key=lambda name: distance(wrong, name))


def _nearest_spelling(key: str, spellings: Iterable[str]) -> str | None:
    best, fewest = None, MOST_SLIPS + 1
    budget = current()
    for name in spellings:
        if budget.comparisons <= 0:
            break
        limit = min(fewest, slips_allowed(max(len(name), len(key))) + 1)
        if abs(len(name) - len(key)) >= limit:
            continue
        budget.comparisons -= len(name) * len(key) // LETTERS_A_COMPARISON
        if (slips := distance(key, name, limit)) < limit:
            best, fewest = name, slips
    if best is not None or len(key) < SHORTEST_BEGINNING:
        return best
    return min((name for name in spellings if name.startswith(key)), key=len, default=None)


def slips_allowed(letters: int) -> int:
    """The slips that a word of so many letters may have without being another word.

    >>> [slips_allowed(letters) for letters in (2, 3, 7, 8, 12, 30)]
    [0, 1, 1, 2, 3, 3]
    """
    return 0 if letters < 3 else max(1, min(MOST_SLIPS, letters // 4))


def distance(one: str, other: str, limit: int = 1000) -> int:
    """The number of slips between two words: a letter added, missing or different, or two letters swapped.

    Counting stops at ``limit``.

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
        if min(row) >= limit and min(before) >= limit:
            return limit
    return row[-1]


def did_you_mean(wrong: str, right: Iterable[str]) -> str | None:
    """A help line that names the nearest right name, or None."""
    best = nearest(wrong, right)
    return f"did you mean '{best}'?" if best is not None else None


@lru_cache(maxsize=2048)
def fold(name: str) -> str:
    """A name without what is ignored when names are compared: case, ``_`` and ``-``."""
    return name.lower().replace("_", "").replace("-", "")
