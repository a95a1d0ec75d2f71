"""The operations by name: every function of ``keras.ops`` is one or is refused, and one check loads few."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest

from specc import keras_signatures, layers, operations
from tests.support.operation_agreement import operation


def test_every_function_of_keras_is_an_operation_or_refused() -> None:
    known = [*operations.names(), *operations.ALIASES, *operations.REFUSED]
    assert sorted(known) == sorted(name for name in keras_signatures.every() if name.startswith("ops."))


@pytest.mark.parametrize("family", operations.FAMILIES)
def test_names_stand_beside_the_module_of_their_class(family: str) -> None:
    source = inspect.getsource(import_module(f"specc.operations.{family}"))
    defined = re.findall(r'\bop="([\w.]+)"|\bmake\(\s*\w+,\s*"([\w.]+)"', source)
    assert sorted(one or other for one, other in defined) == sorted(operations.FAMILIES[family].split())


def test_every_class_is_found_by_its_name() -> None:
    assert {name: operations.find(name) for name in operations.names()} == operations.CLASSES


def test_what_is_given_by_position_stands_in_keras_s_order() -> None:
    for name in operations.names():
        cls = operation(name.removeprefix("ops."))
        signature = keras_signatures.find(name)
        assert signature is not None
        takes = signature.arguments.items()
        required = [argument for argument, default in takes if default is keras_signatures.REQUIRED]
        fields = [field for field, info in cls.argument_fields().items() if info.is_required()]
        tensors = [argument.name for argument in cls.tensors if argument.required or argument.name in cls.constants]
        assert set(cls.constants) <= {argument.name for argument in cls.tensors}
        # The tensors of einsum and meshgrid are arguments of their own; of arange, a spec gives the end by its name, and
        # scale_and_translate is called by names.
        if name not in ("ops.einsum", "ops.meshgrid", "ops.arange", "ops.image.scale_and_translate"):
            assert [*tensors, *fields][: len(required)] == required, name


def test_did_you_mean() -> None:
    assert layers.unknown("ops.matmull").help == "did you mean 'ops.matmul'?"
    assert layers.unknown("ops.substract").help == "did you mean 'ops.subtract'?"


def test_further_names() -> None:
    assert layers.find("ops.swish") is operation("silu")
    assert layers.find("ops.hard_swish") is operation("hard_silu")


@pytest.mark.parametrize("name", ["name", "trainable", "dtype", "activity_regularizer"])
def test_an_operation_has_no_arguments_of_a_layer(name: str) -> None:
    made, problems = operation("add").parse({name: "float32", "x2": 1})
    assert made is None
    assert [(problem.code, problem.message, problem.path, problem.help) for problem in problems] == [
        ("unknown-argument", f'has no argument "{name}"', (name,), "it takes x1, x2")
    ]
