"""Keras's dtype policies: the dtype that a layer computes in, that of its weights, and how its table is quantized.

A quantized policy is a mode and the policy that the layer would have without it: ``int8_from_mixed_bfloat16``. Keras:
``keras.dtype_policies.get``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
POLICIES = (*FLOAT_DTYPES, "mixed_float16", "mixed_bfloat16")
"""The policies that a model can have, and that a quantized policy can be from."""
MODES = ("int8", "int4", "float8")
"""The ways to quantize that need no data."""
_HALVES = ("float16", "mixed_float16")
CALIBRATED = ("gptq", "awq")
"""Keras's other modes: their weights are computed from data."""

QUANTIZED = tuple(
    f"{mode}_from_{source}" for mode in MODES for source in POLICIES if mode != "int8" or source not in _HALVES
)
"""The quantized policies, without those of int4 in blocks. Keras does not combine int8 with float16."""
IN_BLOCKS = rf"int4/(-1|[1-9][0-9]{{0,8}})_from_({'|'.join(POLICIES)})"
"""A pattern of the others: the number of values in a row that share a scale; -1 is all of them."""


class Quantization(NamedTuple):
    """How a table is stored."""

    mode: str
    """One of `MODES`."""
    block: int | None = None
    """With int4: the number of values that share a scale; None for all in a row or column."""


class Policy(NamedTuple):
    """Keras's dtype policy: the dtype a layer computes in, and that of its weights."""

    name: str
    compute: str
    variable: str
    quantization: Quantization | None = None

    @classmethod
    def named(cls, name: str) -> Policy:
        """
        >>> Policy.named("mixed_float16")
        Policy(name='mixed_float16', compute='float16', variable='float32', quantization=None)
        >>> Policy.named("int4/64_from_bfloat16").quantization
        Quantization(mode='int4', block=64)
        """
        mode, of, source = name.partition("_from_")
        if of:
            return cls.named(source)._replace(name=name, quantization=_quantization(mode))
        if name in ("mixed_float16", "mixed_bfloat16"):
            return cls(name, name.removeprefix("mixed_"), "float32")
        return cls(name, name, name)


def _quantization(mode: str) -> Quantization:
    base, _, block = mode.partition("/")
    return Quantization(base, int(block) if block not in ("", "-1") else None)


def is_quantized(name: str) -> bool:
    """Whether it is the name of a quantized policy that a layer can have.

    >>> is_quantized("int8_from_float32"), is_quantized("int8_from_float16"), is_quantized("int4/32_from_float16")
    (True, False, True)
    """
    return name in QUANTIZED or re.fullmatch(IN_BLOCKS, name) is not None


def refusal(name: str) -> str | None:
    """What to say to a name that is meant to be a quantized policy and is none; None if it is not meant so.

    >>> refusal("int8")
    'to quantize the layer, write int8_from_float32'
    """
    mode, of, source = name.partition("_from_")
    base = mode.partition("/")[0]
    if base in CALIBRATED:
        return f"{base} needs data to quantize with: build the model, then call model.quantize() with them"
    if base not in MODES:
        return None
    if not of:
        return f"to quantize the layer, write {base}_from_float32"
    if source not in POLICIES:
        return f"after 'from' comes what the layer computes in: {', '.join(POLICIES)}"
    if base == "int8" and source in _HALVES:
        return "Keras does not combine int8 with float16; write int8_from_bfloat16 or int8_from_mixed_bfloat16"
    return f"write {base}_from_{source}" + (f", or int4/SIZE_from_{source} for blocks" if base == "int4" else "")
