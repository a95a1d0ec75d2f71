"""What arguments are accepted, and what Keras's object is made of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import keras
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras.src.backend import compute_output_spec

from specc.objects.base import KerasObject
from tests.support.draws import draws
from tests.support.object_agreement import (
    REQUIRED,
    arguments_of,
    built,
    config,
    every_class,
    keras_class,
    keras_value,
    parsed,
)  # fmt: skip

STRICTER: dict[tuple[str, str], str] = {
    ("PiecewiseConstantDecay", "boundaries"): "Keras fails when it is first asked for the rate",
    **{(name, "top_k"): "Keras fails when it first measures" for name in ("Precision", "Recall")},
    **{
        (name, "axis"): "Keras fails when it is asked for the result"
        for name in ("IoU", "OneHotIoU", "MeanIoU", "OneHotMeanIoU")
    },
    **{(name, "target_class_ids"): "a class below 0 is none" for name in ("IoU", "OneHotIoU", "BinaryIoU")},
    **{(name, "num_classes"): "no classes make no metric" for name in ("IoU", "OneHotIoU", "MeanIoU", "OneHotMeanIoU")},
    ("AUC", "num_thresholds"): "Keras would ignore it",
    ("AUC", "num_labels"): "a number of labels is not below 0",
    ("Muon", "exclude_layers"): "Keras fails when it first sees a weight",
    ("Constant", "value"): "Keras fails when it first fills a weight",
}
"""Where a constructor of Keras takes what only fails later, or means nothing: class and argument, and why."""


@pytest.mark.parametrize(("kind", "cls"), every_class())
def test_accepts_what_keras_accepts(kind: str, cls: type[KerasObject]) -> None:
    @draws(30)
    @given(arguments_of(cls))
    def compare(arguments: dict[str, Any]) -> None:
        ours, problems = parsed(cls, arguments)
        theirs, why = None, ""
        try:
            theirs = keras_class(cls)(**{key: keras_value(value) for key, value in arguments.items()})
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
        if ours is None and theirs is not None:
            blamed = {(cls.__name__, problem.path[0]) for problem in problems if problem.path}
            assert blamed & set(STRICTER), (arguments, [problem.message for problem in problems])
            return
        assert (ours is None) == (theirs is None), (arguments, [problem.message for problem in problems], why)
        if ours is not None:
            assert config(built(ours), named=False) == config(theirs, named=False)

    compare()


@pytest.mark.parametrize(("kind", "cls"), every_class())
def test_defaults_make_keras_defaults(kind: str, cls: type[KerasObject]) -> None:
    required = REQUIRED.get(cls.__name__, {})
    ours, problems = parsed(cls, {**required})
    assert ours is not None, problems
    theirs = keras_class(cls)(**{key: keras_value(value) for key, value in required.items()})
    named = "name" in cls.model_fields and cls.model_fields["name"].default is not None
    assert config(built(ours), named=named) == config(theirs, named=named)


def test_integers_are_good_numbers() -> None:
    from specc import objects

    adam = objects.parse("optimizer", {"type": "Adam", "learning_rate": 1})
    assert built(adam).learning_rate.numpy() == 1.0
    assert built(objects.parse("metric", {"type": "FBetaScore", "beta": 2})).beta == 2.0
    assert built(objects.parse("optimizer", {"type": "SGD", "momentum": 1})).momentum == 1.0


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
    from specc import objects

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


@draws(10)
@given(st.text(max_size=3))
def test_any_text_is_answered(text: str) -> None:
    from specc import objects
    from specc.diagnostics.problem import ProblemsError

    for kind in objects.MODULES:
        for value in (text, {"type": text}, {text: 1}, [text]):
            with suppress(ProblemsError):
                objects.parse(kind, value)
