"""What a layer is drawn as: its family, which its form and colour tell, and the sign of a merge."""

from __future__ import annotations

from typing import Literal

from specc.calls import Callee

Family = Literal["input", "output", "conv", "pool", "dense", "norm", "merge", "sequence", "constant", "other"]

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
    "operations.flipping": "pool",
    "operations.pooling": "pool",
    "operations.patches": "pool",
    "operations.image": "pool",
    "operations.warping": "pool",
    "operations.convolution": "conv",
    "operations.normalization": "norm",
    "operations.attention": "sequence",
}
"""By the module that holds the class."""
_DENSE = ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
_SYMBOLS = {
    "Add": "+",
    "ops.add": "+",
    "Multiply": "\N{MULTIPLICATION SIGN}",
    "ops.multiply": "\N{MULTIPLICATION SIGN}",
    "Concatenate": "\N{PARALLEL TO}",
    "ops.concatenate": "\N{PARALLEL TO}",
    "Average": "Ø",
    "Dot": "·",
    "Maximum": "\N{LOGICAL OR}",
    "ops.maximum": "\N{LOGICAL OR}",
    "Minimum": "\N{LOGICAL AND}",
    "ops.minimum": "\N{LOGICAL AND}",
}
"""Signs of merges without names at their arrows: a circle has no room for names."""
_MERGES = (
    *_SYMBOLS,
    "Subtract",
    "ops.subtract",
    "ops.divide",
    "ops.true_divide",
    "ops.stack",
    "ops.append",
    "ops.hstack",
    "ops.vstack",
    "ops.dstack",
)


def family(layer: Callee) -> Family:
    """The family of a layer; of a wrapper, that of the layer inside."""
    inner = getattr(layer, "layer", None)
    if isinstance(inner, Callee):
        return family(inner)
    if layer.type_name in _DENSE:
        return "dense"
    return _BY_MODULE.get(".".join(type(layer).__module__.split(".")[-2:]), "other")


def is_merge(layer: Callee) -> bool:
    """Whether a layer that reads several tensors puts them together."""
    return layer.type_name in _MERGES


def symbol(layer: Callee) -> str:
    """The sign of a merge; empty for one that has none."""
    return _SYMBOLS.get(layer.type_name, "")
