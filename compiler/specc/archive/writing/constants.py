"""Constants of a model, computed in NumPy where it gives the bits that TensorFlow gives on every machine.

That are numbers moved from place to place, integers, and single operations that IEEE 754 rounds in one way. What
TensorFlow computes by approximations or in an order of its own (sines, powers, sums) is left to Keras, and so are what
processors treat differently: numbers that are not a number, and those too small for the full precision of their dtype.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from specc.archive.native import NotNative
from specc.dtypes import INTS, result_type
from specc.operations.base import Operation
from specc.operations.rules import tensor_dtype
from specc.shapes import Shape, Tensor

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

FLOATS = frozenset({"float16", "float32", "float64"})
"""The dtypes of floating point numbers that NumPy has by itself."""
DTYPES = INTS | FLOATS | {"bool"}
EXACT_IN_DOUBLES = 2**53
"""Integers up to here are exact in a float64."""
EXACT_IN_SINGLES = 2**24
"""Integers up to here are exact in a float32."""


@dataclass(eq=False, slots=True)
class Constant:
    """A tensor of known numbers, where a call takes it."""

    numbers: Array
    mask: None = None

    @property
    def shape(self) -> Shape:
        """The lengths of its axes."""
        return tuple(self.numbers.shape)

    @property
    def dtype(self) -> str:
        """The dtype of its numbers."""
        return str(self.numbers.dtype)

    def lists(self) -> Any:
        """The numbers in nested lists."""
        return self.numbers.tolist()


def computed(operation: Operation, given: Mapping[str, Any], tensor: Tensor) -> Constant:
    """What an operation gives of constants: ``tensor`` says its shape and dtype. NotNative if only Keras can tell."""
    import numpy as np

    compute = _TABLE.get(operation.keras_name().removeprefix("ops."))
    if compute is None or tensor.dtype not in DTYPES:
        raise NotNative("a constant, which Keras computes")
    positional, named = operation.call_arguments({name: _numbers(value) for name, value in given.items()})
    positional, named = [_made(it) for it in positional], {name: _made(it) for name, it in named.items()}
    dtype = _common(operation, positional) if compute in _COMPARED else tensor.dtype
    with np.errstate(all="ignore"):
        made = _certain(np.asarray(compute(dtype, *positional, **{k: it for k, it in named.items() if k != "dtype"})))
    if made.shape != tensor.shape or made.dtype.name != tensor.dtype:
        raise NotNative("a constant, which Keras computes")
    return Constant(made)


def _numbers(value: Any) -> Any:
    """The numbers of a constant, or of several."""
    return value.numbers if isinstance(value, Constant) else [_numbers(it) for it in value]


def _made(value: Any) -> Any:
    """An argument; a number list in the place of a tensor is the operation that makes one."""
    import numpy as np

    if not isinstance(value, Operation):
        return value
    numbers = value.x  # type: ignore[attr-defined]
    return _to(np.array(numbers.as_lists()), numbers.dtype)


def _common(operation: Operation, values: list[Any]) -> str:
    """The dtype in which numbers are compared; a single number mostly has none of its own."""
    return result_type(
        *(
            it.dtype.name if hasattr(it, "dtype") else tensor_dtype(it) if operation.weighs_constants else type(it)
            for it in values
        )
    )


def _to(value: Any, dtype: str) -> Array:
    """Numbers in a dtype. NotNative where that depends on the processor or on the way."""
    import numpy as np

    numbers = np.asarray(value)
    old = numbers.dtype.name
    if old not in DTYPES or dtype not in DTYPES:
        raise NotNative("a constant, which Keras computes")
    if old == dtype:
        return numbers
    with np.errstate(all="ignore"):
        made = numbers.astype(dtype)
        if old in FLOATS and dtype in INTS:
            is_sure = bool(np.all(made.astype("float64") == np.trunc(numbers)) and np.all(abs(numbers) < 2**31))
        elif old in INTS and dtype in FLOATS:
            is_sure = bool(np.all(numbers <= EXACT_IN_DOUBLES) and np.all(numbers >= -EXACT_IN_DOUBLES))
        else:
            is_sure = True
        if dtype == "float16":  # it may go by way of a float32
            is_sure &= np.array_equal(made, numbers.astype("float32").astype(dtype))
    if not is_sure:
        raise NotNative("a constant that Keras converts")
    return made


def _certain(numbers: Array) -> Array:
    """Numbers of which each processor gives the same. NotNative otherwise."""
    import numpy as np

    if numbers.dtype.name in FLOATS:
        small = (numbers != 0) & (abs(numbers) < np.finfo(numbers.dtype).tiny)
        if np.any(small) or np.any(np.isnan(numbers)):
            raise NotNative("a constant that processors treat differently")
    return numbers


# -- Numbers of no others ------------------------------------------------------------------------


def _arange(dtype: str, start: Any, stop: Any = None, step: Any = None) -> Any:
    """Rows whose numbers are all exact, so it does not matter how they are added up."""
    import numpy as np

    start, stop, step = (0 if stop is None else start), (start if stop is None else stop), 1 if step is None else step
    if dtype in FLOATS:
        largest = max(abs(start), abs(stop), abs(step)) * 1024
        if dtype == "float16" or largest >= EXACT_IN_SINGLES or any(it * 1024 % 1 for it in (start, stop, step)):
            raise NotNative("a constant that Keras adds up")
    return np.arange(start, stop, step).astype(dtype)


def _linspace(dtype: str, start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> Any:
    """Each operation by itself, as TensorFlow makes them."""
    import numpy as np

    if dtype not in ("float32", "float64"):
        raise NotNative("a constant, which Keras computes")
    first, last = _to(start, dtype), _to(stop, dtype)
    if not endpoint and num > 1:
        last = last - (last - first) / _to(num, dtype)
    step = (last - first) / _to(max(num - 1, 1), dtype)
    between = _certain(step * np.arange(1, num - 1).astype(dtype)) + first
    return np.concatenate([first[None], between, last[None]])[:num]


def _cast(dtype: str, x: Any, _: str) -> Any:
    return _to(x, dtype)


def _full(dtype: str, shape: Any, fill_value: Any) -> Any:
    import numpy as np

    return np.broadcast_to(_to(np.array(fill_value), dtype), shape)


def _filled(number: int, dtype: str, shape: Any) -> Any:
    import numpy as np

    return np.full(shape, number, dtype)


def _like(number: int, dtype: str, x: Array) -> Any:
    return _filled(number, dtype, x.shape)


def _matrix(name: str, dtype: str, N: int, M: int | None = None, k: int = 0) -> Any:  # noqa: N803 - Keras's names
    import numpy as np

    return getattr(np, name)(N, M, k, dtype=dtype)


def _identity(dtype: str, n: int) -> Any:
    return _matrix("eye", dtype, n)


def _array(dtype: str, x: Any) -> Any:
    import numpy as np

    return _to(np.array(x), dtype)


# -- Numbers of numbers --------------------------------------------------------------------------


def _each(name: str, dtype: str, *values: Any) -> Any:
    """An operation on each number, in the dtype of the result."""
    import numpy as np

    return getattr(np, name)(*(_certain(_to(it, dtype)) for it in values))


def _of_integers(name: str, dtype: str, x1: Any, x2: Any) -> Any:
    import numpy as np

    divisor = _to(x2, dtype)
    if dtype not in INTS or np.any(divisor == 0) or np.any(divisor == -1):
        raise NotNative("a constant, which Keras divides")
    return getattr(np, name)(_to(x1, dtype), divisor)


def _extreme(name: str, dtype: str, x1: Any, x2: Any) -> Any:
    import numpy as np

    values = [_to(x1, dtype), _to(x2, dtype)]
    if any(np.any((it == 0) & np.signbit(it)) for it in values if dtype in FLOATS):
        raise NotNative("a constant with a negative zero")
    return getattr(np, name)(*values)


def _compared(name: str, dtype: str, x1: Any, x2: Any) -> Any:
    return _each(name, dtype, x1, x2)


def _logical(name: str, dtype: str, *values: Any) -> Any:
    return _each(name, dtype, *(_to(it, "bool") for it in values))


def _where(dtype: str, condition: Any, x1: Any, x2: Any) -> Any:
    import numpy as np

    return np.where(_to(condition, "bool"), _to(x1, dtype), _to(x2, dtype))


# -- Numbers moved -------------------------------------------------------------------------------


def _moved(name: str, dtype: str, x: Any, *more: Any, **named: Any) -> Any:
    """A function of NumPy with the arguments of Keras's."""
    import numpy as np

    return getattr(np, name)(_to(x, dtype), *more, **named)


