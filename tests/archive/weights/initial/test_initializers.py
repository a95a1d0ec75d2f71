"""Every initializer gives what Keras's gives."""

from __future__ import annotations

import tracemalloc
from itertools import cycle, product
from typing import Any

import keras
import numpy as np
import pytest

from specc import objects
from specc.archive.weights.initial.initializers import (
    BLOCK_BYTES,
    LARGE_MATRIX,
    SPREADS,
    LeftToKeras,
    blocks,
    numbers_of,
)
from specc.archive.weights.initial.philox import numpy_dtype
from specc.objects.initializers import CLASSES, FanInitializer, Initializer, RandomInitializer

DTYPES = ("float32", "float16", "bfloat16", "float64")
SHAPES = ((), (3,), (6, 3), (2, 6), (7, 1, 3), (3, 2, 4, 3), (37, 20))
SCALINGS = product((0.3, 2.0), ("fan_in", "fan_out", "fan_avg"), ("uniform", "Normal", "untruncated_normal"))
AXES = {"input_axes": [0], "output_axes": [1, -1]}
ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "Zeros": [{}],
    "Ones": [{}],
    "Constant": [{"value": value} for value in (0.1, 3, True, 3_000_000_000, (0.1, 2, 5), ((1,), (2,)))],
    "Identity": [{}, {"gain": 0.3}],
    "STFT": [
        {},
        {"side": "imag", "window": "hamming", "scaling": "spectrum", "periodic": True},
        {"window": None, "side": "imag"},
        {"window": [0.1, 0.5, 1, 0.7, 1, 2, 0.3], "scaling": None},
    ],
    "RandomUniform": [{}, {"minval": 0.1, "maxval": 0.7}],
    "RandomNormal": [{}, {"mean": 0.3, "stddev": 0.7}],
    "TruncatedNormal": [{}, {"mean": 0.3, "stddev": 0.7}],
    "VarianceScaling": [{}, *({"scale": s, "mode": m, "distribution": d} for s, m, d in SCALINGS), AXES],
    **{cls.__name__: [{}, AXES] for cls in SPREADS},
    "Orthogonal": [{}, {"gain": 0.7}],
}
"""Arguments other than seeds, for each initializer."""
TOLERANCES = {"float16": 2e-3, "float32": 1e-6, "float64": 1e-14}
"""How far numbers of Orthogonal may be from Keras's, which factors a matrix in another way."""


def made(initializer: Initializer, shape: tuple[int, ...], dtype: str, most: int = BLOCK_BYTES) -> np.ndarray[Any, Any]:
    """The whole weight, from its blocks."""
    weight = np.full(shape, 99, numpy_dtype(dtype))
    for block in blocks(shape, dtype, numbers_of(initializer, shape, dtype), most):
        assert block.numbers.dtype == weight.dtype
        assert block.numbers.nbytes <= max(most, weight.itemsize)
        weight[block.where] = block.numbers
    return weight


def test_every_initializer_is_here() -> None:
    every = {value for value in vars(keras.initializers).values() if isinstance(value, type)}
    assert set(ARGUMENTS) == {cls.__name__ for cls in every} - {"Initializer"} == {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_weights_are_those_of_keras(name: str) -> None:
    cls: Any = objects.find("initializer", name)
    seeds = ({"seed": 3}, {"seed": -(2**35)}) if issubclass(cls, RandomInitializer) else ({},)
    ways = cycle(product(DTYPES, seeds))  # 4 dtypes and 7 shapes: after a few arguments, each shape with each
    compared = 0
    for arguments, shape in product(ARGUMENTS[name] * (4 if len(ARGUMENTS[name]) < 4 else 1), SHAPES):
        dtype, seed = next(ways)
        initializer, problems = cls.parse({**arguments, **seed})
        assert initializer is not None, problems
        if initializer.problem(shape) or initializer.dtype_problem(dtype):
            continue
        expected = getattr(keras.initializers, name)(**arguments, **seed)(shape, dtype=dtype).numpy()
        weight = made(initializer, shape, dtype)
        assert (weight.dtype, weight.shape) == (expected.dtype, expected.shape)
        if name in ("Orthogonal", "STFT"):
            assert np.abs(weight.astype(float) - expected.astype(float)).max() <= TOLERANCES.get(dtype, 2e-2)
        else:
            assert np.array_equal(weight, expected), (arguments, seed, shape, dtype)
        assert made(initializer, shape, dtype, most=64).tobytes() == weight.tobytes()
        compared += 1
    assert compared >= 4


def test_orthogonal_weights_are_orthogonal() -> None:
    orthogonal: Any = objects.find("initializer", "Orthogonal")
    large = ((60, LARGE_MATRIX // 60 + 1), "float32")
    for shape, dtype in [*product(((16, 64), (64, 16), (3, 3, 8, 16), (20, 20)), TOLERANCES), large]:
        matrix = made(orthogonal(seed=1, gain=2.0), shape, dtype).reshape(-1, shape[-1]).astype(float)
        square = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
        assert np.abs(square - 4 * np.eye(len(square))).max() < 20 * TOLERANCES[dtype]


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if issubclass(cls, FanInitializer)])
def test_weights_without_a_seed_have_the_variance_of_their_fans(cls: Any) -> None:
    shape, axes = (200, 20, 50), {"input_axes": (0, 1), "output_axes": (2,)}
    spread = SPREADS.get(cls) or cls()
    for arguments, fan_in, fan_out in (({}, 4_000, 10_000), (axes, 4_000, 50)):
        weight = made(cls(**arguments), shape, "float32")
        fan = fan_in if spread.mode == "fan_in" else (fan_in + fan_out) / 2
        assert weight.var() * fan / spread.scale == pytest.approx(1, rel=0.02)
        assert abs(weight.mean()) < 0.02 * weight.std()


def test_an_initializer_of_a_plugin_is_left_to_keras() -> None:
    class Own(Initializer):
        """Of a plugin."""

    with pytest.raises(LeftToKeras, match="only Keras knows what Own fills a weight with"):
        numbers_of(Own(), (3,), "float32")


@pytest.mark.parametrize("shape", [(4_000_000, 4), (3, 3, 1_000, 1_777), (16_000_000,), (2, 8_000_000)])
@pytest.mark.parametrize("name", ["GlorotUniform", "HeNormal", "Ones"])
def test_a_large_weight_takes_little_memory(name: str, shape: tuple[int, ...]) -> None:
    """64 MB in blocks of 4 MB. Normal numbers need two more, to compute with."""
    initializer: Any = objects.resolve("initializer", name)
    tracemalloc.start()
    try:
        count = sum(block.numbers.size for block in blocks(shape, "float32", numbers_of(initializer, shape, "float32")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == np.prod(shape)
    assert peak < 4 * BLOCK_BYTES
