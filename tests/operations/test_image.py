"""The operations of `specc.operations.image` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("image.rgb_to_grayscale", (None, 4, 4, None), {}, False),
    ("image.rgb_to_hsv", (None, 3, 4, 4), {"data_format": "channels_first"}, True),
    ("image.hsv_to_rgb", (4, 4, 1), {}, False),
    ("image.gaussian_blur", (4, 4, None), {"kernel_size": [3, 5], "sigma": [0.5, 2]}, True),
    ("image.gaussian_blur", Tensor((None, 4, 4, 3), "float16"), {}, False),
    ("image.sobel_edges", (4, 4, 3), {}, False),
    (
        "image.crop_images",
        (None, 8, 8, 3),
        {"top_cropping": 1, "target_height": 4, "left_cropping": 1, "right_cropping": 2},
        True,
    ),
    (
        "image.pad_images",
        (None, None, None, 3),
        {"top_padding": 1, "bottom_padding": 2, "left_padding": 1, "right_padding": 0},
        True,
    ),
    (
        "image.pad_images",
        (None, 8, 8, 3),
        {"top_padding": 5, "target_height": 12, "left_padding": 0, "right_padding": 0},
        False,
    ),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "image.resize",
        (8, 8, 3),
        {"size": [2, 2], "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
        "cannot both crop and pad to the aspect ratio",
        "choose one",
    ),
    ("image.hsv_to_rgb", (4, 4, 1), {}, "needs images of 3 channels, got (4, 4, 1) with 1", None),
    (
        "image.crop_images",
        (8, 8, 3),
        {"top_cropping": 1, "left_cropping": 1, "right_cropping": 1},
        "needs two of top_cropping, bottom_cropping and target_height, and has 1",
        "they give the third",
    ),
    (
        "image.crop_images",
        (8, 8, 3),
        {"top_cropping": 1, "bottom_cropping": 1, "target_height": 6, "left_cropping": 1, "right_cropping": 1},
        "needs two of top_cropping, bottom_cropping and target_height, and has 3",
        "they give the third",
    ),
    (
        "image.crop_images",
        (8, 8, 3),
        {"top_cropping": 4, "bottom_cropping": 4, "left_cropping": 1, "right_cropping": 1},
        "takes all 8 of axis 0 away, got (8, 8, 3)",
        None,
    ),
    (
        "image.pad_images",
        (None, 8, 8, 3),
        {"top_padding": 5, "target_height": 12, "left_padding": 0, "right_padding": 0},
        "cannot make 12 of the 8 on axis 1 of (None, 8, 8, 3)",
        "top_padding and bottom_padding cannot be negative",
    ),
    (
        "image.crop_images",
        (None, None, None, 3),
        {"bottom_cropping": 1, "target_height": 1, "left_cropping": 1, "right_cropping": 0},
        "needs a known size on axis 1 with target_height, got (None, None, None, 3)",
        "give that dimension a number in the Input's shape",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
