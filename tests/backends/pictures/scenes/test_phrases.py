# ruff: noqa: RUF001 - the multiplication sign of sizes
"""An argument and its value, as a picture says them."""

from __future__ import annotations

from typing import Any

import pytest

from specc.backends.pictures.scenes.phrases import number, of_value, phrase, rank_of
from tests.support.graphs import layer


def nothing(*_: object) -> tuple[str, ...]:
    return ()


@pytest.mark.parametrize(
    ("name", "value", "rank", "said"),
    [
        ("filters", 1, 2, "1 filter"),
        ("num_heads", 12, 0, "12 heads"),
        ("kernel_size", 3, 2, "3×3"),
        ("kernel_size", (3,), 1, "kernel 3"),
        ("strides", (2, 2), 2, "stride 2"),
        ("dilation_rate", (2, 1), 2, "dilation 2×1"),
        ("use_bias", False, 0, "no bias"),
        ("return_state", True, 0, "return state"),
        ("stateful", False, 0, "stateful false"),
        ("padding", "same", 2, "same"),
        ("padding", (1, 2), 2, "padding (1, 2)"),
        ("data_format", "channels_first", 2, "channels first"),
        ("mean", (0.5,) * 40, 0, "mean of 40 numbers"),
        ("rate", 0.25, 0, "rate 0.25"),
        ("activation", None, 0, "activation none"),
    ],
)
def test_a_phrase(name: str, value: Any, rank: int, said: str) -> None:
    assert phrase(name, value, rank, nothing) == said


def test_values() -> None:
    assert [of_value(value, nothing) for value in ("relu", (2,), (1, (2, 3)), 2.0)] == [
        "relu",
        "(2,)",
        "(1, (2, 3))",
        "2",
    ]
    assert [number(value) for value in (1e-5, 3, 1e15)] == ["1e-05", "3", "1e+15"]


def test_the_rank_of_a_type() -> None:
    assert [rank_of(layer(type, pool_size=2)) for type in ("MaxPooling1D", "AveragePooling3D")] == [1, 3]
    assert rank_of(layer("Dense", units=2)) == 0
