"""TensorFlow's stateless random numbers: those that Keras's initializers draw, without TensorFlow.

The generator is Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a function of a
counter, so that any part of a weight can be made by itself. TensorFlow scrambles a seed to a key and a counter
(``stateless_random_get_key_counter``), gives every four numbers a place of the counter, and makes floats of the words
(``random_distributions.h``). The numbers have equal bits, where numpy, SciPy and TensorFlow use the same C library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
SCRAMBLING_KEY = (0x3EC8F720, 0x02461E29)
"""The key with which TensorFlow makes the key and the counter of a seed."""
LARGEST_SEED = 2**31 - 2
"""Keras takes seeds modulo this number, since XLA needs 32 bits. Keras: ``backend.tensorflow.random._cast_seed``."""
RESERVED = 256
"""The words that TensorFlow keeps for one number of a distribution that redraws."""
LEAST_UNIFORM = 1e-7
"""The least number that TensorFlow takes the logarithm of."""
TRUNCATED_AT = 2.0
AT_ONCE = 1 << 14
"""Places of the counter that are computed together: so many that calls cost little, and their arrays stay in the cache."""


class Philox(NamedTuple):
    """The generator of a seed: a key, and the upper half of the counter, whose lower half begins with 0."""

    key: tuple[int, int]
    upper: tuple[int, int]

    @classmethod
    def seeded(cls, seed: int) -> Philox:
        """The generator that Keras's stateless functions use for a seed.

        >>> Philox.seeded(1337)
        Philox(key=(1636910920, 2790370913), upper=(1533476850, 3206390326))
        """
        import numpy as np

        words = cls(SCRAMBLING_KEY, (0, 0)).words(np.array([seed % LARGEST_SEED], np.uint64))[0]
        first, second, third, fourth = map(int, words)
        return cls((first, second), (third, fourth))

    def words(self, places: Array) -> Array:
        """Four random words of 32 bits for each place of the counter, given as uint64: (places,) to (places, 4)."""
        import numpy as np

        mask, half = np.uint64(WORD), np.uint64(32)
        word0, word1 = places & mask, places >> half
        word2, word3 = (np.full(len(places), word, np.uint64) for word in self.upper)
        product0, product1 = np.empty_like(word0), np.empty_like(word0)
        for step in range(ROUNDS):
            key0, key1 = (np.uint64((part + step * by) & WORD) for part, by in zip(self.key, KEY_STEPS, strict=True))
            np.multiply(word0, np.uint64(MULTIPLIERS[0]), out=product0)
            np.multiply(word2, np.uint64(MULTIPLIERS[1]), out=product1)
            for product, word, key, out in ((product1, word1, key0, word0), (product0, word3, key1, word2)):
                np.right_shift(product, half, out=out)
                np.bitwise_xor(out, word, out=out)
                np.bitwise_xor(out, key, out=out)
                np.bitwise_and(out, mask, out=out)
            # The other two words are the lower halves of the products; their upper halves are masked when they are mixed.
            word1, product1 = product1, word1
            word3, product0 = product0, word3
        words = np.empty((len(places), 4), np.uint32)
        for index, word in enumerate((word0, word1, word2, word3)):
            np.copyto(words[:, index], word, casting="unsafe")
        return words

    def uniform(self, start: int, stop: int, dtype: str) -> Array:
        """The numbers from `start` to `stop` of a uniform distribution in [0, 1)."""
        return _filled(start, stop, dtype, lambda first, groups: _unit(self._at(first, groups), dtype))

    def normal(self, start: int, stop: int, dtype: str) -> Array:
        """The numbers from `start` to `stop` of a normal distribution."""
        wide = wide_dtype(dtype)
        return _filled(start, stop, dtype, lambda first, groups: _box_muller(self._at(first, groups), wide))

    def truncated_normal(self, start: int, stop: int, dtype: str) -> Array:
        """The numbers from `start` to `stop` of a normal distribution, drawn again where they are 2 or more from 0."""
        import numpy as np

        wide = wide_dtype(dtype)
        each = 4 // _words_of(dtype)
        apart = each * RESERVED // 4
        first, last = start // each, -(-stop // each)
        places = np.arange(first * apart, last * apart, apart, dtype=np.uint64)
        drawn = np.empty((last - first, each), wide)
        for at in range(0, len(drawn), AT_ONCE):
            drawn[at : at + AT_ONCE] = _box_muller(self.words(places[at : at + AT_ONCE]), wide)
        _redraw(self, places, drawn)
        return drawn.reshape(-1)[start - first * each : stop - first * each].astype(numpy_dtype(dtype), copy=False)

    def _at(self, first: int, groups: int) -> Array:
        """The words of consecutive places."""
        import numpy as np

        return self.words(np.arange(first, first + groups, dtype=np.uint64))


def _filled(start: int, stop: int, dtype: str, make: Callable[[int, int], Array]) -> Array:
    """The numbers from `start` to `stop` of those that `make` gives for a first group and a number of groups."""
    import numpy as np

    each = 4 // _words_of(dtype)
    numbers = np.empty(stop - start, numpy_dtype(dtype))
    at = start
    while at < stop:
        first, skipped = divmod(at, each)
        groups = min(AT_ONCE, -(-stop // each) - first)
        made = make(first, groups).reshape(-1)[skipped : stop - first * each]
        numbers[at - start : at - start + len(made)] = made
        at += len(made)
    return numbers


def numpy_dtype(dtype: str) -> np.dtype[Any]:
    """numpy's dtype of that name; for bfloat16, which numpy does not have, that of the package which Keras uses."""
    import numpy as np

    if dtype != "bfloat16":
        return np.dtype(dtype)
    import ml_dtypes

    bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return bfloat16


