"""Keras's optimizers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from specc.arguments import Fraction, Integer, LearningRate, NonNegativeNumber, TypeWords, freeze
from specc.arguments.roles import Saved
from specc.diagnostics.problem import Problem, ProblemsError, about_value
from specc.diagnostics.text_safety import quote_value
from specc.objects.base import ExactNumber, Float32, KerasObject, RootScopeName, classes_in
from specc.source import Path

AccumulationSteps = Annotated[Integer, TypeWords("an integer of 2 or more")]


class Optimizer(KerasObject):
    """Updates the weights from their gradients."""

    kind = "optimizer"
    keras_module = "optimizers"
    any_case = True


class GradientOptimizer(Optimizer):
    """An optimizer with its own learning rate, and the arguments that all of these share."""

    refused = {"decay": "Keras ignores it; give learning_rate a schedule: {type: InverseTimeDecay, ...}"}

    learning_rate: LearningRate = 0.001
    weight_decay: Float32 | None = None
    clipnorm: Float32 | None = None
    clipvalue: Float32 | None = None
    global_clipnorm: Float32 | None = None
    use_ema: bool = False
    ema_momentum: Float32 = 0.99
    ema_overwrite_frequency: Integer | None = None
    loss_scale_factor: Float32 | None = None
    gradient_accumulation_steps: AccumulationSteps | None = None
    name: RootScopeName | None = None

    def check(self) -> Iterator[Problem]:
        """What the constructor of every optimizer refuses."""
        clips = [name for name in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(self, name) is not None]
        if len(clips) > 1:
            yield Problem(
                "argument-clash", f"takes one of {' and '.join(clips)}, not both", (clips[-1],), "remove one", "key"
            )
        if self.use_ema and not 0 <= self.ema_momentum <= 1:
            message = f"ema_momentum must be a number from 0 to 1, not {quote_value(self.ema_momentum)}"
            yield Problem("argument-value", message, ("ema_momentum",))
        if self.use_ema and (self.ema_overwrite_frequency or 0) < 0:
            message = f"ema_overwrite_frequency must be a positive integer, not {self.ema_overwrite_frequency}"
            yield Problem("argument-value", message, ("ema_overwrite_frequency",))
        if self.gradient_accumulation_steps and self.gradient_accumulation_steps < 2:
            message = f"gradient_accumulation_steps must be 2 or more, not {self.gradient_accumulation_steps}"
            yield Problem("argument-value", message, ("gradient_accumulation_steps",))


class SGD(GradientOptimizer):
    """Gradient descent, optionally with momentum."""

    learning_rate: LearningRate = 0.01
    momentum: Fraction = 0.0
    nesterov: bool = False


class RMSprop(GradientOptimizer):
    """Divides each gradient by a running average of its size."""

    rho: Float32 = 0.9
    momentum: Float32 = 0.0
    epsilon: Float32 = 1e-7
    centered: bool = False


class MomentOptimizer(GradientOptimizer):
    """An optimizer that keeps running averages of each gradient and of its square."""

    beta_1: Float32 = 0.9
    beta_2: Float32 = 0.999
    epsilon: Float32 = 1e-7


class Adam(MomentOptimizer):
    """Adapts each weight's step to running averages of its gradient and of the gradient's square."""

    amsgrad: bool = False


class AdamW(MomentOptimizer):
    """Adam with decoupled weight decay."""

    weight_decay: Float32 = 0.004
    amsgrad: bool = False


class Adadelta(GradientOptimizer):
    """Adapts the steps to a moving window of gradients."""

    rho: Float32 = 0.95
    epsilon: Float32 = 1e-7


class Adagrad(GradientOptimizer):
    """Takes smaller steps for weights that have changed much."""

    initial_accumulator_value: Float32 = 0.1
    epsilon: Float32 = 1e-7


class Adamax(MomentOptimizer):
    """Adam by the largest gradient instead of the squares."""


class Adafactor(GradientOptimizer):
    """Adapts its steps with little memory."""

    beta_2_decay: Float32 = -0.8
    epsilon_1: Float32 = 1e-30
    epsilon_2: Float32 = 0.001
    clip_threshold: Float32 = 1.0
    relative_step: bool = True


class Nadam(MomentOptimizer):
    """Adam with Nesterov momentum."""


class Ftrl(GradientOptimizer):
    """Follow the regularized leader, for wide sparse models."""

    learning_rate_power: Annotated[Float32, Field(le=0), TypeWords("a number of 0 or less")] = -0.5
    initial_accumulator_value: NonNegativeNumber = 0.1
    l1_regularization_strength: NonNegativeNumber = 0.0
    l2_regularization_strength: NonNegativeNumber = 0.0
    l2_shrinkage_regularization_strength: NonNegativeNumber = 0.0
    beta: Float32 = 0.0


class Lion(GradientOptimizer):
    """Steps by the sign of a momentum."""

    beta_1: Annotated[float, Field(gt=0, le=1), TypeWords("a number above 0, at most 1")] = 0.9
    beta_2: Float32 = 0.99


class Lamb(MomentOptimizer):
    """Adam whose steps are scaled layer by layer, for large batches."""

    by_name = False


class ScheduleFreeAdamW(MomentOptimizer, learning_rate=0.0025, epsilon=1e-8):
    """AdamW that averages its iterates instead of following a schedule."""

    warmup_steps: ExactNumber = 0


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ProblemsError(
            [Problem("argument-value", f"must be a regular expression, not {quote_value(value)}", help=str(error))]
        ) from None
    return value


Pattern = Annotated[str, AfterValidator(_pattern), TypeWords("a regular expression")]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(freeze), TypeWords("a list of regular expressions")]


class Muon(GradientOptimizer):
    """Orthogonalizes the updates of matrices; Adam for all other weights and for ``exclude_layers``."""

    adam_beta_1: Float32 = 0.9
    adam_beta_2: Float32 = 0.999
    adam_weight_decay: Float32 | None = 0.004
    epsilon: Float32 = 1e-7
    weight_decay: Float32 | None = 0.004
    exclude_layers: Annotated[Patterns | None, Saved(list, unset=())] = None
    exclude_embeddings: bool = True
    muon_a: Float32 = 3.4445
    muon_b: Float32 = -4.775
    muon_c: Float32 = 2.0315
    adam_lr_ratio: Float32 = 1
    momentum: Float32 = 0.95
    ns_steps: Integer = 5
    nesterov: bool = True
    rms_rate: Float32 | None = 0.2


# -- Optimizers around optimizers ------------------------------------------------------------------


def _instance(value: Any) -> Any:
    """An optimizer inside another, which Keras does not accept as a name."""
    from specc import objects

    return objects.resolve("optimizer", objects.parse("optimizer", value))


InnerOptimizer = Annotated[
    Any, PlainValidator(_instance), WithJsonSchema({"x-ref": "#/$defs/optimizer"}), TypeWords("an optimizer")
]

_ON_THE_INNER = "set it on the inner optimizer"


class LossScaleOptimizer(Optimizer):
    """Scales the loss up so that small float16 gradients survive, for another optimizer."""

    refused = {
        **dict.fromkeys(
            (
                "learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum",
                "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps",
            ),
            _ON_THE_INNER,
        ),
        "dynamic": "the scale always adapts; for a fixed one set loss_scale_factor on an optimizer",
    }  # fmt: skip

    inner_optimizer: InnerOptimizer
    initial_scale: Float32 = 2.0**15
    dynamic_growth_steps: Integer = 2000
    name: RootScopeName | None = None


def _by_pattern(value: Any) -> Any:
    """A map from regular expressions to optimizers."""
    if value is None:
        return None
    if not isinstance(value, dict):
        message = f"must be a map from regular expressions to optimizers, not {quote_value(value)}"
        raise ProblemsError([Problem("argument-value", message)])
    checked: dict[str, Any] = {}
    problems: list[Problem] = []
    for pattern, optimizer in value.items():
        try:
            checked[_pattern(pattern)] = _instance(optimizer)
        except ProblemsError as error:
            problems += [
                replace(p, message=about_value(quote_value(pattern), p)).under(pattern) for p in error.problems
            ]
    if problems:
        raise ProblemsError(problems)
    return checked


class OptimizerMap(KerasObject):
    """Which optimizer updates which weights: by a regular expression for the weight's whole path."""

    kind = "optimizer map"
    keras_module = "optimizers"

    default_optimizer: InnerOptimizer
    optimizer_map: Annotated[
        Any,
        PlainValidator(_by_pattern),
        WithJsonSchema({"type": ["object", "null"], "additionalProperties": {"x-ref": "#/$defs/optimizer"}}),
        TypeWords("a map from regular expressions to optimizers"),
    ] = None

    def saved(self) -> dict[str, Any]:
        """A map, also without any."""
        return {"optimizer_map": self.optimizer_map or {}}

    def sharing(self, loss_scale_factor: float | None) -> Self:
        """The map whose optimizers all have that factor."""
        factor = {"loss_scale_factor": loss_scale_factor}
        others = {pattern: other.model_copy(update=factor) for pattern, other in (self.optimizer_map or {}).items()}
        default = self.default_optimizer.model_copy(update=factor)
        return self.model_copy(update={"default_optimizer": default, "optimizer_map": others})

    def check(self) -> Iterator[Problem]:
        """No optimizer in the map may contain others."""
        places: dict[Path, Any] = {("default_optimizer",): self.default_optimizer}
        places |= {("optimizer_map", pattern): inner for pattern, inner in (self.optimizer_map or {}).items()}
        for path, inner in places.items():
            if isinstance(inner, LossScaleOptimizer | MultiOptimizer):
                name = type(inner).__name__
                help = "put it around the MultiOptimizer" if isinstance(inner, LossScaleOptimizer) else None
                yield Problem("argument-value", f"{path[0]} cannot contain a {name}", path, help)


