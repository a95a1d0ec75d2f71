"""Sequences are aligned with their order kept."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from specc.alignment.sequences import best_alignment, common_subsequence, longest_rise


@pytest.mark.parametrize("seed", range(20))
def test_a_longest_common_subsequence_is_the_best_alignment_of_equal_things(seed: int) -> None:
    random = Random(seed)
    first, second = ([random.randrange(4) for _ in range(random.randrange(1, 20))] for _ in range(2))
    found = common_subsequence(first, second)
    best = best_alignment([[int(one == other) for other in second] for one in first])
    assert len(found) == len(best)
    for pairs in (found, best):
        assert all(first[at] == second[to] for at, to in pairs)
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@pytest.mark.parametrize("numbers", [[], [3], [3, 2, 1], [1, 2, 3], [5, 1, 6, 2, 3]])
def test_a_longest_rise(numbers: list[int]) -> None:
    rise = longest_rise(numbers)
    assert [numbers[at] for at in rise] == sorted(numbers[at] for at in rise)
    assert len(rise) == len(common_subsequence(numbers, sorted(numbers)))
