"""Numbers without a seed have the same distributions."""

from __future__ import annotations

import numpy as np
import pytest

from specc.archive.weights.initial.philox import Philox, numpy_dtype
from specc.archive.weights.initial.unseeded import Unseeded

COUNT = 200_000


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
@pytest.mark.parametrize("distribution", ["uniform", "normal", "truncated_normal"])
def test_quantiles_are_those_of_seeded_numbers(distribution: str, dtype: str) -> None:
    drawn = getattr(Unseeded(), distribution)(0, COUNT, dtype)
    expected = getattr(Philox.seeded(1), distribution)(0, COUNT, dtype)
    assert drawn.dtype == expected.dtype == numpy_dtype(dtype)
    drawn, expected = drawn.astype(float), expected.astype(float)
    at = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    assert np.abs(np.quantile(drawn, at) - np.quantile(expected, at)).max() < 0.06
    assert abs(drawn.std() - expected.std()) < 0.01
    assert (drawn.min() < -2) == (expected.min() < -2)
    assert distribution != "truncated_normal" or np.abs(drawn).max() <= 2


def test_no_two_generators_are_alike() -> None:
    assert Unseeded().uniform(0, 4, "float32").tolist() != Unseeded().uniform(0, 4, "float32").tolist()