def _words_of(dtype: str) -> int:
    """The random words that a uniform number is made of."""
    return 2 if dtype == "float64" else 1


def wide_dtype(dtype: str) -> str:
    """The dtype in which normal numbers of a dtype are computed, before they are rounded."""
    return "float64" if dtype == "float64" else "float32"


def _unit(words: Array, dtype: str) -> Array:
    """Floats in [0, 1): the lower bits of a word (of two for float64) as the fraction of a float in [1, 2), less 1."""
    import numpy as np

    if dtype == "float64":
        bits = words[:, 0::2].astype(np.uint64)
        bits &= np.uint64(0xFFFFF)
        bits <<= np.uint64(32)
        bits |= words[:, 1::2]
        bits |= np.uint64(1023 << 52)
        doubles = bits.view(np.float64)
        doubles -= 1
        return doubles
    fraction, exponent, unsigned = _LAYOUTS[dtype]
    bits = words.astype(unsigned)
    bits &= bits.dtype.type((1 << fraction) - 1)
    bits |= bits.dtype.type(exponent << fraction)
    floats = bits.view(numpy_dtype(dtype))
    floats -= floats.dtype.type(1)
    return floats


_LAYOUTS = {"float32": (23, 127, "uint32"), "float16": (10, 15, "uint16"), "bfloat16": (7, 127, "uint16")}
"""The bits of a float's fraction, the exponent of 1, and the unsigned integer of its size."""


def _box_muller(words: Array, dtype: str) -> Array:
    """Normal numbers: the sine and the cosine of one uniform number, times a radius made from another.

    numpy computes logarithms, sines and cosines by itself, and not with the same last bits as TensorFlow, which calls C's
    library. So do these two functions, which take twice the time: x log y with x = 1, and exp(i y).
    """
    import numpy as np
    from scipy.special import xlogy

    units = _unit(words, dtype)
    one = units.dtype.type(1)
    radius = xlogy(one, np.maximum(units[:, 0::2], units.dtype.type(LEAST_UNIFORM)))
    radius *= -2 * one
    np.sqrt(radius, out=radius)
    point = np.zeros(radius.shape, np.result_type(dtype, np.complex64))
    np.multiply(units[:, 1::2], 2 * np.pi, out=point.imag, dtype=np.float64, casting="same_kind")
    np.exp(point, out=point)
    numbers = np.empty_like(units)
    np.multiply(point.imag, radius, out=numbers[:, 0::2])
    np.multiply(point.real, radius, out=numbers[:, 1::2])
    return numbers


def _redraw(generator: Philox, places: Array, drawn: Array) -> None:
    """Put into each row the first numbers that lie near enough, of those that the counter gives from its place on."""
    import numpy as np

    each = drawn.shape[1]
    short = np.flatnonzero((np.abs(drawn) >= TRUNCATED_AT).any(axis=1))
    found = np.zeros(len(short), np.intp)
    further = drawn[short]
    step = 0
    while True:
        near = np.abs(further) < TRUNCATED_AT
        count = found[:, None] + near.cumsum(axis=1)
        rows, columns = np.nonzero(near & (count <= each))
        drawn[short[rows], count[rows, columns] - 1] = further[rows, columns]
        left = count[:, -1] < each
        short, found = short[left], count[left, -1]
        if not len(short):
            return
        step += 1
        further = _box_muller(generator.words(places[short] + np.uint64(step)), drawn.dtype.name)
