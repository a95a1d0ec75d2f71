"""Every public class and every name of Keras's objects, and no others; what they take, and what is made of them."""

from __future__ import annotations

import inspect
import itertools
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras.src import activations, constraints, initializers, losses, metrics, optimizers, regularizers

from specc import objects
from specc.diagnostics.problem import ProblemsError
from specc.objects.base import KerasObject
from specc.shapes import Tensor
from tests.support.draws import draws
from tests.support.helps import helps
from tests.support.object_agreement import (
    REQUIRED,
    arguments_of,
    built,
    classes,
    config,
    every_class,
    keras_class,
    keras_value,
    parsed,
)  # fmt: skip

# -- Names -----------------------------------------------------------------------------------------

TABLES = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
    "activation": activations,
    "loss": losses,
    "metric": metrics,
    "optimizer": optimizers,
}
OF_COMPILE = {"loss": {"crossentropy", "ce"}, "metric": {"acc"}}
"""Names that only ``compile`` knows."""
UNREGISTERED = {"optimizer": {"Lamb"}, "loss": {"CategoricalGeneralizedCrossEntropy"}}
"""Public classes that Keras has left out of its tables."""


def refused(kind: str) -> set[str]:
    return set(objects._module(kind).REFUSED)


@pytest.mark.parametrize("kind", TABLES)
def test_every_name_that_keras_takes_and_no_other(kind: str) -> None:
    known = set(TABLES[kind].ALL_OBJECTS_DICT)
    ours = set(objects.spellings(kind)) - OF_COMPILE.get(kind, set())
    if kind == "optimizer":  # Keras looks them up without regard to case
        ours, unregistered = {name.lower() for name in ours}, {"lamb"}
    else:
        unregistered = UNREGISTERED.get(kind, set())
    assert ours - unregistered == known - refused(kind)
    assert refused(kind) - {name.capitalize() for name in known} - {"OptimizerMap"} <= known


@pytest.mark.parametrize("kind", TABLES)
def test_names_stand_for_what_keras_makes_of_them(kind: str) -> None:
    table: dict[str, Any] = TABLES[kind].ALL_OBJECTS_DICT
    for name, cls in objects.spellings(kind).items():
        if cls.has_class and name in table and inspect.isclass(table[name]):
            assert table[name].__name__ == cls.__name__, name
        elif name in table and kind == "loss":
            made = losses.LossFunctionWrapper(table[name])
            assert made.fn is keras_class(cls)().fn, name
        elif name in table and kind == "activation":
            assert table[name].__name__ == cls.__name__


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in objects.MODULES for name in sorted(refused(kind))])
def test_refusals_say_a_way_out(kind: str, name: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        objects.parse(kind, name)
    (problem,) = raised.value.problems
    assert problem.code == "refused-object"
    assert problem.help


@pytest.mark.parametrize(("kind", "written", "help"), [
    ("initializer", "he_norml", "did you mean 'he_normal'?"),
    ("initializer", "HeNorml", "did you mean 'HeNormal'?"),
    ("initializer", "xavier_uniform", "write glorot_uniform, which PyTorch calls xavier_uniform"),
    ("loss", "CrossEntropyLoss", "write {type: SparseCategoricalCrossentropy, from_logits: true}, which PyTorch calls CrossEntropyLoss; after a softmax: sparse_categorical_crossentropy"),
    ("loss", "mean_square_error", "write mse"),
    ("metric", "f1", "write F1Score"),
    ("optimizer", "Adam(0.01)", "write {type: Adam, learning_rate: 0.01}"),
    ("optimizer", "keras.optimizers.SGD(lr=0.1, momentum=0.9)", "write {type: SGD, learning_rate: 0.1, momentum: 0.9}"),
    ("activation", "tf.nn.relu", "write relu"),
    ("schedule", "0.1", "write 0.1 without quotes"),
])  # fmt: skip
def test_help_for_objects(kind: str, written: str, help: str) -> None:
    assert objects.unknown(kind, written).help == help


@pytest.mark.parametrize(("optimizer", "help"), [
    ("{name: adam, lr: 0.1}", "write {type: adam, learning_rate: 0.1}"),
    ("{Adam: {learning_rate: 0.1}}", "write {type: Adam, learning_rate: 0.1}"),
    ("sgd(0.1, 0.9)", "write {type: sgd, learning_rate: 0.1, momentum: 0.9}"),
    ("{type: relu}", '"relu" is an activation'),
    ("{learning_rate: 0.1, beta_1: 0.9, amsgrad: true}", "add 'type', Adam or AdamW"),
    ("{typ: adam}", "write 'type' instead of \"typ\""),
])  # fmt: skip
def test_an_object_in_another_form(optimizer: str, help: str) -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 4}\n"
    assert helps(f"{text}compile: {{loss: mse, optimizer: {optimizer}}}\n") == [help]


# -- Arguments -------------------------------------------------------------------------------------

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
    adam = objects.parse("optimizer", {"type": "Adam", "learning_rate": 1})
    assert built(adam).learning_rate.numpy() == 1.0
    assert built(objects.parse("metric", {"type": "FBetaScore", "beta": 2})).beta == 2.0
    assert built(objects.parse("optimizer", {"type": "SGD", "momentum": 1})).momentum == 1.0


@draws(10)
@given(st.text(max_size=3))
def test_any_text_is_answered(text: str) -> None:
    for kind in objects.MODULES:
        for value in (text, {"type": text}, {text: 1}, [text]):
            with suppress(ProblemsError):
                objects.parse(kind, value)


def test_problems_are_predicates() -> None:
    found = [
        cls.parse(REQUIRED.get(cls.__name__, {}))[0].problem(Tensor(shape, dtype))  # type: ignore[union-attr]
        for kind in ("loss", "metric")
        for cls in classes(kind)
        for shape, dtype in itertools.product([(None, 2, 3, 4)], ["string", "int32", "float32"])
    ]
    starts = {text.split()[0] for text in found if text}
    assert starts <= {"cannot", "needs", "has", "names", "works", "takes"}
