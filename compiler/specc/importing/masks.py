"""The masks of layers, which Keras saves as operations and arguments of calls, and a spec leaves to the layers."""

from __future__ import annotations

from dataclasses import replace

from specc.archive.reading.models import ReadCall, ReadModel, sources_of

_TYPES = frozenset(
    f"ops.{name}"
    for name in [
        "any",
        "concatenate",
        "convert_to_tensor",
        "expand_dims",
        "logical_or",
        "not_equal",
        "ones_like",
        "zeros_like",
    ]
)
"""The operations that compute masks."""


def without_masks(model: ReadModel) -> ReadModel:
    """A model without what Keras adds for the masks that layers have by themselves."""
    masks = _masks(model)
    nodes = {
        name: replace(node, calls=[_without(call, masks) for call in node.calls])
        for name, node in model.nodes.items()
        if name not in masks
    }
    return replace(model, nodes=nodes)


def _masks(model: ReadModel) -> set[str]:
    """The operations whose results are nothing but masks of layers."""
    readers: dict[str, list[tuple[str, str]]] = {name: [] for name in model.nodes}
    for node in model.nodes.values():
        for call in node.calls:
            for argument, value in call.tensors.items():
                for source in sources_of(value):
                    readers[source.layer].append((node.name, argument))
    given = {source.layer for source in sources_of(model.outputs)}
    masks = {node.name for node in model.nodes.values() if node.type in _TYPES and node.name not in given}
    while True:
        others = {
            name
            for name in masks
            if any(reader not in masks and not argument.endswith("mask") for reader, argument in readers[name])
        }
        if not others:
            return masks
        masks -= others


def _without(call: ReadCall, masks: set[str]) -> ReadCall:
    """A call without the arguments that are masks."""
    kept = {
        argument: value
        for argument, value in call.tensors.items()
        if not any(source.layer in masks for source in sources_of(value))
    }
    return ReadCall(kept, call.options)
