"""What all objects are: classes by their names, and names that TensorFlow takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
import tensorflow as tf
from keras.src.backend import compute_output_spec

from specc import objects
from specc.objects import constraints
from specc.objects.base import KerasObject, classes_in
from tests.support.object_agreement import parsed


def test_the_classes_of_a_module_are_those_that_no_other_is_made_from() -> None:
    assert [cls.__name__ for cls in classes_in(vars(constraints))] == ["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"]


def test_spellings_and_defaults_of_a_class() -> None:
    class Sample(KerasObject, names="sample SAMPLE"):
        rate: float = 0.5

    class Other(Sample, rate=0.1):
        pass

    assert Sample.spellings == ("sample", "SAMPLE")
    assert (Sample().rate, Other().rate) == (0.5, 0.1)


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
