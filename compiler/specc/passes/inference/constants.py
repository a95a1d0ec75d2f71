"""What depends on no Input is computed once, when the model is built: what a layer needs for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from specc.calls import Callee, Weight
from specc.diagnostics.problem import RuleError
from specc.dtypes import COMPLEX, STRING
from specc.ir import NestedModel, TypedGraph
from specc.shapes import Tensor

_FROM_INPUT = "it would be computed once, when the model is built; let it take something that depends on an Input"

_INSTEAD = {"Embedding": "learned positions are a block: add include: [std/transformer], and use position_embedding"}


def check_constant(
    layer: Callee,
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


def _all_inside(layer: Callee, models: Mapping[NestedModel, TypedGraph]) -> Iterator[Callee]:
    """A layer and those inside it, also in nested models."""
    for inner in layer.with_inner():
        yield inner
        if isinstance(inner, NestedModel) and inner in models:
            for node in models[inner].nodes.values():
                yield from _all_inside(node.layer, models[inner].models)
