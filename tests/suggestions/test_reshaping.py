"""Axes that are too many or too few between images and sequences; tensors that are joined on another axis."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps

IMAGE = (
    "layers:\n  - {type: Input, name: x, shape: [28, 28, 1]}\n  - {type: Conv2D, name: c, filters: 4, kernel_size: 3}\n"
)
ROWS = "{type: Reshape, target_shape: [26, 104]}"


@pytest.mark.parametrize(
    "layer", ["GlobalAveragePooling2D", "{type: Conv2D, filters: 2, kernel_size: 3}", "UpSampling2D"]
)
def test_a_flatten_too_early(layer: str) -> None:
    text = f"{IMAGE}  - {{type: Flatten, name: f}}\n  - {{type: Dropout, rate: 0.1}}\n  - {layer}\n"
    assert helps(text) == ["remove the Flatten before it ('f')"]
    assert fixed_by(text, ("  - {type: Flatten, name: f}\n", ""))


@pytest.mark.parametrize("layer", ["{type: LSTM, units: 4}", "{type: Conv1D, filters: 4, kernel_size: 3}"])
def test_an_image_as_a_sequence(layer: str) -> None:
    text = f"{IMAGE}  - {{type: Flatten, name: f}}\n  - {layer}\n"
    assert helps(text) == [f"write {ROWS} instead of the Flatten ('f'): then each row is a step"]
    assert fixed_by(text, ("{type: Flatten, name: f}", ROWS))
    text = f"{IMAGE}  - {layer}\n"
    assert helps(text) == [f"put {ROWS} before it: then each row is a step"]
    assert fixed_by(text, (f"  - {layer}", f"  - {ROWS}\n  - {layer}"))


def test_an_image_of_one_channel_as_a_sequence() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [28, 28, 1]}\n  - {type: LSTM, units: 4}\n"
    assert helps(text) == ["write shape: [28, 28] on 'x'"]
    assert fixed_by(text, ("[28, 28, 1]", "[28, 28]"))


@pytest.mark.parametrize("kind", ["Concatenate", "ops.concatenate"])
def test_joined_on_another_axis(kind: str) -> None:
    text = f"""
        layers:
          - {{type: Input, name: a, shape: [8, 3]}}
          - {{type: Input, name: b, shape: [5, 3]}}
          - {{type: {kind}, name: y, from: [a, b]}}
    """
    assert helps(text) == ["set axis: 1 on 'y', to join them there"]
    assert fixed_by(text, ("name: y", "name: y, axis: 1"))


def test_units_of_a_state() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [5, 3]}
          - {type: LSTM, name: e, units: 4, return_state: true}
          - {type: LSTM, name: d, units: 8, from: {sequences: x, initial_state: [e.state_h, e.state_c]}}
    """
    assert helps(text)[0] == "set units: 4 on 'd', as many as 'e' has"
    assert fixed_by(text, ("units: 8", "units: 4"))


def test_a_flatten_of_open_sizes() -> None:
    text = (
        IMAGE.replace("[28, 28, 1]", "[null, null, 1]") + "  - {type: Flatten, name: f}\n  - {type: Dense, units: 2}\n"
    )
    words = "write GlobalAveragePooling2D instead of the Flatten ('f'), or give the sizes numbers in the Input's shape"
    assert helps(text) == [words]
    assert fixed_by(text, ("{type: Flatten, name: f}", "GlobalAveragePooling2D"))


def test_images_for_a_sequence_of_images() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8, 8, 1]}\n  - {type: ConvLSTM2D, filters: 2, kernel_size: 3}\n"
    assert helps(text) == [
        "a sequence has the time axis before those of its images: write shape: [null, 8, 8, 1] on 'x'"
    ]
    assert fixed_by(text, ("[8, 8, 1]", "[null, 8, 8, 1]"))


def test_axes_of_a_dot() -> None:
    text = """
        layers:
          - {type: Input, name: a, shape: [1, 8]}
          - {type: Input, name: b, shape: [3, 8]}
          - {type: Dot, name: y, axes: 1, from: [a, b]}
    """
    assert helps(text) == ["set axes: -1 on 'y'"]
    assert fixed_by(text, ("axes: 1", "axes: -1"))
