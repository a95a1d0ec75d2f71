"""Losses that do not fit their outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from specc.calls import Callee
from specc.diagnostics import Related, Report
from specc.diagnostics.text_safety import quote_value
from specc.ir import NestedModel, Node, Output, Ref, TypedGraph
from specc.layers.core import Input
from specc.passes.advice.flatten import flatten_help, unflattened
from specc.source import Path, Place

if TYPE_CHECKING:
    from specc.objects.loss import AnyLoss

OF_CLASSES = frozenset(
    {
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "SparseCategoricalCrossentropy",
        "CategoricalGeneralizedCrossEntropy",
    }
)
_BINARY = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
_HANDED_ON = frozenset({"Identity", "Reshape", "Flatten", "Permute", "ops.reshape", "ops.squeeze", "ops.copy"})
"""Layers that leave every value unchanged."""
_PROBABILITIES = frozenset({"sigmoid", "hard_sigmoid", "softmax", "sparsemax"})

_NO_PROBABILITIES = frozenset(
    {"relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "mish", "tanh", "hard_tanh", "softplus"}
    | {"softsign", "exponential", "log_softmax", "log_sigmoid"}
)
"""Activations whose values are below 0, or above 1."""


def loss_has_classes(graph: TypedGraph, report: Report) -> None:
    """A loss that compares classes needs more than one."""
    for output, path, loss in losses_of(graph):
        shape = graph.tensor(output.ref).shape
        axis = getattr(loss, "axis", -1)
        squeezed = type(loss).__name__ == "SparseCategoricalCrossentropy" and len(shape) > 2  # Keras drops that axis
        has_one = len(shape) > 1 and axis in range(-len(shape), len(shape)) and shape[axis] == 1
        if type(loss).__name__ in OF_CLASSES and has_one and not squeezed:
            warn_of_loss(
                graph,
                report,
                path,
                f"loss of {quote_value(output.name)}: {loss.keras_name()} compares classes, but the output has only one",
                "use binary_crossentropy with activation: sigmoid, or give the output a value for each class",
                graph.nodes[output.ref.node],
            )


def loss_fits_the_activation(graph: TypedGraph, report: Report) -> None:
    """A cross-entropy of probabilities gets probabilities, and one of logits gets logits."""
    for output, path, loss in losses_of(graph):
        from_logits = getattr(loss, "from_logits", None)
        if from_logits is None:
            continue
        found = _activation(graph, output.ref)
        if found is None:
            continue
        name, node = found
        binary = type(loss).__name__ in _BINARY
        if not from_logits and name == "linear":
            message = f"takes probabilities, but '{node.name}' has no activation that gives them"
            wanted = "sigmoid" if binary else "softmax"
            help = f"set activation: {wanted} on '{node.name}', or write {{type: {_class(loss)}, from_logits: true}}"
        elif not from_logits and name in _NO_PROBABILITIES:
            wanted = "sigmoid" if binary else "softmax"
            message = f"takes probabilities, but {name} in '{node.name}' gives other values too"
            help = f"set activation: {wanted} on '{node.name}'"
        elif from_logits and name in _PROBABILITIES:
            message = f"takes logits, but '{node.name}' has already turned them into probabilities by {name}"
            help = f"remove from_logits, or the {name}"
        else:
            continue
        warn_of_loss(
            graph, report, path, f"loss of {quote_value(output.name)}: {loss.keras_name()} {message}", help, node
        )


def loss_has_a_vector(graph: TypedGraph, report: Report) -> None:
    """A loss for labels of whole images gets one answer for each, not one for each position of a smaller image."""
    for output, path, loss in losses_of(graph):
        shape = graph.tensor(output.ref).shape
        if len(shape) < 4 or type(loss).__name__ not in OF_CLASSES | _BINARY:
            continue
        found = unflattened(graph, output.ref)
        inputs = [graph.tensor(Ref(name)).shape[1:-1] for name in graph.graph.inputs]
        if found is None or isinstance(found[1].layer, Input) or shape[1:-1] in inputs:  # labels of each pixel
            continue
        dense, _ = found
        places = " x ".join("?" if size is None else str(size) for size in shape[1:-1])
        message = (
            f"loss of {quote_value(output.name)}: {loss.keras_name()} expects a label for each of {places} positions"
        )
        help = f"{flatten_help(graph, dense)}, if an image has one label"
        warn_of_loss(graph, report, path, message, help, dense)


def losses_of(graph: TypedGraph) -> Iterator[tuple[Output, Path, AnyLoss]]:
    """Each loss of a graph's training setup: the output that it is for, and its path from the ``compile`` map."""
    training = graph.graph.training
    if training is None or training.loss is None:
        return
    from specc.training import losses

    outputs = graph.graph.outputs
    for index, path, loss in losses(training, [output.name for output in outputs]):
        yield outputs[index], path, loss


def _class(loss: AnyLoss) -> str:
    return type(loss).__name__


def warn_of_loss(graph: TypedGraph, report: Report, path: Path, message: str, help: str, node: Node) -> None:
    """Warn of a loss or a metric, whose path starts at the ``compile`` map."""
    place = Place(graph.graph.origin.place.document, ("compile", *path))
    report.warning(
        "loss-mismatch", message, place, help=help, related=[Related("the layer of the output", node.origin.place)]
    )


def _activation(graph: TypedGraph, ref: Ref) -> tuple[str, Node] | None:
    """The activation that gives an output, and its node; None if something else gives it."""
    node = graph.nodes[ref.node]
    while node.type in _HANDED_ON:
        ref = node.refs()[0]
        node = graph.nodes[ref.node]
    layer = node.layer
    if isinstance(layer, NestedModel):
        return _activation(graph.models[layer], layer.graph.outputs[ref.port].ref)
    if node.type.startswith("ops."):
        name = node.type.removeprefix("ops.")
        return (name, node) if name in _PROBABILITIES else None
    if node.type == "Softmax":
        return "softmax", node
    if node.type == "TimeDistributed":
        layer = layer.layer  # type: ignore[attr-defined]
    if node.type == "Activation" or (
        type(layer).weights is not Callee.weights and not hasattr(layer, "return_sequences")
    ):
        return _name(getattr(layer, "activation", "")), node
    return None


def _name(activation: Any) -> str:
    """The name of an activation; "linear" for none."""
    if isinstance(activation, Callee):
        if getattr(activation, "max_value", None) is not None:  # its range may be chosen to fit
            return ""
        return "leaky_relu" if activation.type_name == "LeakyReLU" else activation.type_name.lower()
    return "linear" if activation is None else str(activation)
