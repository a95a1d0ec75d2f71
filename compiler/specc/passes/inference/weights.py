"""The initializers, regularizers and constraints of a layer fit their weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from specc import objects
from specc.calls import Callee, Weight
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import ShapeError
from specc.layers.base import Layer
from specc.shapes import Tensor, is_float, show_shape

_FILLS_ANY_SHAPE = frozenset({"zeros", "ones", "glorot_uniform", "glorot_normal", "uniform", "he_normal", "he_uniform"})
"""Initializers that fit any shape of weight."""
_FILLS_ANY_DTYPE = ("Zeros", "Ones", "Constant", "Identity")


def check_weights(layer: Callee, weights: tuple[Weight, ...]) -> None:
    """ShapeError for an initializer, regularizer or constraint that does not fit its weight."""
    given = [name for name in layer.model_fields_set if name.endswith(("_initializer", "_regularizer", "_constraint"))]
    for weight in weights:
        if weight.dtype == "int8":  # quantized: Keras fills it with zeros, and regularizes and constrains nothing
            continue
        arguments = [name for name in given if name.rpartition("_")[0] == weight.role]
        if not _fills_any_shape(weight.initializer) or not is_float(weight.dtype):
            _check_initializer(weight, next((name for name in arguments if name.endswith("_initializer")), None))
        for name in arguments:
            kind = name.rpartition("_")[2]
            if kind != "initializer":
                _check(objects.resolve(kind, getattr(layer, name)), weight, kind, name)


def check_outputs(layer: Callee, outputs: Iterable[Tensor]) -> None:
    """RuleError for an activity regularizer that cannot penalize the layer's output."""
    if not isinstance(layer, Layer) or layer.activity_regularizer is None:
        return
    regularizer: Any = objects.resolve("regularizer", layer.activity_regularizer)
    for output in outputs:
        problem = regularizer.problem(output.shape) or regularizer.dtype_problem(output.dtype)
        if problem is not None:
            raise ShapeError(
                f"has an activity_regularizer that does not fit its output {show_shape(output.shape)} of "
                f"{output.dtype}: {regularizer.keras_name()} {problem}",
                code="regularizer-shape",
                help="choose another regularizer for it",
                argument="activity_regularizer",
                tensors=(),
            )


def _fills_any_shape(initializer: Any) -> bool:
    return isinstance(initializer, str) and initializer in _FILLS_ANY_SHAPE


def _check_initializer(weight: Weight, argument: str | None) -> None:
    initializer: Any = objects.resolve("initializer", weight.initializer)
    if initializer is not None and not is_float(weight.dtype) and initializer.keras_name() not in _FILLS_ANY_DTYPE:
        raise ShapeError(
            f"cannot fill its {weight.name} of dtype {weight.dtype} at random",
            code="initializer-shape",
            help="choose zeros, ones or a Constant as the initializer, or a float dtype",
            argument=argument,
            tensors=(),
        )
    problem = initializer.dtype_problem(weight.dtype) if initializer is not None else None
    if problem is not None:
        raise ShapeError(
            f"has an initializer that does not fit its {weight.name}: {initializer.keras_name()} {problem}",
            code="initializer-shape",
            help="choose another initializer, or another dtype for the layer",
            argument=argument,
            tensors=(),
        )
    if not _fills_any_shape(weight.initializer):
        _check(initializer, weight, "initializer", argument)


_MISFITS: dict[str, ErrorCode] = {
    "initializer": "initializer-shape",
    "regularizer": "regularizer-shape",
    "constraint": "constraint-shape",
}


def _check(instance: Any, weight: Weight, kind: str, argument: str | None) -> None:
    problem = instance.problem(weight.shape) if hasattr(instance, "problem") else None
    if problem is not None:
        name = weight.name.rsplit("/", 1)[-1]
        raise ShapeError(
            f"has {objects.article(kind)} that does not fit its {name} of {show_shape(weight.shape)}: "
            f"{instance.keras_name()} {problem}",
            code=_MISFITS[kind],
            help=f"choose another {kind} for it",
            argument=argument,
            tensors=(),
        )
