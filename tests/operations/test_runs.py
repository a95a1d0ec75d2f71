"""Every operation as a model runs it: predicted and differentiated with two batches, and two sizes of what else is open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc.shapes import Tensor
from tests.operations.test_agreement import DIMS, NEEDED, ON_ONE, ON_TWO, SECOND
from tests.support.draws import draws
from tests.support.operation_running import sound

# -- Shapes that are drawn -----------------------------------------------------------------------

BATCHED = st.lists(DIMS, max_size=3).map(lambda shape: (None, *shape))


@pytest.mark.parametrize("name", ON_ONE)
@draws(1)
@given(data=st.data())
def test_one_tensor(name: str, data: st.DataObject) -> None:
    dtype = "int32" if name == "one_hot" else "float32"
    sound(name, Tensor(data.draw(BATCHED), dtype), data.draw(ON_ONE[name]))


@pytest.mark.parametrize("name", ON_TWO)
@draws(1)
@given(data=st.data())
def test_two_tensors(name: str, data: st.DataObject) -> None:
    first = data.draw(BATCHED)
    second = data.draw(st.sampled_from([first, (None, *first[2:]), (None, *first[1:], 2), (*first[:-1], 1)]) | BATCHED)
    dtypes = ("int32" if name == "in_top_k" else "float32", SECOND.get(name, "float32"))
    sound(name, [Tensor(first, dtypes[0]), Tensor(second, dtypes[1])], data.draw(ON_TWO[name]))


# -- Where Keras says another dtype than it computes ----------------------------------------------

ARGUMENTS: dict[str, dict[str, Any]] = {
    "nanmean": {"axis": []},
    "normalize": {"order": 1},
    "mod": {"x2": 2},
    "outer": {"x2": 2},
    "arctan2": {"x2": 2},
    "logaddexp": {"x2": 0.5},
}


@pytest.mark.parametrize(
    ("name", "dtype", "given_dtype"),
    [
        ("reciprocal", "float16", "float16"),
        ("reciprocal", "complex64", "complex64"),
        ("absolute", "complex64", "float32"),
        ("abs", "complex128", "float64"),
        ("cbrt", "uint64", "float32"),
        ("deg2rad", "complex64", "complex64"),
        ("leaky_relu", "int32", "float32"),
        ("full_like", "uint64", "uint32"),
        ("sum", "uint64", "uint64"),
        ("prod", "uint64", "uint32"),
        ("concatenate", "uint64", "uint64"),
        ("nanmean", "int8", "int8"),
        ("normalize", "int32", "float32"),
        ("mod", "uint8", "int32"),
        ("outer", "uint16", "int32"),
        ("arctan2", "float16", "float16"),
        ("logaddexp", "float16", "float32"),
    ],
)
def test_the_dtype_is_the_computed_one(name: str, dtype: str, given_dtype: str) -> None:
    arguments = {**NEEDED, **ARGUMENTS}.get(name, {})
    verdict = sound(name, Tensor((None, 4), dtype), arguments)
    assert verdict == (
        "warned" if name in ("sum", "prod", "outer") else "accepted"
    )  # those mix the examples of a batch
    spec = {
        "layers": [
            {"type": "Input", "name": "x", "shape": [4], "dtype": dtype},
            {"type": f"ops.{name}", "name": "o", **arguments},
        ]
    }
    assert specc.compile(spec).tensors["o"][0].dtype == given_dtype
