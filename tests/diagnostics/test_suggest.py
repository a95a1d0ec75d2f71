"""The nearest right name, and none where none is near."""

from __future__ import annotations

import time

import pytest

from specc import layers, objects
from specc.diagnostics.suggest import did_you_mean, distance, nearest


@pytest.mark.parametrize(("wrong", "right"), [
    ("Conv2d", "Conv2D"), ("conv2d", "Conv2D"), ("Desne", "Dense"), ("dense ", "Dense"), ("BatchNormalisation", "BatchNormalization"),
    ("LayerNorm", "LayerNormalization"), ("Dropuot", "Dropout"), ("MaxPooling2d", "MaxPooling2D"), ("Flaten", "Flatten"),
    ("lstm", "LSTM"), ("Embeding", "Embedding"), ("xyzzy", None), ("", None), ("Q" * 200, None),
])  # fmt: skip
def test_layers(wrong: str, right: str | None) -> None:
    assert nearest(wrong, layers.names()) == right


@pytest.mark.parametrize(("kind", "wrong", "right"), [
    ("optimizer", "Adma", "Adam"), ("activation", "rellu", "relu"), ("activation", "sofmax", "softmax"), ("metric", "acuracy", "accuracy"),
    ("initializer", "kaiming_normal", None), ("loss", "cross_entropy", "crossentropy"), ("schedule", "Cosine", "CosineDecay"),
])  # fmt: skip
def test_objects(kind: str, wrong: str, right: str | None) -> None:
    assert nearest(wrong, objects.spellings(kind)) == right


def test_the_fewest_slips_win() -> None:
    assert nearest("adma", ["adamax", "adam", "nadam"]) == "adam"
    assert nearest("batch", ["batch_size", "bath_robe"]) == "batch_size"


@pytest.mark.parametrize(("one", "other", "slips"), [
    ("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("abc", "abd", 1), ("abc", "abcd", 1), ("abc", "bc", 1), ("abc", "xyz", 3),
    ("kitten", "sitting", 3), ("ca", "abc", 3),
])  # fmt: skip
def test_distance(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_help() -> None:
    assert did_you_mean("nmae", ["name", "type"]) == "did you mean 'name'?"
    assert did_you_mean("zzz", ["name"]) is None
    assert did_you_mean("zzz", []) is None


def test_many_names_are_no_reason_to_wait() -> None:
    names = [f"layer_{index}" for index in range(100_000)]
    start = time.process_time()
    assert nearest("Layer-777", names) == "layer_777"
    assert nearest("leyer_777", names) is None
    assert time.process_time() - start < 2
