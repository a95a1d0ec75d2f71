"""What a layer is drawn as: its family, which its form and colour tell, and the sign of a merge."""

from __future__ import annotations

from typing import Literal

from specc.calls import Callee

Family = Literal["input", "output", "conv", "pool", "dense", "norm", "merge", "sequence", "other"]

_BY_MODULE: dict[str, Family] = {
    "layers.convolutional": "conv",
    "layers.pooling": "pool",
    "layers.reshaping": "pool",
    "layers.normalization": "norm",
    "layers.merging": "merge",
    "layers.rnn": "sequence",
    "layers.rnn_cells": "sequence",
    "layers.conv_lstm": "sequence",
    "layers.attention": "sequence",
    "layers.multi_head_attention": "sequence",
    "operations.shape": "pool",
    "operations.image": "pool",
}
"""By the module that holds the class."""
_DENSE = ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
_SYMBOLS = {
    "Add": "+",
    "ops.add": "+",
    "Subtract": "\N{MINUS SIGN}",
    "ops.subtract": "\N{MINUS SIGN}",
    "Multiply": "\N{MULTIPLICATION SIGN}",
    "ops.multiply": "\N{MULTIPLICATION SIGN}",
    "Concatenate": "\N{PARALLEL TO}",
    "ops.concatenate": "\N{PARALLEL TO}",
    "ops.divide": "\N{DIVISION SIGN}",
    "ops.maximum": "\N{LOGICAL OR}",
    "ops.minimum": "\N{LOGICAL AND}",
    "Average": "Ø",
    "Dot": "·",
    "Maximum": "\N{LOGICAL OR}",
    "Minimum": "\N{LOGICAL AND}",
}


def family(layer: Callee) -> Family:
    """The family of a layer; of a wrapper, that of the layer inside."""
    inner = getattr(layer, "layer", None)
    if isinstance(inner, Callee):
        return family(inner)
    if layer.type_name in _DENSE:
        return "dense"
    return _BY_MODULE.get(".".join(type(layer).__module__.split(".")[-2:]), "other")


def symbol(layer: Callee) -> str:
    """The sign of a merge; empty for what is none."""
    return _SYMBOLS.get(layer.type_name, "")
