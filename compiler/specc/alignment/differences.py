"""What differs between two layers that are the same one, and between two models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from specc.alignment.labels import Side, arguments, kind
from specc.alignment.result import Change
from specc.alignment.wiring import Wiring
from specc.arguments import Arguments
from specc.ir import NestedModel, Node, Ref
from specc.shapes import Tensor


def differences(old: Side, new: Side, before: Node, after: Node, wiring: Wiring) -> Iterator[Change]:
    """What differs between a layer of the old graph and the same one of the new graph, causes first."""
    if kind(before.layer) != kind(after.layer):
        yield Change("type", "", before.type, after.type)
    if old.content[before.name] != new.content[after.name] and not isinstance(after.layer, NestedModel):
        if before.type == after.type == "Input":
            yield from _input_differences(old.graph.tensors[before.name][0], new.graph.tensors[after.name][0])
        else:
            for name, was, now in _values(old, new, arguments(before.layer), arguments(after.layer)):
                yield Change("argument", name, was, now)
    for name, was, now in _values(old, new, before.options, after.options, missing=None):
        yield Change("call", name, was, now)
    if wiring.rewired(before, after):
        yield Change("inputs", "", *_inputs_in_words(wiring, before, after))
    yield from _consequences(old, new, before, after)


def model_differences(old: Side, new: Side, wiring: Wiring) -> Iterator[Change]:
    """What differs between the models as such: what they give, their dtype policy, how they are trained."""
    if not wiring.same(old.outputs, new.outputs):
        named = [tuple(output.name for output in side.graph.graph.outputs) for side in (old, new)]
        yield Change("outputs", "", *named)
    before, after = old.graph.graph, new.graph.graph
    if before.dtype_policy != after.dtype_policy:
        yield Change("dtype_policy", "", before.dtype_policy, after.dtype_policy)
    if before.training is None or after.training is None:
        if before.training is not after.training:
            yield Change("compile", "", before.training, after.training)
        return
    trained = [arguments(it) for it in (before.training, after.training)]
    renamed = {was.name: now.name for was, now in zip(before.outputs, after.outputs, strict=False)}
    for name, value in trained[0].items():
        if isinstance(value, Mapping):  # losses and metrics by output
            trained[0][name] = {renamed.get(key, key): it for key, it in value.items()}
    for name, was, now in _values(old, new, *trained):
        yield Change("compile", name, was, now)


def _input_differences(before: Tensor, after: Tensor) -> Iterator[Change]:
    """An Input's arguments can be written in several ways: its tensor decides."""
    for name in ("shape", "dtype", "sparse", "ragged"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change("argument", name, was, now)


def _values(
    old: Side, new: Side, before: Mapping[str, Any], after: Mapping[str, Any], **missing: None
) -> Iterator[tuple[str, Any, Any]]:
    """The names that have two values, with both; of objects of one class, the arguments that differ.

    A name that only one has is left out, unless it is to have the value ``missing``.
    """
    names = dict.fromkeys([*before, *after]) if missing else [name for name in before if name in after]
    for name in names:
        was, now = before.get(name), after.get(name)
        if old.labels.plain(was, old.graph) == new.labels.plain(now, new.graph):
            continue
        if isinstance(was, Arguments) and isinstance(now, type(was)) and not isinstance(was, NestedModel):
            for inner, *values in _values(old, new, arguments(was), arguments(now)):
                yield f"{name}.{inner}", values[0], values[1]
        else:
            yield name, was, now


def _inputs_in_words(wiring: Wiring, before: Node, after: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a layer reads, before and after, by the names in the new graph."""
    old = tuple(_name(wiring.old, ref, wiring.moved(ref).node) for _, ref in wiring.old.inputs[before.name])
    return old, tuple(_name(wiring.new, ref, ref.node) for _, ref in wiring.new.inputs[after.name])


def _name(side: Side, ref: Ref, name: str) -> str:
    """What a reference is in a spec: "encoder", or "encoder.state" for a port."""
    node = side.nodes[ref.node]
    ports = node.layer.ports(node.options)
    return name if len(ports) == 1 or ref.port == 0 else f"{name}.{ports[ref.port]}"


def _consequences(old: Side, new: Side, before: Node, after: Node) -> Iterator[Change]:
    given = old.graph.tensors[before.name], new.graph.tensors[after.name]
    if before.type != "Input":
        shapes = [_one_or_all([tensor.shape for tensor in it]) for it in given]
        if shapes[0] != shapes[1]:
            yield Change("shape", "", *shapes)
        dtypes = [_one_or_all([tensor.dtype for tensor in it]) for it in given]
        if dtypes[0] != dtypes[1]:
            yield Change("dtype", "", *dtypes)
    frozen = [_is_frozen(side, node) for side, node in ((old, before), (new, after))]
    if frozen[0] != frozen[1]:
        yield Change("frozen", "", *frozen)
    params = old.graph.node_params(before.name), new.graph.node_params(after.name)
    if params[0] != params[1]:
        yield Change("parameters", "", *params)


def _one_or_all(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)


def _is_frozen(side: Side, node: Node) -> bool:
    weights = side.graph.weights[node.name]
    return bool(weights) and not any(weight.trainable for weight in weights)
