"""Keras's side of `tests.support.plugin`."""

# mypy: disable-error-code="misc"
# Keras has no types.

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

register: Callable[[Any], Any] = keras.saving.register_keras_serializable("tests")


@register
class Scale(keras.layers.Layer):
    def build(self, shape: Any) -> None:
        self.factor = self.add_weight(name="factor", shape=(shape[-1],), initializer="ones")

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


@register
class Squash(keras.Operation):
    def __init__(self, limit: float = 1.0, name: str | None = None) -> None:
        super().__init__(name=name)
        self.limit = limit

    def call(self, x: Any) -> Any:
        return x / (1 + ops.abs(x) / self.limit)

    def compute_output_spec(self, x: Any) -> Any:
        return keras.KerasTensor(x.shape, dtype=x.dtype)


@register
class Turned(keras.Operation):
    def call(self, x: Any) -> Any:
        return -x

    def compute_output_spec(self, x: Any) -> Any:
        return keras.KerasTensor(x.shape, dtype=x.dtype)


def turned(x: Any) -> Any:
    return Turned()(x)


def squash(x: Any, limit: float = 1.0) -> Any:
    return Squash(limit)(x)


@register
def bent(x: Any) -> Any:
    return ops.where(x > 0, x, 0.3 * x)


@register
class Flat(keras.initializers.Initializer):
    def __init__(self, level: float = 0.5) -> None:
        self.level = level

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        return ops.full(shape, self.level, dtype=dtype)

    def get_config(self) -> Any:
        return {"level": self.level}


@register
class Quartic(keras.regularizers.Regularizer):
    def __init__(self, factor: float = 0.01) -> None:
        self.factor = factor

    def __call__(self, x: Any) -> Any:
        return self.factor * ops.sum(x**4)

    def get_config(self) -> Any:
        return {"factor": self.factor}


@register
class Cap(keras.constraints.Constraint):
    def __init__(self, top: float = 1.0) -> None:
        self.top = top

    def __call__(self, w: Any) -> Any:
        return ops.minimum(w, self.top)

    def get_config(self) -> Any:
        return {"top": self.top}


@register
class Pinball(keras.losses.Loss):
    def __init__(self, quantile: float = 0.5, name: str = "pinball", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.quantile = quantile

    def call(self, y_true: Any, y_pred: Any) -> Any:
        missing = y_true - y_pred
        return ops.mean(ops.maximum(self.quantile * missing, (self.quantile - 1) * missing), axis=-1)

    def get_config(self) -> Any:
        return {**super().get_config(), "quantile": self.quantile}


@register
class Near(keras.metrics.MeanMetricWrapper):
    def __init__(self, within: float = 0.1, name: str = "near", **kwargs: Any) -> None:
        super().__init__(lambda y_true, y_pred: ops.abs(y_true - y_pred) < within, name=name, **kwargs)
        self.within = within

    def get_config(self) -> Any:
        return {"name": self.name, "within": self.within}


@register
class Signs(keras.optimizers.Optimizer):
    def __init__(self, learning_rate: Any = 0.01, **kwargs: Any) -> None:
        super().__init__(learning_rate, **kwargs)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * ops.sign(gradient))


@register
class Warm(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps: int) -> None:
        self.steps = steps

    def __call__(self, step: Any) -> Any:
        return ops.minimum(1.0, (ops.cast(step, "float32") + 1) / self.steps)

    def get_config(self) -> Any:
        return {"steps": self.steps}


class Refusing(keras.layers.Layer):
    pass


class Failing(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        raise ValueError("out of order")

    def compute_output_spec(self, inputs: Any) -> Any:
        return self.call(inputs)


class Narrower(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs[:, :2]


class Heavier(keras.layers.Layer):
    def build(self, shape: Any) -> None:
        self.w = self.add_weight(name="w", shape=(shape[-1],))

    def call(self, inputs: Any) -> Any:
        return inputs


def twofold(x: Any) -> Any:
    return ops.exp(ops.sin(x))
