"""What to write where the batch axis of a tensor lies over another axis."""

from __future__ import annotations

import pytest

from tests.support.checking import told

REFUSED = {
    "a reduction up the graph": (
        """
        layers:
          - {type: Input, name: image, shape: [8, 8, 16]}
          - {type: GlobalMaxPooling2D, name: pooled}
          - {type: Dense, name: gate, units: 16}
          - {type: ops.multiply, name: o, from: [gate, image]}
        """,
        [
            "5:41 batch-axis: 'o' (ops.multiply) runs for a batch of 1 or 8 only: it cannot broadcast (batch, 16) and (batch, 8, 8, 16) | set keepdims: true on 'pooled', or put {type: Reshape, target_shape: [1, 1, 16]} after 'gate', or use the layer Multiply",
        ],
    ),
    "a reduction that cannot keep its axes so far": (
        """
        layers:
          - {type: Input, name: x, shape: [12, 8]}
          - {type: ops.max, name: m, axis: 1}
          - {type: Flatten, name: f}
          - {type: ops.divide, name: o, from: [x, f]}
        """,
        [
            "5:39 batch-axis: 'o' (ops.divide) runs for a batch of 1 or 12 only: it cannot broadcast (batch, 12, 8) and (batch, 8) | put {type: Reshape, target_shape: [1, 8]} after 'f'",
        ],
    ),
    "matrices and vectors": (
        """
        layers:
          - {type: Input, name: a, shape: [3, 4]}
          - {type: Input, name: b, shape: [4]}
          - {type: ops.matmul, name: o, from: [a, b]}
        """,
        [
            "4:39 batch-axis: 'o' (ops.matmul) runs for a batch of 4 only: it cannot multiply (batch, 3, 4) and (batch, 4) | put {type: Reshape, target_shape: [4, 1]} after 'b'",
        ],
    ),
    "the axis of an operation": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.unstack, name: o, num: 4}
        """,
        [
            "3:39 batch-axis: 'o' (ops.unstack) runs for a batch of 4 only: it gives 4 outputs, got (batch, 4) with batch on axis 0 | axis 0 is the batch axis: set axis to another one",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
