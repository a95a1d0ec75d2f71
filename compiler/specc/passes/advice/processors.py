"""What TensorFlow computes on some processors only, whatever layer asks for it."""

from __future__ import annotations

from specc.calls import Callee
from specc.diagnostics import Report
from specc.ir import TypedGraph
from specc.layers.base import Layer
from specc.passes.advice.constant import activation_name
from specc.passes.advice.walking import calls_of, node_label, warn
from specc.shapes import show_shape

MOST_AXES = 5
"""Axes of a tensor that oneDNN computes a softmax of."""


def softmax_runs_on_a_cpu(graph: TypedGraph, report: Report) -> None:
    """A softmax over one axis has at most five axes: oneDNN, which TensorFlow uses on a CPU, supports no more."""
    for typed, node in calls_of(graph, _computes_softmax):
        output = typed.tensors[node.name][0]
        of_scores = node.type == "MultiHeadAttention"
        axes = len(output.shape) + of_scores  # scores have one for the heads
        if axes <= MOST_AXES or output.dtype == "float64":
            continue
        got = f"scores of {axes}" if of_scores else show_shape(output.shape)
        message = f"{node_label(node)} cannot run on a CPU with oneDNN, whose softmax takes at most {MOST_AXES} axes, got {got}"
        help = "put a Reshape to fewer axes before it, or set TF_ENABLE_ONEDNN_OPTS=0 where the model runs"
        warn("needs-gpu", node, report, message, (), help)


def float8_trains_in_a_graph(graph: TypedGraph, report: Report) -> None:
    """Keras's gradients of float8 work in a traced step only, not in ``compile: {run_eagerly: true}``."""
    if graph.graph.training is None or not graph.graph.training.run_eagerly:
        return
    for _, node in calls_of(graph, _is_of_float8):
        message = f"{node_label(node)} cannot train in float8 with run_eagerly"
        warn("cannot-train", node, report, message, ("dtype",), "remove run_eagerly from compile")


def _is_of_float8(layer: Callee) -> bool:
    return isinstance(layer, Layer) and layer.dtype is not None and layer.dtype.startswith("float8")


def _computes_softmax(layer: Callee) -> bool:
    """Whether a layer computes a softmax over one axis; Keras itself computes one over several axes."""
    if layer.type_name == "MultiHeadAttention":
        axes = getattr(layer, "attention_axes", None)
        return isinstance(axes, int) or (axes is not None and len(axes) == 1)
    if layer.type_name in ("Softmax", "ops.softmax"):
        return isinstance(getattr(layer, "axis", -1), int)
    return activation_name(getattr(layer, "activation", None)) == "softmax"
