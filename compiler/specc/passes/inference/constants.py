"""What depends on no Input is computed once, when the model is built: what a layer needs for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from specc.budget import LARGEST_CONSTANT, MOST_CONSTANT_BYTES
from specc.calls import Call, Callee, Weight
from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.diagnostics.problem import RuleError
from specc.dtypes import COMPLEX, STRING
from specc.ir import NestedModel, Node, TypedGraph
from specc.shapes import Tensor, show_shape
from specc.words import memory

_FROM_INPUT = "it would be computed once, when the model is built; let it take something that depends on an Input"

_INSTEAD = {"Embedding": "learned positions are a block: add include: [std/transformer], and use position_embedding"}


_SMALLER = "make it smaller, or compute it from an Input, so that it stands in memory only while the model runs"


def check_constant(
    layer: Callee,
    call: Call,
    outputs: Iterable[Tensor],
    weights: tuple[Weight, ...],
    models: Mapping[NestedModel, TypedGraph],
) -> None:
    """RuleError for a layer that takes constants only and does not give the same each time, or nothing that Keras can save."""
    if weights:
        raise RuleError(
            f"has weights ({weights[0].name}), and takes constants only: Keras would never train them",
            code="constant-input",
            help=_INSTEAD.get(layer.type_name, _FROM_INPUT),
            tensors=(),
        )
    random = next((inner for inner in _all_inside(layer, models) if "seed" in type(inner).model_fields), None)
    if random is not None:
        which = "is random" if random is layer else f"has a random {random.type_name} inside"
        raise RuleError(f"{which}, and takes constants only", code="constant-input", help=_FROM_INPUT, tensors=())
    _check_size(layer, call, outputs, models)
    for tensor in outputs:
        unlike = [
            word
            for word, has in (("sparse", tensor.sparse), ("ragged", tensor.ragged), ("masked", tensor.mask is not None))
            if has
        ]
        if tensor.dtype in COMPLEX | STRING:
            unlike.append(tensor.dtype)
        if unlike:
            raise RuleError(
                f"gives a constant that is {' and '.join(unlike)}, which Keras cannot save",
                code="constant-input",
                help="let it take something that depends on an Input",
                tensors=(),
            )


def _check_size(layer: Callee, call: Call, outputs: Iterable[Tensor], models: Mapping[NestedModel, TypedGraph]) -> None:
    """RuleError for a constant that is too large, or that takes too much memory while it is computed."""
    for tensor in outputs:
        if tensor.bytes is None:
            raise RuleError(
                f"gives a constant of {show_shape(tensor.shape)}, whose size is known only once it is computed",
                code="constant-input",
                help="write it as a list of numbers, or compute it from an Input",
                tensors=(),
            )
    largest = max(outputs, key=lambda tensor: tensor.bytes or 0)
    _need_small(largest.bytes or 0, f"gives a constant of {show_shape(largest.shape)} {largest.dtype}")
    inside = [models[it] for it in layer.with_inner() if isinstance(it, NestedModel) and it in models]
    needed = sum(tensor.bytes or 0 for model in inside for tensors in model.tensors.values() for tensor in tensors)
    _need_small(max(needed, layer.scratch(call)), "computes a constant")


def _need_small(size: int, what: str) -> None:
    if size > LARGEST_CONSTANT:
        message = f"{what}, which takes {memory(size)}; a constant has at most {memory(LARGEST_CONSTANT)}"
        raise RuleError(message, code="too-large", help=_SMALLER, tensors=())


def check_all_constants(graph: TypedGraph, report: Report) -> None:
    """Report constants that are too large together, at the largest of them."""
    if graph.constant_bytes <= MOST_CONSTANT_BYTES:
        return
    sizes = {name: _bytes_at(graph, node) for name, node in graph.nodes.items()}
    largest = graph.nodes[max(sizes, key=lambda name: sizes[name])]
    together, most, own = map(memory, (graph.constant_bytes, MOST_CONSTANT_BYTES, sizes[largest.name]))
    message = f"the constants of the model take {together} together, and at most {most} are allowed"
    help = f"'{largest.name}' alone takes {own}: {_SMALLER}"
    report.error("too-large", message, largest.origin.place, help=help, related=through(largest.origin.frames))


def _bytes_at(graph: TypedGraph, node: Node) -> int:
    """The bytes of a constant, and of those in the nested models of a layer."""
    own = sum(tensor.bytes or 0 for tensor in graph.tensors[node.name]) if node.name in graph.graph.constants else 0
    inside = (it for it in node.layer.with_inner() if isinstance(it, NestedModel))
    return own + sum(graph.models[it].constant_bytes for it in inside)


def _all_inside(layer: Callee, models: Mapping[NestedModel, TypedGraph]) -> Iterator[Callee]:
    """A layer and those inside it, also in nested models."""
    for inner in layer.with_inner():
        yield inner
        if isinstance(inner, NestedModel) and inner in models:
            for node in models[inner].nodes.values():
                yield from _all_inside(node.layer, models[inner].models)
