"""TensorFlow's random numbers, bit for bit."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from specc.archive.weights.initial.philox import AT_ONCE, RESERVED, Philox, numpy_dtype

DTYPES = ("float32", "float16", "bfloat16", "float64")
SEEDS = (0, 1337, 2**31 - 2, 2**40 + 7, -5)
DISTRIBUTIONS = {
    "uniform": keras.random.uniform,
    "normal": keras.random.normal,
    "truncated_normal": keras.random.truncated_normal,
}
COUNT = 5 * AT_ONCE + 3
"""So many that they are made in parts, and do not fill the last group."""


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_numbers_are_those_of_keras(distribution: str, dtype: str) -> None:
    for seed in SEEDS:
        numbers = getattr(Philox.seeded(seed), distribution)(0, COUNT, dtype)
        expected = DISTRIBUTIONS[distribution]((COUNT,), seed=seed, dtype=dtype).numpy()
        assert numbers.dtype == expected.dtype == numpy_dtype(dtype)
        assert numbers.tobytes() == expected.tobytes(), (seed, np.flatnonzero(numbers != expected)[:5])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_part_is_as_in_the_whole(distribution: str, dtype: str) -> None:
    draw = getattr(Philox.seeded(7), distribution)
    whole = draw(0, COUNT, dtype)
    for start, stop in ((0, 0), (0, 1), (5, 6), (3, 4099), (2 * AT_ONCE - 1, COUNT)):
        assert draw(start, stop, dtype).tobytes() == whole[start:stop].tobytes(), (start, stop)


def test_the_upper_half_of_a_counter_is_used() -> None:
    """Numbers that are drawn again come from places so far apart that 2**26 numbers need more than 32 bits of them."""
    generator = Philox.seeded(1)
    far = 2**32 // RESERVED * 4
    assert not set(generator.truncated_normal(far, far + 8, "float32")) & set(
        generator.truncated_normal(0, 8, "float32")
    )
    assert not set(generator.normal(4 * 2**32, 4 * 2**32 + 8, "float32")) & set(generator.normal(0, 8, "float32"))
