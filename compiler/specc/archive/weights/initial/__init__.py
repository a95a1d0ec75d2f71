"""The weights that a new model begins with, without Keras: what its initializers give, and the seeds that they have.

The numbers are those that ``specc.build(spec, seed=...)`` gives for the same seed. Without a seed they have the same
distributions, and come from numpy's own generator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from specc.archive.weights.initial.initializers import Block, LeftToKeras, blocks
from specc.archive.weights.initial.philox import numpy_dtype
from specc.archive.weights.initial.seeds import Beginning, beginnings, drawing
from specc.calls import Weight
from specc.ir import TypedGraph

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Beginning", "Block", "LeftToKeras", "Start", "initial"]


class Start(NamedTuple):
    """A weight of a graph, and what it begins with."""

    node: str
    place: int
    """Its place in ``graph.weights[node]``, which is that in Keras's ``layer.weights``."""
    weight: Weight
    beginning: Beginning

    @property
    def dtype(self) -> np.dtype[Any]:
        """numpy's dtype of its numbers, and of its dataset."""
        return numpy_dtype(self.weight.dtype)

    @property
    def attributes(self) -> dict[str, str]:
        """What Keras says of its dataset: HDF5 stores bfloat16 as bytes of which it knows nothing."""
        return {"dtype": "bfloat16"} if self.weight.dtype == "bfloat16" else {}

    def blocks(self) -> Iterator[Block]:
        """Its numbers, made as they are asked for, a few megabytes at a time: ``dataset[block.where] = block.numbers``."""
        shape, dtype = self.weight.shape, self.weight.dtype
        return blocks(shape, dtype, self.beginning.numbers(shape, dtype))


def initial(graph: TypedGraph, seed: int | None = None) -> Iterator[Start]:
    """All weights of a graph, in its order. LeftToKeras if it has a layer or an initializer of a plugin."""
    for node, its in beginnings(graph, drawing(seed)).items():
        for place, (weight, beginning) in enumerate(zip(graph.weights[node], its, strict=True)):
            yield Start(node, place, weight, beginning)
