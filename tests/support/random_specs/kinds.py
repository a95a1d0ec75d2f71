"""What random specs are made of: inputs, dtype policies, layer types by how often they are drawn."""

from __future__ import annotations

from typing import Any

from specc import layers, operations

Item = dict[str, Any]

INPUTS: dict[str, tuple[list[tuple[int | None, ...]], list[str]]] = {
    "image": ([(8, 8, 3), (6, 10, 4), (9, 9, 1), (12, 7, 2)], ["float32"] * 6 + ["float16", "uint8"]),
    "sequence": ([(6, 4), (5, 8), (9, 3), (None, 4), (1, 2)], ["float32"] * 6 + ["float64", "bfloat16"]),
    "vector": ([(4,), (8,), (1,), (6,)], ["float32"] * 6 + ["int32", "bool", "float16"]),
    "tokens": ([(6,), (5,), (None,)], ["int32", "int64", "int32", "float32"]),
    "volume": ([(4, 5, 4, 2), (3, 6, 6, 3)], ["float32"]),
    "frames": ([(3, 6, 6, 2)], ["float32"]),
    "long": ([(40,), (30, 2)], ["float32"]),
    "text": ([(), (3,)], ["string"]),
}
"""What enters a model: shapes without the batch axis, and dtypes."""

POLICIES = ["float32"] * 8 + ["mixed_float16", "mixed_bfloat16", "float64", "bfloat16", "float16"]
RECURRENT = ["SimpleRNN", "LSTM", "GRU"]
CELLS = ["SimpleRNNCell", "LSTMCell", "GRUCell"]
NO_LAYERS = frozenset({"Input", *CELLS, "StackedRNNCells"})
"""Types that are no layers of their own, or that come in otherwise."""
OFTEN = (
    "core",
    "convolutional",
    "rnn",
    "wrappers",
    "multi_head_attention",
    "attention",
    "normalization",
    "merging",
    "reshaping",
    "pooling",
)
"""Families whose layers have weights, states or several inputs, or that lead to the shapes that these take."""
FAMILIES = [
    [name for name in names if name not in NO_LAYERS]
    for family, names in layers.FAMILIES.items()
    if family != "rnn_cells"
    for _ in range(3 if family in OFTEN else 1)
]
OPERATIONS = operations.names()


def class_of(kind: str) -> Any:
    """The class of a layer type that exists."""
    found = layers.find(kind)
    assert found is not None
    return found
