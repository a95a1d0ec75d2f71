"""Layers that look up integers and have too few rows for them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from specc.calls import Callee
from specc.diagnostics import Related, Report
from specc.ir import NestedModel, Node, Ref, TypedGraph
from specc.layers import FAMILIES
from specc.passes.advice.walking import node_label, warn
from specc.shapes import Dim
from specc.source import Path

_COMPUTES_ANEW = re.compile("UpSampling|.*Average|Gaussian|Alpha")
"""Layers that change values, unlike those that only move, cut or drop them."""
HANDS_ON = frozenset(
    {
        "Identity", "Masking", "ReLU", "Concatenate", "Maximum",
        *(
            name
            for family in ("reshaping", "pooling", "regularization")
            for name in FAMILIES[family]
            if not _COMPUTES_ANEW.match(name)
        ),
        "ops.reshape", "ops.ravel", "ops.transpose", "ops.expand_dims", "ops.squeeze", "ops.swapaxes",
        "ops.moveaxis", "ops.flip", "ops.roll", "ops.rot90", "ops.repeat", "ops.tile", "ops.broadcast_to",
        "ops.copy", "ops.stop_gradient", "ops.cast", "ops.saturate_cast", "ops.relu", "ops.max", "ops.amax",
        "ops.diagonal", "ops.tril", "ops.triu", "ops.concatenate", "ops.hstack", "ops.vstack", "ops.stack",
        "ops.split", "ops.unstack", "ops.get_item", "ops.slice", "ops.take_along_axis", "ops.sort",
        "ops.maximum", "ops.max_pool",
    }
)  # fmt: skip
"""Layers whose output can have any of the values of their inputs."""


_COUNTS = frozenset(
    {
        *FAMILIES["lookup"],
        "Hashing",
        "HashedCrossing",
        "Discretization",
        "ops.argmax",
        "ops.argmin",
        "ops.argsort",
        "ops.top_k",
    }
)
"""Layers that give integers from 0 on."""
_ROWS = {
    "Embedding": "input_dim",
    "ReversibleEmbedding": "input_dim",
    "CategoryEncoding": "num_tokens",
    "ops.one_hot": "num_classes",
}
"""Layers with a row for each integer, and the argument that says how many. They go by name, since a spec that does not
use the layers should not spend time on importing their classes; likewise in the other rules."""


class Range(NamedTuple):
    """Integers from 0, how many, and the node that gives them."""

    size: int
    source: Node


def fits_its_table(graph: TypedGraph, report: Report) -> None:
    """An embedding or an encoding has a row for each integer that a lookup, a hash or the like before it can give."""
    if graph.kinds & _COUNTS and graph.kinds & _ROWS.keys():
        _follow(graph, {}, report)


def _follow(graph: TypedGraph, inputs: dict[str, Range], report: Report) -> dict[Ref, Range]:
    """The ranges of a graph's tensors, from those of its inputs; tables that are too small are reported."""
    ranges = {Ref(name): found for name, found in inputs.items()}
    for name in graph.order:
        node = graph.nodes[name]
        layer = node.layer.layer if node.type == "TimeDistributed" else node.layer  # type: ignore[attr-defined]
        count = _count(graph, node, layer)
        if count is not None:
            port = 1 if node.type == "ops.top_k" else 0
            ranges[Ref(name, port)] = Range(count, node)
            continue
        if not ranges:
            continue
        given = [ranges[ref] for ref in node.refs() if ref in ranges]
        if not given:
            continue
        most = max(given, key=lambda it: it.size)
        table = _table(layer, node)
        if table is not None and table[1] < most.size:
            _warn(node, layer, *table, most, report)
        elif isinstance(layer, NestedModel):
            by_input = {
                input: ranges[ref] for input, ref in zip(layer.graph.inputs, node.refs(), strict=False) if ref in ranges
            }
            inside = _follow(graph.models[layer], by_input, report)
            for port, output in enumerate(layer.graph.outputs):
                if output.ref in inside:
                    ranges[Ref(name, port)] = inside[output.ref]
        elif layer.type_name in HANDS_ON:
            for port in range(len(graph.tensors[name])):
                ranges[Ref(name, port)] = most
    return ranges


def _count(graph: TypedGraph, node: Node, layer: Any) -> Dim:
    """How many integers, from 0, a layer gives; None for a layer that gives others, or if that is not known."""
    kind = layer.type_name
    if kind == "TextVectorization":
        layer, kind = layer.lookup, "StringLookup"
    if kind in ("StringLookup", "IntegerLookup"):
        if layer.output_mode != "int" or layer.invert:
            return None
        if layer.vocabulary is None:
            known: Dim = layer.vocabulary_size or layer.max_tokens
            return known
        size: Dim = layer.model_copy(update={"pad_to_max_tokens": False}).depth
        return size
    if kind in ("Hashing", "HashedCrossing", "Discretization"):
        if layer.output_mode != "int":
            return None
        bounds = getattr(layer, "bin_boundaries", None)
        return layer.num_bins if bounds is None else len(bounds) + 1
    if kind in ("ops.argmax", "ops.argmin", "ops.argsort", "ops.top_k"):
        shape = graph.tensor(node.refs()[0]).shape
        axis = getattr(layer, "axis", -1)
        return shape[axis] if axis is not None and shape else None
    return None


def _table(layer: Callee, node: Node) -> tuple[str, int] | None:
    """The argument that says how many integers a layer has a row for, and its value."""
    argument = _ROWS.get(layer.type_name)
    if argument is None or node.options.get("reverse"):
        return None
    rows = getattr(layer, argument)
    return None if rows is None else (argument, rows)


def _warn(node: Node, layer: Callee, argument: str, rows: int, given: Range, report: Report) -> None:
    path: Path = (argument,) if layer is node.layer else ("layer", argument)
    what = "predict and fit fail on a CPU at" if argument == "input_dim" else "it gives zeros for"
    warn(
        "index-out-of-range",
        node,
        report,
        f"{node_label(node)} has {argument} {rows}, and '{given.source.name}' gives integers from 0 to {given.size - 1}: "
        f"{what} {rows} and above",
        path,
        f"set {argument} to {given.size}",
        [Related(f"gives 0 to {given.size - 1}", given.source.origin.place)],
    )
