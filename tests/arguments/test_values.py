"""What a wrong value was meant to be: the help is the value to write, and the argument takes that."""

from __future__ import annotations

from typing import Any

import pytest

from specc import layers
from specc.arguments.values import takes
from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, units: 4, dtype: tf.float32}", "write float32"),
    ("{type: Dense, units: 4, dtype: half}", "write float16"),
    ("{type: Dense, units: 4, dtype: mixed_precision}", "write mixed_float16"),
    ("{type: Dense, units: 4, kernel_regularizer: 0.01}", "write {type: L2, l2: 0.01}"),
    ("{type: Dropout, rate: 50}", "write 0.5: a fraction, not a percentage"),
    ("{type: Reshape, target_shape: [2, 4], dtype: np.int}", "write int32"),
])  # fmt: skip
def test_values(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Conv2D, filters: 4, kernel_size: 3, padding: 1}", "write same, which keeps the size where strides is 1; for a number "
     "of pixels put a ZeroPadding layer before it"),
    ("{type: Conv2D, filters: 4, kernel_size: 3, data_format: NHWC}", "write channels_last"),
    ("{type: UpSampling2D, interpolation: linear}", "write bilinear"),
])  # fmt: skip
def test_values_of_image_layers(item: str, help: str) -> None:
    assert helps(f"layers:\n  - {{type: Input, name: x, shape: [8, 8, 3]}}\n  - {item}\n") == [help]


def test_null_for_a_number() -> None:
    text = f"{X}  - {{type: Dense, units: 4}}\ncompile: {{optimizer: {{type: Adam, epsilon: null}}, loss: mse}}\n"
    assert helps(text) == ["remove epsilon for Keras's default, 1e-07"]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, units: [64, 32]}", "write an item for each: {type: Dense, units: 64}, {type: Dense, units: 32}"),
    ("{type: [Dense, ReLU], units: 4}", "write an item for each: {type: Dense}, {type: ReLU}"),
    ("{type: Input, shape: -8}", "write [8]; in a list below it, '- 8' with a space"),
    ("{type: Dense, units: '1,024'}", "write 1024"),
    ("{type: Dense, units: 10 units}", "write 10"),
    ("{type: Dense, units: 4, use_bias: 'no'}", "write false: yes, no, on and off are strings"),
    ("{type: Dropout, rate: 50%}", "write 0.5"),
    ("{type: Reshape, target_shape: 2x4}", "write [2, 4]"),
    ("{type: Reshape, target_shape: '(2, 4)'}", "YAML and JSON have no tuples: write [2, 4]"),
    ("{type: Dense, units: 2 * 3}", "write $(2 * 3)"),
    ("{type: Dense, units: None}", "remove units"),
    ("{type: Dense, units: 4, activation: None, bias_regularizer: None}", "write null"),
])  # fmt: skip
def test_other_forms(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n")[0] == help


def test_sizes_in_the_place_of_another_argument() -> None:
    text = "layers:\n  - {type: Input, shape: [8, 8, 3]}\n  - {type: Conv2D, filters: [3, 3], kernel_size: 32}\n"
    assert helps(text) == ["set filters to a positive integer"]


@pytest.mark.parametrize(("name", "value", "right"), [
    ("units", 4, True),
    ("units", "4", False),
    ("units", 0, False),
    ("activation", "relu", True),
    ("activation", "no such", False),
    ("filters", 4, False),  # Dense has none
])  # fmt: skip
def test_whether_an_argument_takes_a_value(name: str, value: Any, right: bool) -> None:
    cls = layers.find("Dense")
    assert cls is not None
    assert takes(cls, name, value) == right