def _reshape(dtype: str, x: Any, newshape: Any) -> Any:
    return _to(x, dtype).reshape(newshape)


def _get_item(dtype: str, x: Any, key: Any) -> Any:
    return _to(x, dtype)[key]


def _joined(name: str, dtype: str, xs: Any, axis: int = 0) -> Any:
    import numpy as np

    return getattr(np, name)([_to(it, dtype) for it in xs], axis=axis)


_COMPARE = ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")
_MOVE = ("ravel", "transpose", "expand_dims", "squeeze", "swapaxes", "moveaxis", "repeat", "tile", "broadcast_to")

_TABLE: dict[str, Callable[..., Any]] = {
    "arange": _arange,
    "linspace": _linspace,
    "full": _full,
    "zeros": partial(_filled, 0),
    "ones": partial(_filled, 1),
    "zeros_like": partial(_like, 0),
    "ones_like": partial(_like, 1),
    "tri": partial(_matrix, "tri"),
    "eye": partial(_matrix, "eye"),
    "identity": _identity,
    "array": _array,
    "convert_to_tensor": _array,
    "cast": _cast,
    "divide": partial(_each, "true_divide"),
    "floor_divide": partial(_of_integers, "floor_divide"),
    "mod": partial(_of_integers, "mod"),
    "where": _where,
    "reshape": _reshape,
    "get_item": _get_item,
    **{it: partial(_each, it) for it in ("add", "subtract", "multiply", "true_divide", "sqrt", "square", "negative")},
    **{it: partial(_extreme, it) for it in ("maximum", "minimum")},
    **{it: partial(_each, "abs") for it in ("abs", "absolute")},
    **{it: partial(_compared, it) for it in _COMPARE},
    **{it: partial(_logical, it) for it in ("logical_not", "logical_and", "logical_or", "logical_xor")},
    **{it: partial(_moved, it) for it in (*_MOVE, "flip", "roll", "tril", "triu")},
    **{it: partial(_joined, it) for it in ("concatenate", "stack")},
}
"""What computes each operation, given the dtype of the result and the arguments of Keras's function."""
_COMPARED = frozenset(_TABLE[it] for it in _COMPARE)
"""Those that are given the common dtype of their arguments instead."""
