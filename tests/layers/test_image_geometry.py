"""Crops and moves of images: sizes that are larger than the image, and what a layer needs to know of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.layer_agreement import agree
from tests.support.layer_checks import problem, refusal


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_a_crop_scales_smaller_images_in_float32(policy: str) -> None:
    for height, width in ((2, 2), (2, 6), (6, 2), (3, 4), (6, 6)):
        for arguments in ({}, {"data_format": "channels_first"}):
            shape = (None, 3, height, width) if arguments else (None, height, width, 3)
            agree("CenterCrop", {"height": 3, "width": 4, **arguments}, shape, policy=policy, run=True, accepted=True)


@pytest.mark.parametrize("name", ["CenterCrop", "RandomCrop"])
def test_a_crop_larger_than_the_image_scales_it(name: str) -> None:
    assert agree(name, {"height": 9, "width": 3}, (None, 4, 4, 3), run=True, accepted=True)


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "help"),
    [
        (
            "RandomPerspective",
            {},
            (None, 1, 28, 3),
            "needs images of at least 2 pixels in height and width, got (None, 1, 28, 3)",
            "set 'data_format' to where the channels are, or resize the images before it",
        ),
        (
            "RandomErasing",
            {"fill_value": [1, 2, 3]},
            (None, 28, 28, 1),
            "cannot fill (None, 28, 28, 1) with 3 numbers: they go along the last axis",
            "give 'fill_value' as one number",
        ),
    ],
)
def test_refuses(name: str, arguments: dict[str, Any], shape: Any, message: str, help: str) -> None:
    error = refusal(name, arguments, shape)
    assert (error.message, error.help) == (message, help)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        (
            "RandomZoom",
            {"height_factor": -1},
            "height_factor must be a number above -1 and up to 1 or a list of 2 such numbers, not -1",
            "set height_factor to a number above -1 and up to 1 or a list of 2 such numbers",
        ),
        (
            "Resizing",
            {"height": 4, "width": 4, "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
            "takes 'crop_to_aspect_ratio' or 'pad_to_aspect_ratio', not both",
            "remove one",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    assert problem(name, arguments)[:2] == (message, help)
