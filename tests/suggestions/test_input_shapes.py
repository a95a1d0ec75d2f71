"""Shapes of Inputs that cannot be meant: with the batch axis, without channels, with them first."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps

FIRST = "the channels are first in 'x', but the layers take them last: write shape: [%s], or set data_format: channels_first on the layers"


BLOCK = "blocks: {b: {inputs: [a], layers: [{type: Conv2D, name: c, filters: 2, kernel_size: 3}, MaxPooling2D, {type: ReLU, name: r}], outputs: [r]}}\n"

# what stands before the layers, the Input's arguments, the items; the help; what the Input should say


CASES = {
    "a batch axis": ("", "shape: [null, 28, 28, 1]", ["{type: Conv2D, filters: 3, kernel_size: 3}"], "remove the batch axis from 'x': shape: [28, 28, 1]", "shape: [28, 28, 1]"),
    "a batch size": ("", "shape: [32, 28, 28, 1]", ["BatchNormalization", "{type: Conv2D, filters: 3, kernel_size: 3}"], "remove the batch axis from 'x': shape: [28, 28, 1]", "shape: [28, 28, 1]"),
    "a batch axis of sequences": ("", "shape: [null, 28, 4]", ["{type: Dense, units: 3}", "{type: LSTM, units: 3}"], "remove the batch axis from 'x': shape: [28, 4]", "shape: [28, 4]"),
    "a batch axis of words": ("", "shape: [null, 28], dtype: int32", ["{type: Embedding, input_dim: 9, output_dim: 3}", "{type: GRU, units: 3}"], "remove the batch axis from 'x': shape: [28]", "shape: [28], dtype: int32"),
    "a batch axis that is made flat": ("", "shape: [null, 8, 8, 1]", ["Flatten", "{type: Dense, units: 3}"], "remove the batch axis from 'x': shape: [8, 8, 1]", "shape: [8, 8, 1]"),
    "a batch axis before image layers": ("", "shape: [null, 8, 8, 3]", ["{type: Resizing, height: 4, width: 4}"], "remove the batch axis from 'x': shape: [8, 8, 3]", "shape: [8, 8, 3]"),
    "a batch axis in batch_shape": ("", "batch_shape: [2, null, 8, 8, 3]", ["MaxPooling2D"], "remove the batch axis from 'x': batch_shape: [2, 8, 8, 3]", "batch_shape: [2, 8, 8, 3]"),
    "no channels": ("", "shape: [28, 28]", ["{type: Rescaling, scale: 0.1}", "{type: Conv2D, filters: 3, kernel_size: 3}"], "the last axis of an image is its channels: write shape: [28, 28, 1] on 'x'", "shape: [28, 28, 1]"),
    "no features": ("", "shape: [28]", ["{type: LSTM, units: 3}"], "the last axis is the features: write shape: [28, 1] on 'x'", "shape: [28, 1]"),
    "an axis of size 1": ("", "shape: [4, 1]", ["{type: RepeatVector, n: 3}"], "write shape: [4] on 'x'", "shape: [4]"),
    "channels first": ("", "shape: [1, 48, 48]", ["{type: Conv2D, filters: 3, kernel_size: 3}", "MaxPooling2D"], FIRST % "48, 48, 1", "shape: [48, 48, 1]"),
    "channels first, seen late": ("", "shape: [3, 64, 64]", ["{type: Conv2D, filters: 3, kernel_size: 3, padding: same}", "MaxPooling2D", "ReLU", "{type: Conv2D, filters: 3, kernel_size: 3, padding: same}", "MaxPooling2D"], FIRST % "64, 64, 3", "shape: [64, 64, 3]"),
    "channels first in a row": ("", "shape: [3, 100]", ["{type: Conv1D, filters: 3, kernel_size: 5}"], FIRST % "100, 3", "shape: [100, 3]"),
    "channels first in volumes": ("", "shape: [1, 9, 9, 9]", ["{type: AveragePooling3D, pool_size: 2}"], FIRST % "9, 9, 9, 1", "shape: [9, 9, 9, 1]"),
    "channels first before a block": (BLOCK, "shape: [1, 48, 48]", ["{type: b, name: i}"], FIRST % "48, 48, 1", "shape: [48, 48, 1]"),
    "channels first before a nested model": (BLOCK, "shape: [1, 48, 48]", ["{type: b, name: i, nested: true}"], FIRST % "48, 48, 1", "shape: [48, 48, 1]"),
    "channels first at each step": ("", "shape: [5, 1, 48, 48]", ["{type: TimeDistributed, layer: {type: Conv2D, filters: 2, kernel_size: 3}}"], None, "shape: [5, 48, 48, 1]"),
    "channels last": ("", "shape: [48, 48, 1]", ["{type: Conv2D, name: c, filters: 2, kernel_size: 3, data_format: channels_first}"], "the channels are last in 'x': remove data_format from 'c', or write shape: [1, 48, 48]", "shape: [1, 48, 48]"),
    "indices without an Embedding": ("", "shape: [9], dtype: int32", ["{type: LSTM, name: l, units: 2}"], "put an Embedding layer after 'x'", None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_shapes(name: str) -> None:
    before, written, items, help, right = CASES[name]
    text = f"{before}layers:\n- {{type: Input, name: x, {written}}}\n" + "".join(f"- {item}\n" for item in items)
    if help is not None:
        assert helps(text) == [help]
    if right is not None:
        assert fixed_by(text, (written, right))


@pytest.mark.parametrize("items", [
    ["{type: Conv2D, filters: 3, kernel_size: 33}"],  # too large for the image either way
    ["Flatten", "{type: Reshape, target_shape: [5, 5]}"],
], ids=str)  # fmt: skip
def test_what_no_shape_mends(items: list[str]) -> None:
    text = "layers:\n- {type: Input, name: x, shape: [32, 32, 3]}\n" + "".join(f"- {item}\n" for item in items)
    assert "shape: [" not in helps(text)[0]


def test_unlike_batch_sizes() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [10, 3], batch_size: 16}
          - {type: Input, name: z, batch_shape: [8, 10, 3]}
          - {type: Dense, name: d, units: 3}
          - {type: Concatenate, name: y, from: [x, d]}
    """
    assert helps(text) == ["give 'x' (16) and 'z' (8) the same batch_size, or none"]
    assert fixed_by(text, ("batch_size: 16", "batch_size: 8"))
    assert fixed_by(text, (", batch_size: 16", ""), ("batch_shape: [8, 10, 3]", "shape: [10, 3]"))


TWO = "[{type: Dense, name: o, units: 2, from: x}, {type: Dense, name: p, units: 3, from: x}]"


def test_a_wrapped_block_of_two_outputs() -> None:
    assert helps(f"""
        blocks: {{b: {{inputs: [x], layers: {TWO}, outputs: [o, p]}}}}
        layers:
          - {{type: Input, name: x, shape: [5, 8]}}
          - {{type: TimeDistributed, name: t, layer: b}}
    """) == ["a wrapped block has one output: write outputs: [o] in the block 'b', or join them in it"]
