"""Operations of files, read: the function, its tensors, and the constants that are not what the function has without them."""

from __future__ import annotations

from typing import Any

import pytest

from specc import keras_signatures, operations
from specc.archive.reading.operations import Given, ReadOperation, read_operation, type_of
from specc.diagnostics.problem import ProblemsError

X, Y = "the tensor x", "the tensor y"


def is_tensor(value: Any) -> bool:
    return value in (X, Y, [X, Y])


NN, NUMPY = "keras.src.ops.nn", "keras.src.ops.numpy"
POOL = {"pool_size": [2, 2], "strides": None, "padding": "same", "data_format": "channels_last"}
READ: list[tuple[str, str, dict[str, Any], list[Any], dict[str, Any], str, tuple[Any, Any]]] = [
    (NUMPY, "Add", {}, [X, 2.0], {}, "ops.add", ({"x2": 2.0}, {"x1": X})),
    (NUMPY, "Subtract", {}, [2.0, X], {}, "ops.subtract", ({"x1": 2.0}, {"x2": X})),
    (NUMPY, "Concatenate", {"axis": 1}, [[X, Y]], {}, "ops.concatenate", ({"axis": 1}, {"xs": [X, Y]})),
    (NUMPY, "Concatenate", {"axis": 0}, [[X, Y]], {}, "ops.concatenate", ({}, {"xs": [X, Y]})),
    (NUMPY, "Einsum", {"subscripts": "ij,jk->ik"}, [X, Y], {},
     "ops.einsum", ({"subscripts": "ij,jk->ik"}, {"operands": [X, Y]})),
    (NUMPY, "Mean", {"axis": [1], "keepdims": True}, [X], {},
     "ops.mean", ({"axis": [1], "keepdims": True}, {"x": X})),
    (NUMPY, "Mean", {"axis": None, "keepdims": 0}, [X], {}, "ops.mean", ({"keepdims": 0}, {"x": X})),
    (NN, "MaxPool", POOL, [X], {}, "ops.max_pool", ({"pool_size": [2, 2], "padding": "same"}, {"inputs": X})),
    (NUMPY, "FullLike", {"dtype": "int32"}, [X], {"fill_value": 2},
     "ops.full_like", ({"dtype": "int32", "fill_value": 2}, {"x": X})),  # called by a person, not by the function
    (NN, "OneHot", {"num_classes": 3, "axis": -1, "dtype": "float32", "sparse": False}, [X], {},
     "ops.one_hot", ({"num_classes": 3}, {"x": X})),
    (NN, "OneHot", {"num_classes": 3, "axis": 1, "dtype": "float64", "sparse": False}, [X], {},
     "ops.one_hot", ({"num_classes": 3, "axis": 1, "dtype": "float64"}, {"x": X})),
    (NUMPY, "Arange", {"dtype": None}, [X, None], {"step": 2}, "ops.arange", ({"step": 2}, {"start": X})),
]  # fmt: skip
"""A class, its configuration, the arguments of its call; the function, and what is read: constants and tensors."""
PATH = ("layers", 3)
CALL = (*PATH, "inbound_nodes", 0)


def read(type: str, config: dict[str, Any], positional: list[Any], named: dict[str, Any]) -> ReadOperation:
    return read_operation(type, config, Given(positional, named, CALL), is_tensor, PATH)


@pytest.mark.parametrize(("module", "name", "config", "positional", "named", "type", "expected"), READ)
def test_what_is_read_of_an_operation(
    module: str,
    name: str,
    config: dict[str, Any],
    positional: list[Any],
    named: dict[str, Any],
    type: str,
    expected: tuple[Any, Any],
) -> None:
    assert type_of(module, name) == type
    assert read(type, config, positional, named)[:2] == expected


def test_where_each_argument_is_written() -> None:
    pool = read("ops.max_pool", {"name": "p", "pool_size": 2}, [X], {"strides": 2})
    assert pool.places == {
        "inputs": (*CALL, "args", 0),
        "pool_size": (*PATH, "config", "pool_size"),
        "strides": (*CALL, "kwargs", "strides"),
    }


def test_what_other_versions_of_keras_saved() -> None:
    assert read("ops.threshold", {"threshold_value": 0.5, "default_value": 1}, [X], {})[0] == {
        "threshold": 0.5,
        "default_value": 1,
    }
    assert read("ops.mean", {"axis": 1, "newer": None}, [X], {})[0] == {"axis": 1}
    assert type_of(NN, "CtcLoss") == type_of(NN, "CTCLoss") == "ops.ctc_loss"


@pytest.mark.parametrize(
    ("config", "positional", "named", "message", "place"),
    [
        ({"axes": 1}, [X], {}, 'Mean has no argument "axes"', (*PATH, "config", "axes")),
        ({}, [X, 1, True, 4], {}, "takes 3 arguments, not 4", (*CALL, "args")),
        ({}, [X], {"axes": 1}, 'Mean takes no argument "axes"', (*CALL, "kwargs", "axes")),
        ({"axis": 1}, [X], {"axis": 1}, "gives axis twice", (*CALL, "kwargs", "axis")),
    ],
)
def test_arguments_that_the_function_has_not(
    config: dict[str, Any], positional: list[Any], named: dict[str, Any], message: str, place: tuple[Any, ...]
) -> None:
    with pytest.raises(ProblemsError) as caught:
        read("ops.mean", config, positional, named)
    assert [(problem.message, problem.path) for problem in caught.value.problems] == [(message, place)]


def test_the_function_of_each_class_makes_that_class() -> None:
    recorded = [made for name in operations.names() if (made := keras_signatures.symbolic(name)) is not None]
    assert len(recorded) > 250
    for made in recorded:
        name = type_of(made.module, made.class_name)
        assert name is not None
        assert keras_signatures.symbolic(name)[:2] == made[:2]  # type: ignore[index]
    assert (type_of(NUMPY, "Abs"), type_of("mine", "Add")) == (None, None)
