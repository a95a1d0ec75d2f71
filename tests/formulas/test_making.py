"""Constants of formulas: where one stands for a tensor, it becomes one."""

from __future__ import annotations

from tests.support.formulas import refused, steps


def test_constants_that_an_operation_takes_stay() -> None:
    assert steps("x + [1, 2]") == ["add(x1=x, x2=(1, 2))"]
    assert steps("2 + exp(3)") == ["array(x=3)", "exp(x=#0)", "add(x2=#1, x1=2)"]


def test_the_constant_is_marked_that_it_does_not_take() -> None:
    assert refused("x * y + sum(x, axis=0.5, keepdims=True)")[2] == "0.5"
    assert refused("x * [[1, 2], [3]]") == (
        "multiply: x2 has lists of different lengths",
        "make them equally long",
        "[[1, 2], [3]]",
    )
