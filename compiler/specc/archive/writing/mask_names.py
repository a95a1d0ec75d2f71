"""The automatic names that Keras gives to operations, which no layer may have."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from specc.ir import TypedGraph
from specc.operations.base import Operation

_MASK_OPERATIONS = ("any", "concatenate", "expand_dims", "logical_or", "not_equal", "ones_like", "zeros_like")
"""Keras's automatic names for the operations that compute masks, which become part of a model."""
_OTHER_NAMES = {
    "abs": "absolute", "allclose": "all_close", "batch_normalization": "batch_norm", "cdist": "c_dist", "conj": "conjugate",
    "extract_patches_3d": "extract_patches", "layer_normalization": "layer_norm", "rms_normalization": "rms_norm",
    "searchsorted": "search_sorted",
}  # fmt: skip
"""Keras's automatic names for operations that have others than their functions."""
_LARGEST_COUNT = 1000


def names_before_masks(graph: TypedGraph) -> dict[str, int]:
    """How many automatic names Keras must skip so that no operation of a mask has the name of a layer.

    For the layers ``any`` and ``concatenate_1``: 1 of "any", 2 of "concatenate".
    """
    return _names_before(_of_masks(graph), graph.nodes)


def names_before_operations(graphs: Iterable[TypedGraph]) -> dict[str, int]:
    """How many names Keras must skip so that no operation of any graph, or of a mask, has the name of a layer or an output."""
    operations: set[str] = set()
    names: set[str] = set()
    for graph in graphs:
        operations |= {*_of_operations(graph), *_of_masks(graph)}
        names |= {name for name, node in graph.nodes.items() if not isinstance(node.layer, Operation)}
        names |= {output.ref.node for output in graph.graph.outputs}
    return _names_before(operations, sorted(names))


def _of_masks(graph: TypedGraph) -> tuple[str, ...]:
    has_mask = any(tensor.mask is not None for tensors in graph.tensors.values() for tensor in tensors)
    return _MASK_OPERATIONS if has_mask else ()


def _of_operations(graph: TypedGraph) -> Iterator[str]:
    for node in graph.nodes.values():
        if isinstance(node.layer, Operation):
            name = node.layer.function.rpartition(".")[2]
            yield _OTHER_NAMES.get(name, name)


def _names_before(operations: Container[str], names: Iterable[str]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for name in names:
        base, _, number = name.rpartition("_")
        if name in operations:
            base, number = name, "0"
        if base in operations and number.isdecimal() and len(number) < 5 and int(number) < _LARGEST_COUNT:
            wanted[base] = max(wanted.get(base, 0), int(number) + 1)
    return wanted
