"""Which tensors a layer takes: kinds of values, sparse and ragged ones, masks that cover them."""

from __future__ import annotations

import pytest

from specc.diagnostics.problem import RuleError
from specc.layers.accept import FLOATS, NUMBERS, REALS, announced_by_policy, kind, mask_covers, need_dense, need_kind
from specc.layers.base import Call
from specc.shapes import Shape, Tensor
from tests.support.checking import said


@pytest.mark.parametrize(("dtype", "of"), [
    ("bool", "bool"), ("uint8", "int"), ("int64", "int"), ("bfloat16", "float"), ("complex64", "complex"), ("string", "string"),
])  # fmt: skip
def test_kind(dtype: str, of: str) -> None:
    assert kind(dtype) == of


INPUTS: dict[str, tuple[str, list[str]]] = {
    "numbers": ("shape: [4]", []),
    "strings": (
        "shape: [4], dtype: string",
        ["2:33 dtype-mismatch: 'y' (ReLU) needs an input of integers or floats, got string"],
    ),
    "truths": (
        "shape: [4], dtype: bool",
        ["2:33 dtype-mismatch: 'y' (ReLU) needs an input of integers or floats, got bool"],
    ),
    "complex": (
        "shape: [4], dtype: complex64",
        ["2:33 dtype-mismatch: 'y' (ReLU) needs an input of integers or floats, got complex64"],
    ),
    "sparse": ("shape: [4], sparse: true", ["2:33 dtype-mismatch: 'y' (ReLU) cannot take a sparse tensor"]),
    "ragged": ("shape: [null, 4], ragged: true", []),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_layer_says_what_it_takes(name: str) -> None:
    given, expected = INPUTS[name]
    found = said(f"layers:\n  - {{type: ReLU, name: y, from: x}}\n  - {{type: Input, name: x, {given}}}\n")
    assert found == expected


@pytest.mark.parametrize(("layer", "message"), [
    ("{type: Softmax, dtype: int32}", "needs floats, but computes in int32"),
    ("{type: Flatten, dtype: string}", "cannot compute with float32 in dtype string"),
])  # fmt: skip
def test_a_dtype_in_which_a_layer_cannot_compute(layer: str, message: str) -> None:
    (found,) = said(f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {layer}\n")
    assert found.endswith(message)


@pytest.mark.parametrize(("dtype", "argument", "message", "help"), [
    ("string", "inputs", "needs an input of floats, got string",
     "turn strings into numbers first, with a StringLookup or a TextVectorization layer"),
    ("complex64", "query", "needs a query of floats, got complex64", "give the Input a float dtype"),
    ("int32", "inputs", "needs an input of floats, got int32",
     "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it"),
])  # fmt: skip
def test_what_to_do_about_other_values(dtype: str, argument: str, message: str, help: str) -> None:
    with pytest.raises(RuleError) as caught:
        need_kind(Tensor((None, 4), dtype), FLOATS, argument)
    assert (caught.value.problem.message, caught.value.problem.help) == (message, help)
    need_kind(Tensor((None, 4), "int32"), REALS)
    need_kind(Tensor((None, 4), "complex64"), NUMBERS)


def test_forms_of_tensors() -> None:
    need_dense(Tensor((None, 4), sparse=True), sparse=True)
    need_dense(Tensor((None, None), ragged=True), ragged=True)
    with pytest.raises(RuleError, match="cannot take a ragged tensor"):
        need_dense(Tensor((None, None), ragged=True), sparse=True)


@pytest.mark.parametrize(("mask", "shape", "covers"), [
    ((None, 3), (None, 3), True),
    ((None, 1), (None, 3, 4), True),
    ((4,), (None, 3, None), True),
    ((None, 3), (None, 3, 4), False),
    ((None, 3, 4), (3, 4), False),
])  # fmt: skip
def test_masks(mask: Shape, shape: Shape, covers: bool) -> None:
    assert mask_covers(mask, shape) == covers


def test_keras_announces_strings_as_of_the_compute_dtype() -> None:
    call = Call({"inputs": Tensor((None, 4), "string")})
    strings = announced_by_policy(Tensor((None, 4), "string"), call)
    assert (strings.dtype, strings.symbolic.dtype) == ("string", "float32")
    assert announced_by_policy(Tensor((None, 4), "int32"), call).symbolic.dtype == "int32"
