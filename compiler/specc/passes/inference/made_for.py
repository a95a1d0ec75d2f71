"""Whether what is called again has the sizes that values inside it were computed from, by ``shape(...)``."""

from __future__ import annotations

from collections.abc import Mapping

from specc.diagnostics.problem import ShapeError
from specc.ir import Graph, MadeFor
from specc.shapes import Tensor


class OtherSizeError(ShapeError):
    """A further call of a nested model or a block instance has other sizes than the first."""

    def __init__(self, made: MadeFor, size: int | None) -> None:
        has = "an unknown size" if size is None else size
        super().__init__(
            f"was made for {made.size} on axis {made.axis} of '{made.said}', and has {has} there in this call",
            help="make a separate one for each size, without 'share'",
            places=((f"a value is computed from shape({made.said})", made.place),),
        )


def check_made_for(graph: Graph, tensors: Mapping[str, tuple[Tensor, ...]]) -> None:
    """OtherSizeError for a call of a nested model with other sizes than it was made for, as far as they are known."""
    for made in graph.made_for:
        if made.instance is None:
            check_size(made, tensors)


def check_size(made: MadeFor, tensors: Mapping[str, tuple[Tensor, ...]]) -> None:
    """OtherSizeError if a tensor is known and does not have the size."""
    given = tensors.get(made.ref.node)
    if given is None:
        return
    shape = given[made.ref.port].shape
    size = shape[made.axis] if made.axis < len(shape) else None
    if size != made.size:
        raise OtherSizeError(made, size)
