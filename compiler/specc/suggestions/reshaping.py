"""Too many or too few axes: a Flatten too early, or a Reshape that turns an image into a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref
from specc.layers.base import Layer
from specc.layers.pooling import GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D
from specc.layers.reshaping import Flatten, Reshape
from specc.suggestions.look import Inputs, Look, inserted_after

POOLINGS: dict[int, type[Layer]] = {3: GlobalAveragePooling1D, 4: GlobalAveragePooling2D, 5: GlobalAveragePooling3D}
"""Layers that remove the positions of a tensor with that many axes, however many there are."""


def flattened(look: Look, node: Node, error: RuleError | None) -> str | None:
    """A Flatten above a layer that needs the axes it removes."""
    if error is None or (error.surplus or 0) > 0:
        return None
    ways = look.above(node.name, {}, lambda it, _: isinstance(it.layer, Flatten))
    flatten = next((it for it in ways if isinstance(it.layer, Flatten)), None)
    if flatten is None:
        return None
    (source,) = flatten.refs()
    change = {
        it.name: it._replace(inputs=_instead(it.inputs, Ref(flatten.name), source))
        for it in look.graph.nodes.values()
        if Ref(flatten.name) in it.refs()
    }
    name = flatten.own_name
    changes = [(f"remove the Flatten before it ('{name}')", change)] if error.surplus else []
    tensor = look.tensor(source)
    pooling = POOLINGS.get(len(tensor.shape)) if tensor is not None else None
    if not error.surplus and tensor is not None and None in tensor.shape[1:-1] and pooling is not None:
        words = f"write {pooling.__name__} instead of the Flatten ('{name}'), or give the sizes numbers in the Input's shape"
        changes.append((words, look.with_layer(flatten, pooling())))
    if (layer := _rows(look, source)) is not None:
        words = f"write {{type: Reshape, target_shape: {list(layer.target_shape)}}} instead of the Flatten ('{name}'): then each row is a step"
        changes.append((words, look.with_layer(flatten, layer)))
    return look.first_sound(changes, node.name)


def _instead(inputs: Mapping[str, Ref | tuple[Ref, ...]], old: Ref, new: Ref) -> Inputs:
    return {
        name: (new if value == old else value)
        if isinstance(value, Ref)
        else tuple(new if ref == old else ref for ref in value)
        for name, value in inputs.items()
    }


def as_sequence(look: Look, node: Node, error: RuleError | None) -> str | None:
    """A Reshape that makes the rows of an image the steps of a sequence."""
    if error is None or error.surplus != 1 or len(set(node.refs())) != 1:
        return None
    ref = node.refs()[0]
    layer = _rows(look, ref)
    if layer is None:
        return None
    words = f"put {{type: Reshape, target_shape: {list(layer.target_shape)}}} before it: then each row is a step"
    return look.first_sound([(words, inserted_after(ref, layer, [node]))], node.name)


def _rows(look: Look, ref: Ref) -> Reshape | None:
    """The Reshape that turns an image's rows into a sequence."""
    tensor = look.tensor(ref)
    sizes = [size for size in tensor.shape[1:] if size is not None] if tensor is not None else []
    if tensor is None or len(tensor.shape) != 4 or len(sizes) != 3:
        return None
    return Reshape(target_shape=(sizes[0], prod(sizes[1:])))
