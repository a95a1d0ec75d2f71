"""Values of a dtype that a layer cannot compute with, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from specc.diagnostics.problem import DTypeError, RuleError
from specc.ir import Node, Ref
from specc.layers.accept import kind
from specc.layers.embedding import Embedding
from specc.suggestions.look import Change, Look, inserted_after

TRIED = ("float32", "int32", "string", "bool")
"""Dtypes of an Input, the usual one first."""
VECTORS = ("multi_hot", "one_hot")
"""Output modes with which a lookup gives numbers to compute with instead of indices."""


def dtypes(look: Look, node: Node, error: RuleError | None) -> str | None:
    """Another dtype of an Input, or a layer that turns its strings, or the indices of a lookup, into numbers."""
    if error is not None and error.surplus == -1:  # indices that an Embedding would give a last axis
        return look.first_sound(_indices(look, node), node.name)
    if error is not None and error.problem.code != DTypeError.code:
        return None
    entries = look.inputs(node.name)
    text = next((it for it in entries if _dtype(look, it) == "string"), None)
    if text is not None and look.first_sound(_inputs(look, node), node.name) is not None:
        return (
            f"'{text.name}' gives strings: put a TextVectorization layer (for texts) or a StringLookup layer (for words) "
            f"after it; if it contains numbers, remove its dtype"
        )
    return look.first_sound([*_inputs(look, node), *_indices(look, node)], node.name)


def _inputs(look: Look, node: Node) -> Iterator[tuple[str, Change]]:
    for entry in look.inputs(node.name):
        for dtype in TRIED:
            if dtype != _dtype(look, entry):
                layer = entry.layer.model_copy(update={"dtype": dtype})
                yield f"write dtype: {dtype} on '{entry.name}'", look.with_layer(entry, layer)


def _indices(look: Look, node: Node) -> Iterator[tuple[str, Change]]:
    """Indices as vectors: from the layer that gives them, or from an Embedding after it."""
    for source in look.above(node.name, {}, lambda *_: False):
        found = look.tensors.get(source.name)
        if found is None or kind(found[0].dtype) != "int":
            continue
        said = f"put an Embedding layer after '{source.name}'"
        mode = getattr(source.layer, "output_mode", None)
        for vectors in VECTORS if mode == "int" else ():
            layer = source.layer.model_copy(update={"output_mode": vectors})
            yield f"{said}, or set output_mode: {vectors} on it", look.with_layer(source, layer)
        users = [node, *look.above(node.name, {}, lambda *_: False)]
        yield said, inserted_after(Ref(source.name), Embedding(input_dim=2, output_dim=2), users)


def _dtype(look: Look, entry: Node) -> str:
    return look.tensors[entry.name][0].dtype
