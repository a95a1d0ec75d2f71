"""Shapes of Inputs with an axis too many, an axis too few, or axes in another order."""

from __future__ import annotations

from collections.abc import Iterator

from specc.calls import Callee
from specc.diagnostics.problem import RuleError
from specc.ir import NestedModel, Node
from specc.layers.core import Input
from specc.layers.reshaping import Flatten
from specc.layers.spatial import Spatial
from specc.shapes import Shape
from specc.suggestions.look import Change, Look

MOST_INPUTS = 8
"""Most Inputs above a node that are tried, the nearest first."""
MOST_CHANNELS = 4
"""Channels of an image; so short an axis is one of channels even if another is shorter."""


def batch_axis(look: Look, node: Node, error: RuleError | None) -> str | None:
    """An Input's shape that begins with the batch axis."""
    surplus = error.surplus if error is not None else None

    def changes() -> Iterator[tuple[str, Change]]:
        for entry, shape in _shapes(look, node):
            square = len(shape) == 3 and shape[0] == shape[1] is not None  # an image, for a layer that takes sequences
            known = len(shape) > 1 and (shape[0] is None or surplus == 1) and not square
            if known and not (len(shape) < 3 and shape[-1] == 1):
                said = written_shape(entry, shape[1:])
                yield f"remove the batch axis from '{entry.name}': {said}", with_shape(look, entry, shape[1:])

    return look.first_sound(changes(), node.name)


def last_axis(look: Look, node: Node, error: RuleError | None) -> str | None:
    """An Input's shape without a surplus last axis of size 1, or with a missing one."""
    surplus = error.surplus if error is not None else None

    def changes() -> Iterator[tuple[str, Change]]:
        for entry, shape in _shapes(look, node):
            if shape[-1:] == (1,) and (surplus == 1 or shape == (1,)):
                yield f"write {written_shape(entry, shape[:-1])} on '{entry.name}'", with_shape(look, entry, shape[:-1])
            elif (
                surplus == -1
                and len(shape) > 2
                and any(it.type_name.startswith("ConvLSTM") for it in node.layer.with_inner())
            ):
                steps = (None, *shape)
                said = f"a sequence has the time axis before those of its images: write {written_shape(entry, steps)}"
                yield f"{said} on '{entry.name}'", with_shape(look, entry, steps)
            elif surplus == -1:
                longer = (*shape, 1)
                why = (
                    "the last axis of an image is its channels" if len(longer) == 3 else "the last axis is the features"
                )
                yield f"{why}: write {written_shape(entry, longer)} on '{entry.name}'", with_shape(look, entry, longer)

    return look.first_sound(changes(), node.name)


def channels_first(look: Look, node: Node, error: RuleError | None) -> str | None:
    """Channels that are first in an Input's shape though the layers take them last, and the reverse."""
    spatial = [it for it in (node, *look.above(node.name, {}, lambda *_: False)) if _data_format(it.layer) is not None]
    turned = {
        name: other
        for it in spatial
        if getattr(it.layer, "data_format", None) == "channels_first"
        for name, other in look.with_layer(it, it.layer.model_copy(update={"data_format": None})).items()
    }

    def changes() -> Iterator[tuple[str, Change]]:
        for entry, shape in _shapes(look, node) if spatial else ():
            if len(shape) < 2:
                continue
            if turned:
                moved = (shape[-1], *shape[:-1])
                names = ", ".join(f"'{name}'" for name in turned)
                said = f"the channels are last in '{entry.name}': remove data_format from {names}, or write {written_shape(entry, moved)}"
                yield said, turned
            elif _may_be_channels(shape):
                moved = (*shape[1:], shape[0])
                said = f"the channels are first in '{entry.name}', but the layers take them last: write {written_shape(entry, moved)}, or set data_format: channels_first on the layers"
                yield said, with_shape(look, entry, moved)

    return look.first_sound(changes(), node.name)


def batch_sizes(look: Look, node: Node, error: RuleError | None) -> str | None:
    """Inputs with different batch sizes."""
    entries = {entry.name: entry for entry in look.inputs(node.name)}
    sizes = {name: look.tensors[name][0].shape[0] for name in entries if look.tensors[name][0].shape}
    known = {name: size for name, size in sizes.items() if size is not None}
    if len(set(known.values())) < 2:
        return None
    change: Change = {}
    for name in known:
        shape = look.tensors[name][0].shape
        change |= look.with_layer(entries[name], _input(entries[name], (next(iter(known.values())), *shape[1:])))
    if look.sound(change, node.name) is None:
        return None
    *most, last = (
        f"'{name}' ({size})" for name, size in sorted(known.items(), key=lambda it: list(look.graph.nodes).index(it[0]))
    )
    return f"give {', '.join(most)} and {last} the same batch_size, or none"


def _shapes(look: Look, node: Node) -> Iterator[tuple[Node, Shape]]:
    """The Inputs above a node that have a batch axis, each with its shape without it."""
    for entry in look.inputs(node.name)[:MOST_INPUTS]:
        if shape := look.tensors[entry.name][0].shape:
            yield entry, shape[1:]


def _data_format(layer: Callee) -> str | None:
    """Which axis a layer over images takes as the channels; None for any other layer."""
    for inner in layer.with_inner():
        if isinstance(inner, Flatten):
            continue
        if isinstance(inner, NestedModel):
            return "channels_last"
        if isinstance(inner, Spatial) or hasattr(inner, "data_format"):
            return getattr(inner, "data_format", None) or "channels_last"
    return None


def _may_be_channels(shape: Shape) -> bool:
    first, *rest = shape
    if first is None:
        return False
    return first <= MOST_CHANNELS or all(size is None or first < size for size in rest)


def with_shape(look: Look, entry: Node, shape: Shape) -> Change:
    """An Input with another shape, given without the batch axis."""
    return look.with_layer(entry, _input(entry, (*look.tensors[entry.name][0].shape[:1], *shape)))


def _input(entry: Node, shape: Shape) -> Input:
    """An Input like another, with a shape that includes the batch axis."""
    return entry.layer.model_copy(update={"shape": None, "batch_size": None, "batch_shape": shape})  # type: ignore[return-value]


def written_shape(entry: Node, shape: Shape) -> str:
    """The argument of an Input that gives its shape, as it is written."""
    assert isinstance(entry.layer, Input)
    whole = entry.layer.batch_shape
    sizes = shape if whole is None else (*whole[:1], *shape)
    listed = ", ".join("null" if size is None else str(size) for size in sizes)
    return f"{'shape' if whole is None else 'batch_shape'}: [{listed}]"
