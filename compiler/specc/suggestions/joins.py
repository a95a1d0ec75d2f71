"""Tensors of different sizes that meet: a skip or a shortcut around layers that change height, width or channels."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from specc.arguments import per_axis
from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref
from specc.layers.base import Layer
from specc.layers.convolutional import Conv1D, Conv2D, Conv3D
from specc.layers.core import Dense
from specc.layers.merging import Dot
from specc.layers.reshaping import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from specc.suggestions.look import Change, Inputs, Look, inserted_after
from specc.words import with_article

Changes = Iterator[tuple[str, Change]]

CONVOLUTIONS: dict[int, Callable[..., Layer]] = {1: Conv1D, 2: Conv2D, 3: Conv3D}
CROPPINGS: dict[int, Callable[..., Layer]] = {1: Cropping1D, 2: Cropping2D, 3: Cropping3D}
PADDINGS: dict[int, Callable[..., Layer]] = {1: ZeroPadding1D, 2: ZeroPadding2D, 3: ZeroPadding3D}
UPSAMPLINGS: dict[int, Callable[..., Layer]] = {1: UpSampling1D, 2: UpSampling2D, 3: UpSampling3D}


@dataclass
class _Arm:
    """One of the tensors that meet."""

    ref: Ref
    sizes: tuple[int, ...]
    """Its spatial sizes."""
    channels: int | None
    own: list[Node]
    """The layers that lead to it and to none of the others, the nearest first."""
    related: bool
    """Whether some layer leads to it and to another."""
    direct: bool
    """Whether another arm starts from it: it is the skip or the shortcut itself."""


def joins(look: Look, node: Node, error: RuleError | None) -> str | None:
    """What makes the tensors that a node merges equally large: padding, strides, a projection, cropping."""
    if isinstance(node.layer, Dot):
        changes = ((f"set axes: {axes} on '{node.name}'", {"axes": axes}) for axes in (-1, 1, 2, 3))
        tried = ((said, look.with_layer(node, node.layer.model_copy(update=update))) for said, update in changes)
        return look.first_sound(tried, node.name)
    if "scores" in node.layer.port_options:  # attention joins nothing
        return None
    if (other := look.first_sound(_other_order(node), node.name)) is not None:
        return other
    if any(ref.node in look.graph.constants for ref in node.refs()):  # no layer stands after one
        return None
    arms = _arms(look, node)
    if len(arms) < 2:
        return None
    ways: tuple[Callable[[Look, Node, list[_Arm]], Changes], ...] = (
        _other_copy,
        _padding,
        _strides,
        _projection,
        _upsampling,
        _no_strides,
        _cropping,
        _axis,
    )
    if not any(arm.related for arm in arms):  # two sequences, say, and no skip
        ways = (_axis, *ways)
    return look.first_sound((found for way in ways for found in way(look, node, arms)), node.name)


def _arms(look: Look, node: Node) -> list[_Arm]:
    """What meets at a node, the shortest path to it first; none if that cannot be the cause."""
    refs = list(dict.fromkeys(node.refs()))
    tensors = {ref: look.tensors[ref.node][ref.port] for ref in refs if ref.node in look.tensors}
    ranks = {len(tensor.shape) for tensor in tensors.values()}
    if len(tensors) != len(refs) or len(refs) < 2 or len(ranks) != 1 or not 2 <= ranks.pop() <= 5:
        return []
    above = {ref: [look.graph.nodes[ref.node], *look.above(ref.node, {}, lambda *_: False)] for ref in refs}
    names = {ref: {it.name for it in nodes} for ref, nodes in above.items()}
    arms = []
    for ref, tensor in tensors.items():
        sizes = tuple(size for size in tensor.shape[1:-1] if size is not None)
        if len(sizes) < len(tensor.shape) - 2:
            return []
        others = [names[other] for other in refs if other != ref]
        own = [it for it in above[ref] if not any(it.name in other for other in others)]
        related = len(own) < len(above[ref])
        arms.append(_Arm(ref, sizes, tensor.shape[-1], own, related, any(ref.node in other for other in others)))
    return sorted(arms, key=lambda arm: len(arm.own))


def _other_order(node: Node) -> Changes:
    """A sum the other way round, which Keras may add along other axes."""
    if node.type != "ops.add" or len(node.inputs) != 2:
        return
    (first, one), (second, other) = node.inputs.items()
    said = "give the two in the other order"
    if node.formula is not None and node.formula.name == node.name:
        tree = ast.parse(node.formula.text, mode="eval").body
        if isinstance(tree, ast.BinOp):
            said = f"write {ast.unparse(ast.BinOp(tree.right, tree.op, tree.left))}"
    yield said, {node.name: node._replace(inputs={first: other, second: one})}


# -- Other tensors -------------------------------------------------------------------------------


def _other_copy(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """Another copy's tensor, if each of several copies takes the same one."""
    graph = look.graph
    copied = next((it for it in graph.way_to(node) if it.copy is not None and it.copy.index), None)
    if copied is None or copied.copy is None:
        return
    index = copied.copy.index
    first = graph.nodes.get(graph.in_copy(node.name, copied, 0) or "")
    for arm in arms:
        if first is None or arm.ref not in first.refs():
            continue
        source = graph.nodes[arm.ref.node]
        taken = next((it for it in graph.way_to(source) if it.copy is not None), None)
        if taken is None or taken.copy is None or taken.copy.item is None:
            continue
        for number, sign in ((taken.copy.index - index, "-"), (taken.copy.index + index, "+")):
            name = graph.in_copy(source.name, taken, number)
            if name is None or name not in graph.nodes:
                continue
            other = Ref(name, arm.ref.port)
            inputs: Inputs = {
                argument: (other if value == arm.ref else value)
                if isinstance(value, Ref)
                else tuple(other if it == arm.ref else it for it in value)
                for argument, value in node.inputs.items()
            }
            said = f"'{other.node}' fits, and every copy takes '{arm.ref.node}': to follow the copies, write"
            written = f"{taken.copy.item}_$({taken.copy.index + 1} {sign} index)"
            yield f"{said} {written}", {node.name: node._replace(inputs=inputs)}


