"""Random numbers of numpy's own generator, which draws in a third of the time: for weights without a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from specc.archive.weights.initial.philox import TRUNCATED_AT, numpy_dtype, wide_dtype

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Unseeded:
    """The distributions of `Philox`, from the next numbers of a generator that is different each time."""

    def __init__(self) -> None:
        import numpy as np

        self._generator = np.random.Generator(np.random.SFC64())

    def uniform(self, start: int, stop: int, dtype: str) -> Array:
        """`stop - start` numbers of a uniform distribution in [0, 1)."""
        import numpy as np

        wide = np.float64 if wide_dtype(dtype) == "float64" else np.float32
        return self._generator.random(stop - start, wide).astype(numpy_dtype(dtype), copy=False)

    def normal(self, start: int, stop: int, dtype: str) -> Array:
        """`stop - start` numbers of a normal distribution."""
        return self._normal(stop - start, dtype).astype(numpy_dtype(dtype), copy=False)

    def truncated_normal(self, start: int, stop: int, dtype: str) -> Array:
        """`stop - start` numbers of a normal distribution, drawn again where they are 2 or more from 0."""
        import numpy as np

        numbers = self._normal(stop - start, dtype)
        far = np.flatnonzero(np.abs(numbers) >= TRUNCATED_AT)
        while len(far):
            numbers[far] = self._normal(len(far), dtype)
            far = far[np.abs(numbers[far]) >= TRUNCATED_AT]
        return numbers.astype(numpy_dtype(dtype), copy=False)

    def _normal(self, count: int, dtype: str) -> Array:
        import numpy as np

        wide = np.float64 if wide_dtype(dtype) == "float64" else np.float32
        return self._generator.standard_normal(count, wide)
