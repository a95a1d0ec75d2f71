"""A look at a sound graph, as suggestions have it of a wrong one."""

from __future__ import annotations

from specc.calls import Policy
from specc.ir import TypedGraph
from specc.passes.inference.infer import Inference
from specc.suggestions.look import Look


def look(graph: TypedGraph) -> Look:
    """A sound graph, to try changes of it."""
    inference = Inference(graph.graph, Policy.named(graph.graph.dtype_policy))
    inference.tensors, inference.weights = graph.tensors, graph.weights
    return Look(graph.graph, graph.tensors, inference.attempt)
