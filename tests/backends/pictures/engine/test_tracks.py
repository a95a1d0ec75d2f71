"""At which height arrows run across the gap between two ranks."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const heads = runs.map(() => []);
  const segments = runs.map(([from, to, net, bundle], index) => ({
    tail: { cross: from, size: 0 }, head: { cross: to, size: 0 }, tailAt: 0, headAt: 0, net: net ?? String(index), bundle: bundle ?? "",
  }));
  const { count, of } = trackSegments([{ into: segments }]);
  return { count, tracks: segments.map((segment) => of.get(segment) ?? null) };
})()"""


def tracked(*runs: tuple[float, float] | tuple[float, float, str] | tuple[float, float, str, str]) -> Any:
    return js(CODE, "tracks", runs=runs)


def test_a_straight_arrow_needs_no_track() -> None:
    assert tracked((5, 5), (20, 20.2)) == {"count": 0, "tracks": [None, None]}


def test_arrows_beside_each_other_share_a_track_and_overlapping_ones_do_not() -> None:
    assert tracked((0, 20), (40, 60)) == {"count": 1, "tracks": [0, 0]}
    assert tracked((0, 30), (20, 50))["count"] == 2


def test_arrows_of_a_net_or_a_bundle_share_a_track() -> None:
    assert tracked((30, 0, "n"), (30, 60, "n"))["count"] == 1
    assert tracked((0, 30, "a", "y"), (60, 30, "b", "y"), (90, 30, "c", "y")) == {"count": 1, "tracks": [0, 0, 0]}


def test_the_track_is_chosen_that_makes_no_crossing() -> None:
    assert tracked((0, 30), (20, 50))["tracks"] == [1, 0]


@pytest.mark.parametrize("count", [40, 300])
def test_runs_on_one_track_do_not_touch(count: int) -> None:
    random = Random(count)
    runs = [(random.uniform(0, 4000), random.uniform(0, 4000)) for _ in range(count)]
    found = tracked(*runs)
    for track in range(found["count"]):
        spans = sorted(sorted(run) for run, on in zip(runs, found["tracks"], strict=True) if on == track)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
