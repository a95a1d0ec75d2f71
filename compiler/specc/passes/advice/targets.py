"""Metrics and losses that need different targets, and a model without a loss."""

from __future__ import annotations

from specc.calls import Callee
from specc.diagnostics import Report
from specc.diagnostics.text_safety import quote_value
from specc.ir import NestedModel, TypedGraph
from specc.passes.advice.losses import OF_CLASSES, losses_of, warn_of_loss
from specc.source import Place

_OF_NUMBERS = frozenset({"SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SparseCategoricalCrossentropy"})
"""Metrics, and the loss, whose targets are class numbers."""
_OF_ONE_HOT = frozenset(
    {"AUC", "Precision", "Recall", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity"}
    | {"SpecificityAtSensitivity", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"}
    | {"CategoricalAccuracy", "CategoricalCrossentropy", "TopKCategoricalAccuracy", "F1Score", "FBetaScore"}
)
"""Metrics whose targets have a value for each class, like the outputs."""


def metrics_fit_the_loss(graph: TypedGraph, report: Report) -> None:
    """Loss and metrics of an output take the same targets."""
    training = graph.graph.training
    if training is None or training.loss is None or (training.metrics is None and training.weighted_metrics is None):
        return
    from specc.training import metrics

    names = {output.name: loss for output, _, loss in losses_of(graph)}
    outputs = graph.graph.outputs
    for index, path, metric in metrics(training, [output.name for output in outputs]):
        loss, output = names.get(outputs[index].name), outputs[index]
        kind, size = type(metric).__name__, graph.tensor(output.ref).shape[-1:]
        if loss is None or size == (1,):
            continue
        if type(loss).__name__ == "SparseCategoricalCrossentropy" and kind in _OF_ONE_HOT:
            message = f"{kind} takes targets with a value for each class, and the loss {type(loss).__name__} takes class numbers"
            help = "use a metric of class numbers, such as sparse_categorical_accuracy, or a loss and targets with one value for each class"
        elif type(loss).__name__ in OF_CLASSES and type(loss).__name__ not in _OF_NUMBERS and kind in _OF_NUMBERS:
            message = f"{kind} takes class numbers, and the loss {type(loss).__name__} takes targets with a value for each class"
            help = "use a metric of such targets, such as categorical_accuracy, or the loss sparse_categorical_crossentropy"
        else:
            continue
        warn_of_loss(
            graph, report, path, f"metrics of {quote_value(output.name)}: {message}", help, graph.nodes[output.ref.node]
        )


def there_is_a_loss(graph: TypedGraph, report: Report) -> None:
    """A compiled model has a loss, or penalties: without, Keras cannot train or evaluate it."""
    training = graph.graph.training
    if training is None or "loss" in training.model_fields_set:
        return
    layers = {id(node.layer): node.layer for node in graph.nodes.values()}.values()
    if any(isinstance(layer, NestedModel) or _has_penalty(inner) for layer in layers for inner in layer.with_inner()):
        return
    place = Place(graph.graph.origin.place.document, ("compile",), "key")
    message = "compile has no loss: Keras can predict with the model, but neither train nor evaluate it"
    report.warning("cannot-train", message, place, help="add a loss, as in {optimizer: adam, loss: mse}")


def _has_penalty(layer: Callee) -> bool:
    return layer.type_name == "ActivityRegularization" or any(
        name.endswith("_regularizer") and getattr(layer, name, None) is not None for name in layer.argument_fields()
    )
