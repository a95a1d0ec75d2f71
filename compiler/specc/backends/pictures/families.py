"""What a layer is drawn as: its family, which its form and colour tell, and the sign of a merge."""

from __future__ import annotations

from typing import Literal

from specc.calls import Callee

Family = Literal["input", "output", "conv", "pool", "dense", "norm", "merge", "sequence", "other"]

_BY_MODULE: dict[str, Family] = {
    "convolutional": "conv",
    "pooling": "pool",
    "reshaping": "pool",
    "normalization": "norm",
    "merging": "merge",
    "rnn": "sequence",
    "rnn_cells": "sequence",
    "conv_lstm": "sequence",
    "attention": "sequence",
    "multi_head_attention": "sequence",
}
"""By the module that holds the layer's class."""
_BY_TYPE: dict[str, Family] = {
    "Dense": "dense",
    "EinsumDense": "dense",
    "Embedding": "dense",
    "ReversibleEmbedding": "dense",
}
_SYMBOLS = {
    "Add": "+",
    "ops.add": "+",
    "Subtract": "\N{MINUS SIGN}",
    "ops.subtract": "\N{MINUS SIGN}",
    "Multiply": "\N{MULTIPLICATION SIGN}",
    "ops.multiply": "\N{MULTIPLICATION SIGN}",
    "Concatenate": "\N{PARALLEL TO}",
    "ops.concatenate": "\N{PARALLEL TO}",
    "Average": "Ø",
    "Dot": "·",
    "Maximum": "\N{LOGICAL OR}",
    "Minimum": "\N{LOGICAL AND}",
}


def family(layer: Callee) -> Family:
    """The family of a layer; of a wrapper, that of the layer inside."""
    found = _BY_TYPE.get(layer.type_name) or _BY_MODULE.get(type(layer).__module__.rpartition(".")[2], "other")
    if found == "other":
        for inner in layer.with_inner()[1:]:
            return family(inner)
    return found


def symbol(layer: Callee) -> str:
    """The sign of a merge; empty for what is none."""
    return _SYMBOLS.get(layer.type_name, "")
