"""The shapes that a window gives which slides over sequences, images and volumes."""

from __future__ import annotations

from typing import Any

import pytest

from specc.diagnostics.problem import RuleError
from specc.layers.spatial import lengths, resized, slide
from specc.shapes import Shape

SLIDES: list[tuple[Shape, dict[str, Any], Shape]] = [
    ((None, 28, 28, 3), {"window": (3, 3), "strides": (1, 1), "padding": "valid"}, (None, 26, 26, 3)),
    ((None, 28, 28, 3), {"window": (3, 3), "strides": (2, 2), "padding": "same", "channels": 8}, (None, 14, 14, 8)),
    (
        (None, 3, 28, 32),
        {"window": (3, 5), "strides": (1, 2), "padding": "valid", "data_format": "channels_first"},
        (None, 3, 26, 14),
    ),
    ((None, 10, 4), {"window": (3,), "strides": (1,), "padding": "valid", "dilation": (2,)}, (None, 6, 4)),
    ((None, 10, 4), {"window": (3,), "strides": (1,), "padding": "causal"}, (None, 10, 4)),
    ((None, None, 4), {"window": (3,), "strides": (1,), "padding": "valid"}, (None, None, 4)),
]


@pytest.mark.parametrize(("shape", "choices", "output"), SLIDES)
def test_slide(shape: Shape, choices: dict[str, Any], output: Shape) -> None:
    assert slide(shape, **choices) == output


@pytest.mark.parametrize(("dilation", "message", "help"), [
    (None, "cannot fit a kernel_size of 5 on axis 2 of (None, 8, 4, 3)",
     'set padding to "same", or make kernel_size 4 or less'),
    ((1, 3), "cannot fit a kernel_size of 5, spread over 13 by dilation_rate, on axis 2 of (None, 8, 4, 3)",
     'set padding to "same", or make kernel_size or dilation_rate smaller'),
])  # fmt: skip
def test_a_window_that_is_too_large(dilation: tuple[int, ...] | None, message: str, help: str) -> None:
    with pytest.raises(RuleError) as caught:
        slide((None, 8, 4, 3), (5, 5), (1, 1), "valid", dilation=dilation)
    assert (caught.value.problem.message, caught.value.problem.help) == (message, help)
    assert caught.value.problem.path == ("kernel_size",)


def test_lengths() -> None:
    assert lengths((None, 8, 4, 3), 2) == (8, 4)
    assert lengths((None, 3, 8), 1, "channels_first") == (8,)
    with pytest.raises(RuleError, match=r"needs an input of 4 dimensions, got \(None, 8, 3\) with 3"):
        lengths((None, 8, 3), 2)


def test_other_lengths() -> None:
    assert resized((None, 8, 4, 3), (16, 8)) == (None, 16, 8, 3)
    assert resized((None, 3, 8), (4,), "channels_first", channels=6) == (None, 6, 4)
