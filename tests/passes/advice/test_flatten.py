"""A head that gets an image where a vector is meant."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import spec

IMAGE = "layers:\n  - {type: Input, name: x, shape: [28, 28, 1]}\n%s  - {type: Dense, name: y, units: 10, activation: softmax}\ncompile: {loss: %s}\n"
SHRUNK = "  - {type: Conv2D, filters: 4, kernel_size: 3}\n"


@pytest.mark.parametrize("layers", [SHRUNK, f"{SHRUNK}  - MaxPooling2D\n  - {{type: Dropout, rate: 0.5}}\n"])
def test_a_forgotten_flatten(layers: str) -> None:
    (found,) = specc.check(spec(IMAGE % (layers, "sparse_categorical_crossentropy")))
    assert (found.code, found.severity) == ("loss-mismatch", "warning")
    assert found.help == "put Flatten or GlobalAveragePooling2D before 'y', if an image has one label"
    assert specc.check(spec(IMAGE % (f"{layers}  - Flatten\n", "sparse_categorical_crossentropy"))) == []


def test_a_label_for_each_pixel_is_meant() -> None:
    same = "  - {type: Conv2D, filters: 4, kernel_size: 3, padding: same}\n"
    assert specc.check(spec(IMAGE % (same, "sparse_categorical_crossentropy"))) == []
    assert specc.check(spec(IMAGE % (SHRUNK, "mse"))) == []


def test_a_layer_that_mixes_places_ends_the_search() -> None:
    between = f"{SHRUNK}  - {{type: Reshape, target_shape: [26, 104]}}\n"
    assert specc.check(spec(IMAGE % (between, "sparse_categorical_crossentropy"))) == []
