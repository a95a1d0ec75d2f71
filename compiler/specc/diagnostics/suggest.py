"""The nearest right name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST_CANDIDATES = 2000
"""Beyond so many names a comparison with each is no longer instant, and only equal spellings are found."""


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The name among ``right`` that ``wrong`` was probably meant to be, or None.

    Case, ``_`` and ``-`` do not count as differences.

    >>> nearest("Conv2d", ["Conv1D", "Conv2D", "Dense"])
    'Conv2D'
    >>> nearest("kernal_size", ["kernel_size", "strides"])
    'kernel_size'
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
    close = difflib.get_close_matches(key, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(wrong: str, right: Iterable[str]) -> str | None:
    """A help line that names the nearest right name, or None."""
    best = nearest(wrong, right)
    return f"did you mean '{best}'?" if best is not None else None


def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