# -- Arguments of layers that are there ----------------------------------------------------------


def _padding(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """``padding: same`` on one layer, on all of one arm, or on all."""
    valid = [[it for it in arm.own if getattr(it.layer, "padding", None) == "valid"] for arm in arms]
    groups = [[it] for own in valid for it in own]
    groups += [own for own in valid if len(own) > 1]
    groups.append([it for own in valid for it in own])
    for group in groups:
        change: Change = {}
        for it in group:
            change |= look.with_layer(it, it.layer.model_copy(update={"padding": "same"}))
        if group:
            yield f"set padding: same on {_and(it.name for it in group)}", change


def _strides(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """Strides for one convolution, so that its arm gets as small as the others."""
    step = _ratio(arms)
    return _with_strides(look, arms, step, True) if step is not None else iter(())


def _no_strides(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """One convolution without its strides, so that its arm stays as large as the others."""
    return _with_strides(look, arms, 1, False)


def _with_strides(look: Look, arms: list[_Arm], wanted: int, without: bool) -> Changes:
    """Other strides for each layer that has them, or does not."""
    for it in (it for arm in arms for it in arm.own):
        strides = getattr(it.layer, "strides", None)
        if strides is not None and (set(per_axis(strides, 1)) == {1}) == without:
            layer = it.layer.model_copy(update={"strides": wanted})
            yield f"set strides: {wanted} on '{it.name}'", look.with_layer(it, layer)


# -- Layers to put after one arm -----------------------------------------------------------------


def _projection(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """A convolution with a kernel of 1 on the shortcut, if all sizes must be equal."""
    if hasattr(node.layer, "axis"):  # it joins them along that axis
        return
    rank = len(arms[0].sizes)
    for arm in sorted(arms, key=lambda it: not it.direct):
        for other in arms:
            if other.channels is None or (other.channels == arm.channels and other.sizes == arm.sizes):
                continue
            step = _ratio([arm, other]) if other.sizes != arm.sizes else 1
            if step is None or any(size < wanted for size, wanted in zip(arm.sizes, other.sizes, strict=True)):
                continue
            if rank == 0:
                layer: Layer = Dense(units=other.channels)
                said = f"a Dense layer with units: {other.channels}"
            else:
                layer = CONVOLUTIONS[rank](filters=other.channels, kernel_size=1, strides=step, padding="same")
                said = f"a {layer.type_name} with filters: {other.channels}"
                said += f", kernel_size: 1, strides: {step} and padding: same" if step > 1 else " and kernel_size: 1"
            where = "on the shortcut, " if arm.direct else ""
            yield f"put {said} {where}after '{arm.ref.node}'", inserted_after(arm.ref, layer, [node])


def _upsampling(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """The smaller arm, enlarged by a whole number."""
    rank = len(arms[0].sizes)
    step = _ratio(arms)
    if rank == 0 or step is None:
        return
    smallest = min(arms, key=lambda arm: arm.sizes)
    layer = UPSAMPLINGS[rank](size=step)
    yield (
        f"put {with_article(layer.type_name)} with size: {step} after '{smallest.ref.node}'",
        inserted_after(smallest.ref, layer, [node]),
    )


def _axis(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """A concatenation along the one axis on which the tensors differ."""
    differ = [at for at, sizes in enumerate(zip(*(arm.sizes for arm in arms), strict=True), 1) if len(set(sizes)) > 1]
    if hasattr(node.layer, "axis") and len(differ) == 1 and len({arm.channels for arm in arms}) == 1:
        layer = node.layer.model_copy(update={"axis": differ[0]})
        yield f"set axis: {differ[0]} on '{node.name}', to join them there", look.with_layer(node, layer)


def _cropping(look: Look, node: Node, arms: list[_Arm]) -> Changes:
    """The larger arms cropped to the smallest, or the smaller ones padded to the largest."""
    rank = len(arms[0].sizes)
    if rank == 0:
        return
    axis = getattr(node.layer, "axis", None)
    joined = None if not isinstance(axis, int) else (axis if axis > 0 else axis + rank + 2) - 1
    least, most = (
        tuple(pick(sizes) for sizes in zip(*(arm.sizes for arm in arms), strict=True)) for pick in (min, max)
    )
    for kinds, argument, goal in ((CROPPINGS, "cropping", least), (PADDINGS, "padding", most)):
        change: Change = {}
        told = []
        user = node
        for arm in arms:
            by = [0 if at == joined else abs(size - goal[at]) for at, size in enumerate(arm.sizes)]
            if not any(by):
                continue
            pairs = tuple((number - number // 2, number // 2) for number in by)
            layer = kinds[rank](**{argument: pairs[0] if rank == 1 else pairs})
            change |= inserted_after(arm.ref, layer, [user])
            user = change[node.name]
            written = [list(pair) for pair in pairs]
            told.append(
                f"{with_article(layer.type_name)} with {argument}: {written[0] if rank == 1 else written} after '{arm.ref.node}'"
            )
        if told:
            yield f"put {' and '.join(told)}", change


def _ratio(arms: list[_Arm]) -> int | None:
    """How many times larger the largest arm is, on every axis on which they differ; None if not a whole number."""
    found = {-(-max(sizes) // min(sizes)) for sizes in zip(*(arm.sizes for arm in arms), strict=True)} - {1}
    return found.pop() if len(found) == 1 else None


def _and(names: Iterable[str]) -> str:
    *most, last = (f"'{name}'" for name in names)
    return f"{', '.join(most)} and {last}" if most else last
