"""The dtype of a result of several dtypes: Keras's type promotion (``keras.backend.result_type``).

Dtypes form a lattice; the result is the least upper bound. Python's own numbers are weak: ``int`` and ``float`` (the
types themselves) represent a constant, which takes the dtype of a tensor of its kind.
"""

from __future__ import annotations

from functools import cache

from specc.diagnostics.problem import DTypeError

BOOL = frozenset({"bool"})
UNSIGNED = frozenset({"uint8", "uint16", "uint32", "uint64"})
SIGNED = frozenset({"int8", "int16", "int32", "int64"})
INTS = UNSIGNED | SIGNED
FLOATS = frozenset({"bfloat16", "float16", "float32", "float64"})
COMPLEX = frozenset({"complex64", "complex128"})
STRING = frozenset({"string"})
NUMBERS = BOOL | INTS | FLOATS | COMPLEX
ALL = NUMBERS | STRING

FLOATX = "float32"
"""Keras's ``floatx``, which specc pins."""

DType = str | type[int] | type[float] | type[bool]
"""The name of a dtype, or the Python type of a constant."""

_NEXT: dict[str, tuple[str, ...]] = {
    "bool": ("int",),
    "int": ("uint8", "int8", "complex64"),
    "uint8": ("int16", "uint16"),
    "uint16": ("int32", "uint32"),
    "uint32": ("int64", "uint64"),
    "uint64": ("float",),
    "int8": ("int16",),
    "int16": ("int32",),
    "int32": ("int64",),
    "int64": ("float",),
    "float": ("bfloat16", "float16"),
    "bfloat16": ("float32",),
    "float16": ("float32",),
    "float32": ("float64", "complex64"),
    "float64": ("complex128",),
    "complex64": ("complex128",),
    "complex128": (),
}
"""Each dtype's next higher ones; "int" and "float" are the weak dtypes of constants."""

_NARROWED = {"uint64": "uint32", "complex128": "complex64"}
"""Dtypes that promotion never gives, and what it gives instead."""


@cache
def _above(dtype: str) -> frozenset[str]:
    """The dtype and every higher one."""
    return frozenset({dtype}).union(*(_above(higher) for higher in _NEXT[dtype]))


@cache
def _least_above(dtypes: frozenset[str]) -> str:
    common = frozenset.intersection(*(_above(dtype) for dtype in dtypes))
    (least,) = common & dtypes or (dtype for dtype in common if common <= _above(dtype))
    return least


def result_type(*dtypes: DType) -> str:
    """The dtype of a result of all these; DTypeError where strings meet numbers.

    >>> result_type("int32", "float16"), result_type("uint8", "int8"), result_type("bool", int)
    ('float16', 'int16', 'int32')
    >>> result_type("int8", int), result_type("float16", float), result_type("int64", float)
    ('int8', 'float16', 'float32')
    """
    strong = {dtype for dtype in map(_named, dtypes) if dtype not in ("int", "float")}
    weak = {dtype for dtype in map(_named, dtypes) if dtype in ("int", "float")}
    if len(strong) == 1 and not weak:
        (least,) = strong
    elif strong & STRING:
        numbers = sorted(strong - STRING) + ["a number"] * bool(weak)
        raise DTypeError(
            f"cannot combine string and {' and '.join(numbers)}",
            help="turn the strings into numbers first, with a StringLookup or TextVectorization layer",
        )
    else:
        least = _least_above(frozenset(strong | weak))
    least = {"int": "int32", "float": FLOATX}.get(least, least)
    return _NARROWED.get(least, least)


def _named(dtype: DType) -> str:
    return dtype if isinstance(dtype, str) else dtype.__name__


def summed(dtype: str) -> str:
    """The dtype of a sum or product: small integers are widened to 32 bits."""
    if dtype in ("bool", "int8", "int16"):
        return "int32"
    return "uint32" if dtype in ("uint8", "uint16") else dtype


_BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "uint16": 2,
    "complex64": 8,
    "complex128": 16,
}


def item_bytes(dtype: str) -> int:
    """The bytes of one element.

    >>> item_bytes("float32"), item_bytes("float64"), item_bytes("bfloat16")
    (4, 8, 2)
    """
    return _BYTES.get(dtype, 8 if "64" in dtype else 4)
