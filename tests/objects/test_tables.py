"""Every public class and every name of Keras's objects, and no others."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from keras.src import activations, constraints, initializers, losses, metrics, optimizers, regularizers

from specc import objects
from specc.diagnostics.problem import ProblemsError
from tests.support.object_agreement import keras_class

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
