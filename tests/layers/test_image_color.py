"""Changes of colours: the channels that they need, and what Keras makes of an Equalization."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from tests.support.layer_agreement import agree
from tests.support.layer_checks import problem, refusal
from tests.support.layer_running import agree_and_run


def test_keras_drops_equalization() -> None:
    image = keras.Input((4, 4, 3))
    assert keras.layers.Equalization()(image) is image
    error = refusal("Equalization", {}, (None, 4, 4, 3))
    assert error.message == "is dropped by Keras when it is in a model by itself"
    assert error.help == "put it into a Pipeline: {type: Pipeline, layers: [Equalization]}"


def test_grey_images_keep_their_colour_in_a_pipeline() -> None:
    item = {"type": "RandomColorDegeneration", "factor": 0.5}
    assert agree("Pipeline", {"layers": [item]}, (None, 4, 4, 1), run=True, accepted=True)
    assert agree_and_run("Pipeline", {"layers": [item]}, (None, 4, 4, 4), {"training": False})
    assert not agree("Pipeline", {"layers": [item]}, (None, 4, 4, 4))
    for channels in (1, 4):
        assert not agree(
            "RandomColorDegeneration", {"factor": 0.5}, (None, 4, 4, channels), options={"training": False}
        )


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "help"),
    [
        (
            "RandomHue",
            {"factor": 0.1},
            (None, 28, 28, 1),
            "needs images of 3 channels, got (None, 28, 28, 1) with 1",
            "set 'data_format' to where the channels are: channels_last or channels_first",
        ),
        (
            "RandomColorJitter",
            {"hue_factor": 0.1, "data_format": "channels_first"},
            (None, 3, 28, 28),
            "needs 3 channels on the last axis to change colours, got (None, 3, 28, 28)",
            "give it RGB images with the channels last, or remove 'hue_factor'",
        ),
        (
            "ContrastLimitedAdaptiveHistogramEqualization",
            {},
            (None, 3, 28, 3),
            "cannot cut 3 pixels into 8 tiles",
            "use at most 6 tiles there",
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
            "RandomContrast",
            {"factor": [2, 3]},
            "factor must be a number from 0 to 1 or a list of 2 such numbers, not [2, 3]",
            "set factor to a number from 0 to 1 or a list of 2 such numbers",
        ),
        (
            "RandomPosterization",
            {"factor": 2.5},
            "factor must be an integer from 1 to 8 or a list of 2 such integers, not 2.5",
            "in an expression, int(...) and round(...) make an integer, and // of two integers does",
        ),
        (
            "RandomGaussianBlur",
            {"kernel_size": 4},
            "kernel_size must be an odd positive integer or a list of 2 such integers, not 4",
            "set kernel_size to an odd positive integer or a list of 2 such integers",
        ),
        (
            "RandomInvert",
            {"value_range": [0, 1, 2]},
            "value_range must be a list of 2 numbers, the least and the greatest value, not [0, 1, 2]",
            "set value_range to a list of 2 numbers, the least and the greatest value",
        ),
        (
            "Equalization",
            {"value_range": [1, 1]},
            "needs two different numbers in value_range",
            "for instance [0, 255]",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    assert problem(name, arguments)[:2] == (message, help)
