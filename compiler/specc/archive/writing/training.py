"""What a model is compiled with, as Keras saves it: the arguments of ``compile``, and the state of the optimizer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from specc import objects
from specc.archive.writing.configs import of_value
from specc.arguments import Arguments
from specc.automatic_names import snake_case
from specc.dtypes import FLOATX
from specc.ir import TypedGraph
from specc.objects.optimizers import LossScaleOptimizer
from specc.training import Training


def compile_config(graph: TypedGraph) -> dict[str, Any]:
    """The arguments of ``compile``; none of a model that is not compiled."""
    training = graph.graph.training
    if training is None:
        return {}
    given = training.arguments([output.name for output in graph.graph.outputs])
    fields = Training.argument_fields()
    values = {name: given.get(name, field.get_default()) for name, field in fields.items()}
    del values["auto_scale_loss"]
    optimizer = optimizer_of(training)
    values["optimizer"] = _unscaled(optimizer, _scales(graph, training))
    if values["jit_compile"] == "auto" or values["run_eagerly"]:
        values["jit_compile"] = False  # as Keras resolves it on a CPU
    return {name: of_value(value) for name, value in values.items()}


def _scales(graph: TypedGraph, training: Training) -> bool:
    """Whether Keras scales the loss by itself."""
    return training.auto_scale_loss and graph.graph.dtype_policy == "mixed_float16"


def _unscaled(optimizer: Arguments | None, scales: bool) -> Arguments | None:
    """An optimizer without the factor that Keras takes away from one whose loss it scales."""
    if isinstance(optimizer, LossScaleOptimizer):
        return optimizer.model_copy(update={"inner_optimizer": _unscaled(_inner(optimizer), scales=True)})
    if not scales or getattr(optimizer, "loss_scale_factor", None) is None:
        return optimizer
    assert optimizer is not None
    return optimizer.model_copy(update={"loss_scale_factor": None})


def optimizer_of(training: Training) -> Arguments | None:
    """The optimizer, which may be given by its name."""
    return objects.resolve("optimizer", training.optimizer)


class State(NamedTuple):
    """The variables of an optimizer."""

    path: str
    name: str
    variables: tuple[tuple[str, float], ...]
    """The dtype and the value of each."""


def states(graph: TypedGraph) -> Iterator[State]:
    """The variables of the optimizer before the first step, and of those inside it."""
    training = graph.graph.training
    optimizer = None if training is None else optimizer_of(training)
    if optimizer is None:
        return
    assert training is not None
    if _scales(graph, training) and not isinstance(optimizer, LossScaleOptimizer):
        optimizer = LossScaleOptimizer(inner_optimizer=optimizer)
    yield State("optimizer", _name(optimizer), _variables(optimizer))
    if isinstance(optimizer, LossScaleOptimizer):
        inner = _inner(optimizer)
        yield State("optimizer/inner_optimizer", _name(inner), _variables(inner))


def _variables(optimizer: Arguments) -> tuple[tuple[str, float], ...]:
    """The steps that were made, and the learning rate unless a schedule gives it."""
    steps = ("int64", 0)
    if isinstance(optimizer, LossScaleOptimizer):  # it has those of the inner one too
        return (steps, (FLOATX, 0.0), *_variables(_inner(optimizer)))
    rate = getattr(optimizer, "learning_rate", 0.0)
    return (steps,) if isinstance(rate, Arguments) else (steps, (FLOATX, rate))


def _inner(optimizer: LossScaleOptimizer) -> Arguments:
    inner = objects.resolve("optimizer", optimizer.inner_optimizer)
    assert inner is not None
    return inner


def _name(optimizer: Arguments) -> str:
    return getattr(optimizer, "name", None) or snake_case(optimizer.keras_name())
