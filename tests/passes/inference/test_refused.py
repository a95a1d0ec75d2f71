"""Layers that cannot take their inputs: all of them, each once, with what gives them and what to write."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import spec, told

REFUSED = {
    "a fix up the graph comes before the layer s own": (
        """
        layers:
          - {type: Input, name: x, shape: [28, 4]}
          - {type: LSTM, name: l, units: 4}
          - {type: Dropout, name: d, rate: 0.5}
          - {type: GRU, name: y, units: 2}
        """,
        [
            "5:5 shape-mismatch: 'y' (GRU) needs an input of 3 dimensions, got (None, 4) with 2 | set return_sequences: true on 'l'",
        ],
    ),
    "an argument that is written is the place": (
        """
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: Conv2D, name: a, filters: 3, kernel_size: 9}
          - {type: MaxPooling2D, name: b, from: x}
          - {type: Reshape, name: c, target_shape: [7], from: x}
        """,
        [
            "3:54 shape-mismatch: 'a' (Conv2D) cannot fit a kernel_size of 9 on axis 1 of (None, 8, 8, 3) | set padding to \"same\", or make kernel_size 8 or less",
            "5:44 shape-mismatch: 'c' (Reshape) cannot make (7,) of (None, 8, 8, 3): 7 values for 192 | both shapes, without the batch axis, must have the same number of values; -1 means the remaining size",
        ],
    ),
    "inside of a nested model once for each layer": (
        """
        blocks: {unit: {inputs: [a], layers: [{type: Conv2D, name: c, filters: 2, kernel_size: 9}, {type: LSTM, name: d, units: 2, from: a}, {type: Flatten, name: e, from: c}, {type: Add, name: y, from: [d, e]}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: unit, name: u, nested: true}
          - {type: Dense, name: w, units: 3}
        """,
        [
            "1:88 shape-mismatch: 'c' (Conv2D) cannot fit a kernel_size of 9 on axis 1 of (None, 8, 8, 3) | set padding to \"same\", or make kernel_size 8 or less",
            "1:130 shape-mismatch: 'd' (LSTM) needs an input of 3 dimensions, got (None, 8, 8, 3) with 4 | put {type: Reshape, target_shape: [8, 24]} before it: then each row is a step",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_what_gives_the_inputs_is_told_with_shape_and_dtype() -> None:
    (found,) = specc.check(
        spec("""
        layers:
          - {type: Input, name: a, shape: [8]}
          - {type: Input, name: b, shape: [9], dtype: int32}
          - {type: Dense, name: c, units: 3, repeat: 2, from: a}
          - {type: Add, name: sum, from: [c, b]}
    """)
    )
    assert [(it.message, it.place.path) for it in found.related] == [
        ("'c_2' gives (None, 3)", ("layers", 2)),
        ("gives (None, 9) int32", ("layers", 1)),
    ]
