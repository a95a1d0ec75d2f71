"""What operations share: sparse and ragged tensors, constants in the place of tensors, the call of Keras."""

from __future__ import annotations

from typing import Any

import pytest

from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message, operation

SPARSE = {
    "add": True,
    "multiply": True,
    "matmul": True,
    "exp": False,
    "sin": True,
    "round": True,
    "relu": None,
    "softmax": None,
    "reshape": True,
}


@pytest.mark.parametrize("name", SPARSE)
def test_sparse(name: str) -> None:
    cls = operation(name)
    tensor = Tensor((4, 4), sparse=True)
    inputs = {argument.name: tensor for argument in cls.tensors}
    expected = SPARSE[name]
    if expected is None:
        assert message(name, inputs) == (
            "cannot take a sparse tensor",
            "remove 'sparse' from the Input or the layer that sets it",
        )
    else:
        agree(name, inputs, {"newshape": [16]} if name == "reshape" else {}, run=False, accepted=True)


def test_ragged() -> None:
    tensor = Tensor((4, None), ragged=True)
    for name, kept in (("relu", True), ("sum", False)):
        made, _ = operation(name).parse({})
        assert made is not None
        (output,) = made.infer(made.call({"x": tensor}, {}, Policy.named("float32")))
        assert output.ragged is kept
    assert message("sort", tensor) == (
        "cannot take a ragged tensor",
        "remove 'ragged' from the Input or the layer that sets it",
    )


def call_of(name: str, arguments: dict[str, Any], **tensors: Any) -> tuple[list[Any], dict[str, Any]]:
    made, problems = operation(name).parse(arguments)
    assert made is not None, problems
    return made.call_arguments(tensors)


def test_calls() -> None:
    assert call_of("add", {"x2": 0.5}, x1="a") == (["a", 0.5], {})
    assert call_of("subtract", {"x1": 1}, x2="a") == ([1, "a"], {})
    assert call_of("where", {"x2": 0}, condition="c", x1="a") == (["c", "a", 0], {})
    assert call_of("sum", {"axis": [1, 2], "keepdims": True}, x="a") == (["a"], {"axis": (1, 2), "keepdims": True})
    assert call_of("reshape", {"newshape": [-1, 4]}, x="a") == (["a", (-1, 4)], {})
    assert call_of("concatenate", {"axis": -1}, xs=["a", "b"]) == ([["a", "b"]], {"axis": -1})
    assert call_of("einsum", {"subscripts": "ij,jk"}, operands=["a", "b"]) == (["ij,jk", "a", "b"], {})
    assert call_of("average", {"axis": 1}, x="a", weights="w") == (["a"], {"weights": "w", "axis": 1})
    assert call_of("norm", {"ord": "-inf"}, x="a") == (["a"], {"ord": float("-inf")})
    key = [0, "1:-1", "::2", {"stop": 3}, None, "..."]
    items = (0, slice(1, -1, None), slice(None, None, 2), slice(None, 3, None), None, Ellipsis)
    assert call_of("get_item", {"key": key}, x="a") == (["a", items], {})


def test_open_tensors() -> None:
    made, _ = operation("subtract").parse({"x1": 1.0})
    assert made is not None
    assert [argument.name for argument in made.open_tensors()] == ["x2"]
