"""The automatic names that Keras gives to the operations that compute masks, which no layer may have."""

from __future__ import annotations

from specc.ir import TypedGraph

_MASK_OPERATIONS = ("any", "concatenate", "expand_dims", "logical_or", "not_equal", "ones_like", "zeros_like")
"""Keras's automatic names for the operations that compute masks, which become part of a model."""
_LARGEST_COUNT = 1000


def names_before_masks(graph: TypedGraph) -> dict[str, int]:
    """How many automatic names Keras must skip so that no operation of a mask has the name of a layer.

    For the layers ``any`` and ``concatenate_1``: 1 of "any", 2 of "concatenate".
    """
    wanted: dict[str, int] = {}
    if all(tensor.mask is None for tensors in graph.tensors.values() for tensor in tensors):
        return wanted
    for name in graph.nodes:
        base, _, number = name.rpartition("_")
        if name in _MASK_OPERATIONS:
            base, number = name, "0"
        if base in _MASK_OPERATIONS and number.isdecimal() and len(number) < 5 and int(number) < _LARGEST_COUNT:
            wanted[base] = max(wanted.get(base, 0), int(number) + 1)
    return wanted