def _optimizer_map(value: Any) -> Any:
    if isinstance(value, OptimizerMap):
        return value
    if not isinstance(value, dict) or value.get("type", "OptimizerMap") != "OptimizerMap":
        message = f"must be a map with default_optimizer and optimizer_map, not {quote_value(value)}"
        raise ProblemsError([Problem("argument-value", message)])
    parsed, problems = OptimizerMap.parse({key: item for key, item in value.items() if key != "type"})
    if parsed is None:
        raise ProblemsError(problems)
    return parsed


class MultiOptimizer(Optimizer):
    """Updates different weights with different optimizers."""

    optimizer_map: Annotated[
        Any,
        PlainValidator(_optimizer_map),
        WithJsonSchema({"x-ref": "#/$defs/optimizer_map"}),
        TypeWords("a map with default_optimizer and optimizer_map"),
    ]
    loss_scale_factor: Float32 | None = None
    name: RootScopeName | None = None

    def saved(self) -> dict[str, Any]:
        """The optimizers with this one's factor instead of their own."""
        return {"optimizer_map": self.optimizer_map.sharing(self.loss_scale_factor)}


CLASSES = tuple(cls for cls in classes_in(globals()) if cls is not OptimizerMap)
REFUSED: dict[str, str] = {
    "Optimizer": "it is the base class of optimizers and updates nothing; use Adam or another",
    "optimizer": "it is the base class of optimizers and updates nothing; use Adam or another",
    "OptimizerMap": "it is a part of MultiOptimizer: {type: MultiOptimizer, optimizer_map: {default_optimizer: ...}}",
    "optimizermap": "it is a part of MultiOptimizer: {type: MultiOptimizer, optimizer_map: {default_optimizer: ...}}",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
