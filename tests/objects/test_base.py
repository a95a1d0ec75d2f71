"""What every Keras object is: its names, its default name, how a module lists its classes, and names for TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
import tensorflow as tf
from keras.src.backend import compute_output_spec

from specc import objects
from specc.objects.base import KerasObject, Named, classes_in
from tests.support.object_agreement import parsed


class Measure(Named):
    """A base."""

    name: str | None = None


class Mean(Measure, names="mean average"):
    """A class that another is made from."""


class SlowMean(Mean, names="slow_mean"):
    """A class made from it."""


class Renamed(Measure, names="renamed", name="other"):
    """Its name is another."""


class Unnamed(Measure):
    """No spelling but its class's name."""


def test_names_are_spellings_and_the_first_is_the_default_name() -> None:
    assert (Mean.spellings, Mean().name) == (("mean", "average"), "mean")
    assert (SlowMean().name, Renamed().name, Unnamed().name) == ("slow_mean", "other", None)


def test_a_class_of_keras_is_listed_though_others_are_made_from_it() -> None:
    assert classes_in(globals()) == (Mean, SlowMean, Renamed, Unnamed)


def test_the_default_of_an_argument_that_is_not_there() -> None:
    with pytest.raises(TypeError, match="Typo inherits no argument 'nmae'"):
        type("Typo", (KerasObject,), {}, nmae="x")


def _traces(step: Callable[[], Any]) -> bool:
    """Whether TensorFlow can make a graph of it."""
    try:
        tf.function(step)()
    except Exception:
        return False
    finally:
        keras.utils.clear_session(free_memory=False)  # a step that failed leaves its name scopes open
    return True


def _measures(metric: Any) -> bool:
    """Whether ``fit`` can make the variables of a metric that waits for the first batch."""
    tensor = keras.KerasTensor((2, 3))
    try:
        compute_output_spec(metric.update_state, tensor, tensor)
    except Exception:
        return False
    finally:
        keras.utils.clear_session(free_memory=False)
    return True


@pytest.mark.parametrize("name", ["", "x", "1", ".x", "a.b>c-d_e", "_x", "-x", ">x", "a b", "é", "a:b", "a/b"])
def test_names_that_tensorflow_can_use(name: str) -> None:
    def accepts(kind: str, type_name: str, **further: Any) -> bool:
        cls = objects.find(kind, type_name)
        assert cls is not None
        return parsed(cls, {**further, "name": name})[0] is not None

    def inside(step: Callable[[], Any]) -> Any:
        with keras.name_scope("outer"):
            return step()

    values = tf.zeros((2, 3))
    schedule = {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.1}
    loss = keras.losses.MeanSquaredError(name=name)
    assert accepts("loss", "MeanSquaredError") == _traces(lambda: inside(lambda: loss(values, values)))
    rate = keras.optimizers.schedules.ExponentialDecay(**schedule, name=name)
    assert accepts("schedule", "ExponentialDecay", **schedule) == _traces(lambda: inside(lambda: rate(tf.constant(1))))
    assert accepts("metric", "F1Score") == _measures(keras.metrics.F1Score(name=name))
    assert accepts("metric", "R2Score") == _measures(keras.metrics.R2Score(name=name))
    assert accepts("metric", "AUC") == _measures(keras.metrics.AUC(name=name))
    assert accepts("metric", "AUC", multi_label=True) == _measures(keras.metrics.AUC(name=name, multi_label=True))
    try:
        optimizer = keras.optimizers.SGD(name=name)
    except ValueError:
        assert not accepts("optimizer", "SGD")
    else:
        weight = keras.Variable(tf.zeros(2))
        optimizer.build([weight])
        assert accepts("optimizer", "SGD") == _traces(lambda: optimizer.apply([tf.ones(2)], [weight]))
