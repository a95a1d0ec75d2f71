"""Tensors of unlike sizes that meet: padding, strides, projections and cropping, with their numbers."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.helps import fixed_by, helps

CONV = "type: Conv2D, kernel_size: 3, filters: 8"
# the Input's shape, the items, the help, and a change that follows it
CASES = {
    "a skip without padding": ("[28, 28, 3]", [f"{{{CONV}, name: a, padding: same}}", f"{{{CONV}, name: b, from: x}}", "{type: Concatenate, from: [a, b]}"],
        "set padding: same on 'b'", ("name: b", "name: b, padding: same")),
    "a residual path without padding": ("[28, 28, 8]", [f"{{{CONV}, name: a}}", f"{{{CONV}, name: b}}", "{type: Add, from: [x, b]}"],
        "set padding: same on 'b' and 'a'", ("kernel_size: 3, filters: 8, name: b", "kernel_size: 3, filters: 8, name: b, padding: same")),
    "an operation": ("[28, 28, 8]", [f"{{{CONV}, name: a}}", "{type: ops.multiply, from: [x, a]}"], "set padding: same on 'a'", ("name: a", "name: a, padding: same")),
    "pooled to another size": ("[28, 28, 8]", ["{type: MaxPooling2D, name: p, pool_size: 3, strides: 1}", "{type: Average, from: [x, p]}"],
        "set padding: same on 'p'", ("name: p", "name: p, padding: same")),
    "strides on one way only": ("[15, 15, 3]", [f"{{{CONV}, name: a, strides: 2, padding: same}}", "{type: Conv2D, name: s, kernel_size: 1, filters: 8, from: x}", "{type: Add, from: [a, s]}"],
        "set strides: 2 on 's'", ("name: s", "name: s, strides: 2")),
    "another number of channels": ("[28, 28, 3]", [f"{{{CONV}, name: a, padding: same}}", "{type: Add, from: [a, x]}"],
        "put a Conv2D with filters: 8 and kernel_size: 1 on the shortcut, after 'x'",
        ("- {type: Add, from: [a, x]}", "- {type: Conv2D, name: p, filters: 8, kernel_size: 1, from: x}\n- {type: Add, from: [a, p]}")),
    "another size and number of channels": ("[28, 28, 3]", [f"{{{CONV}, name: a, strides: 2, padding: same}}", "{type: Add, from: [a, x]}"],
        "put a Conv2D with filters: 8, kernel_size: 1, strides: 2 and padding: same on the shortcut, after 'x'",
        ("- {type: Add, from: [a, x]}", "- {type: Conv2D, name: p, filters: 8, kernel_size: 1, strides: 2, padding: same, from: x}\n- {type: Add, from: [a, p]}")),
    "another number of units": ("[9]", ["{type: Dense, name: d, units: 4}", "{type: Add, from: [d, x]}"],
        "put a Dense layer with units: 4 on the shortcut, after 'x'",
        ("- {type: Add, from: [d, x]}", "- {type: Dense, name: p, units: 4, from: x}\n- {type: Add, from: [d, p]}")),
    "not made larger again": ("[28, 28, 3]", [f"{{{CONV}, name: a, padding: same}}", "MaxPooling2D", f"{{{CONV}, name: b, padding: same}}", "{type: Concatenate, from: [b, a]}"],
        "put an UpSampling2D with size: 2 after 'b'",
        ("- {type: Concatenate, from: [b, a]}", "- {type: UpSampling2D, name: u, size: 2, from: b}\n- {type: Concatenate, from: [u, a]}")),
    "an odd size halved and doubled": ("[25, 24, 3]", ["MaxPooling2D", "{type: UpSampling2D, name: u}", "{type: Concatenate, from: [u, x]}"],
        "put a Cropping2D with cropping: [[1, 0], [0, 0]] after 'x'",
        ("- {type: Concatenate, from: [u, x]}", "- {type: Cropping2D, name: c, cropping: [[1, 0], [0, 0]], from: x}\n- {type: Concatenate, from: [u, c]}")),
    "an odd length": ("[9, 4]", ["MaxPooling1D", "{type: UpSampling1D, name: u}", "{type: Concatenate, from: [u, x]}"],
        "put a Cropping1D with cropping: [1, 0] after 'x'",
        ("- {type: Concatenate, from: [u, x]}", "- {type: Cropping1D, name: c, cropping: [1, 0], from: x}\n- {type: Concatenate, from: [u, c]}")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_joins(name: str) -> None:
    shape, items, help, change = CASES[name]
    text = f"layers:\n- {{type: Input, name: x, shape: {shape}}}\n" + "".join(f"- {item}\n" for item in items)
    assert helps(text) == [help]
    changes = [change]
    if name == "a residual path without padding":
        changes.append(("name: a", "name: a, padding: same"))
    assert fixed_by(text, *changes)


def test_a_skip_of_another_copy() -> None:
    text = """
blocks:
  up:
    inputs: [x, skip]
    layers:
      - {type: UpSampling2D, name: bigger, from: x}
      - {type: Concatenate, name: out, from: [bigger, skip]}
    outputs: [out]
layers:
  - {type: Input, name: image, shape: [32, 32, 3]}
  - {type: Conv2D, name: down, filters: 4, kernel_size: 3, strides: 2, padding: same, repeat: 3}
  - {type: up, name: up, repeat: 2, from: [down, WHICH]}
"""
    assert helps(text.replace("WHICH", "down_2")) == [
        "'down_1' fits, and every copy takes 'down_2': to follow the copies, write down_$(2 - index)"
    ]
    assert helps(text.replace("WHICH", "down_$(2 - index)")) == []


def test_constants_that_keras_adds_in_the_other_order_only() -> None:
    items = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: ops.arange, name: place, stop: 4, dtype: float32}
      - {formula: "place - place[:, None]", name: apart}
      - {formula: "SUM", name: sum}
      - {formula: "x @ sum", name: y}
    """
    assert told(items.replace("SUM", "apart + (place - 1)[:, None]")) == [
        "5:16 shape-mismatch: 'sum' (ops.add) cannot add (4, 1) to (4, 4): Keras takes it for a bias of another axis | "
        "write (place - 1)[:, None] + apart"
    ]
    assert told(items.replace("SUM", "(place - 1)[:, None] + apart")) == []
    assert told(items.replace("SUM", "2 * (apart + place[:, None])"))[0].endswith("give the two in the other order")
    assert "counted from the last axis" in told(items.replace("SUM", "apart + arange(3)"))[0]  # and no layer after one
