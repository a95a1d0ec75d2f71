from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.layers.agreement import agree, same_signature


def test_dense_has_keras_arguments() -> None:
    same_signature("Dense")


@settings(max_examples=30, deadline=None)
@given(
    units=st.integers(1, 9),
    use_bias=st.booleans(),
    shape=st.lists(st.none() | st.integers(1, 5), min_size=0, max_size=4),
)
def test_dense(units: int, use_bias: bool, shape: list[int | None]) -> None:
    agree("Dense", {"units": units, "use_bias": use_bias}, tuple(shape))


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16", "float64"])
def test_dense_policy(policy: str) -> None:
    agree("Dense", {"units": 3}, (None, 4), policy=policy, accepted=True)
