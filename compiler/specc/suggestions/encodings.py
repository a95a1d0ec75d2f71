"""Encodings that make one vector of all values, for an input with one value per example and no axis for it."""

from __future__ import annotations

from specc.diagnostics.problem import RuleError
from specc.ir import Node
from specc.suggestions.input_shapes import with_shape, written_shape
from specc.suggestions.look import Look

_OF_ALL = frozenset({"multi_hot", "count", "tf_idf"})


def encodings(look: Look, node: Node, error: RuleError | None) -> str | None:
    """A multi_hot encoding of an Input of shape []: it treats the batch as the values of one example."""
    for coder in look.above(node.name, {}, lambda *_: False):
        mode = getattr(coder.layer, "output_mode", None)
        if mode not in _OF_ALL or not all(len(tensor.shape) == 1 for tensor in look.given(coder)):
            continue
        found = []
        one_hot = coder.layer.model_copy(update={"output_mode": "one_hot"})
        if mode != "tf_idf" and look.sound(look.with_layer(coder, one_hot), node.name) is not None:
            found.append(f"set output_mode: one_hot on '{coder.name}'")
        found += [
            f"write {written_shape(entry, (1,))} on '{entry.name}'"
            for entry in look.inputs(coder.name)
            if look.sound(with_shape(look, entry, (1,)), node.name) is not None
        ]
        if found:
            return f"{' or '.join(found)}: {mode} makes one vector of all values of an example"
    return None


def vocabularies(look: Look, node: Node, error: RuleError | None) -> str | None:
    """A vocabulary for a lookup whose encoding has no known size without one."""
    for coder in look.above(node.name, {}, lambda *_: False):
        if not hasattr(coder.layer, "pad_to_max_tokens") or getattr(coder.layer, "vocabulary", None) is not None:
            continue
        sized = coder.layer.model_copy(update={"max_tokens": 2, "pad_to_max_tokens": True})
        if look.sound(look.with_layer(coder, sized), node.name) is not None:
            return f"give '{coder.name}' a vocabulary: without one the size of its encoding is not known"
    return None
