"""Alignments of sequences, which know nothing of graphs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """The positions of a longest rising subsequence of different numbers.

    >>> longest_rise([0, 5, 1, 2, 9])
    [0, 2, 3, 4]
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [index]
    found: list[int] = []
    at = last[-1] if last else None
    while at is not None:
        found.append(at)
        at = before[at]
    return found[::-1]


def best_alignment(likeness: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of rows and columns, both rising, with the greatest sum: Needleman and Wunsch's algorithm without costs of gaps.

    >>> best_alignment([[4, 4], [4, 6], [0, 4]])
    [(0, 0), (1, 1)]
    """
    width = len(likeness[0])
    best = [[0] * (width + 1)]
    for row in likeness:
        above, sums = best[-1], [0]
        for at, like in enumerate(row):
            sums.append(max(above[at] + like if like else 0, above[at + 1], sums[at]))
        best.append(sums)
    found: list[tuple[int, int]] = []
    row_at, at = len(likeness), width
    while row_at and at:
        if best[row_at][at] == best[row_at - 1][at]:
            row_at -= 1
        elif best[row_at][at] == best[row_at][at - 1]:
            at -= 1
        else:
            row_at, at = row_at - 1, at - 1
            found.append((row_at, at))
    return found[::-1]


def common_subsequence(first: Sequence[int], second: Sequence[int]) -> list[tuple[int, int]]:
    """The positions of a longest common subsequence, by Hunt and Szymanski's algorithm.

    >>> common_subsequence([1, 2, 3, 4], [0, 2, 4])
    [(1, 1), (3, 2)]
    """
    places: dict[int, list[int]] = {}
    for at, label in enumerate(second):
        places.setdefault(label, []).append(at)
    ends: list[int] = []
    chains: list[tuple[int, int, object]] = []
    for index, label in enumerate(first):
        for at in reversed(places.get(label, ())):
            length = bisect_left(ends, at)
            chain = (index, at, chains[length - 1] if length else None)
            if length == len(ends):
                ends.append(at)
                chains.append(chain)
            elif at < ends[length]:
                ends[length], chains[length] = at, chain
    found: list[tuple[int, int]] = []
    link: object = chains[-1] if chains else None
    while link is not None:
        index, at, link = link  # type: ignore[misc]
        found.append((index, at))
    return found[::-1]
