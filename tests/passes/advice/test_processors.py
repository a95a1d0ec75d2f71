"""A softmax that oneDNN cannot compute on a processor."""

from __future__ import annotations

import pytest

from tests.support.checking import told

TOLD = {
    "over one of six axes": (
        """
        layers:
          - {type: Input, name: x, shape: [2, 2, 2, 2, 2]}
          - {type: Softmax, name: a}
          - {type: Dense, name: b, units: 3, activation: softmax}
          - {type: ops.softmax, name: c}
        """,
        [
            "3:5 needs-gpu: 'a' (Softmax) cannot run on a CPU with oneDNN, whose softmax takes at most 5 axes, got (None, 2, 2, 2, 2, 2) | put a Reshape to fewer axes before it, or set TF_ENABLE_ONEDNN_OPTS=0 where the model runs",
            "4:5 needs-gpu: 'b' (Dense) cannot run on a CPU with oneDNN, whose softmax takes at most 5 axes, got (None, 2, 2, 2, 2, 3) | put a Reshape to fewer axes before it, or set TF_ENABLE_ONEDNN_OPTS=0 where the model runs",
            "5:5 needs-gpu: 'c' (ops.softmax) cannot run on a CPU with oneDNN, whose softmax takes at most 5 axes, got (None, 2, 2, 2, 2, 3) | put a Reshape to fewer axes before it, or set TF_ENABLE_ONEDNN_OPTS=0 where the model runs",
        ],
    ),
    "float8 in an eager step": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3, dtype: float8_from_float32}
          - {type: Dense, name: b, units: 3, dtype: int8_from_float32}
        compile: {loss: mse, run_eagerly: true}
        """,
        [
            "3:45 cannot-train: 'a' (Dense) cannot train in float8 with run_eagerly | remove run_eagerly from compile",
        ],
    ),
    "over one of five or over two": (
        """
        layers:
          - {type: Input, name: x, shape: [2, 2, 2, 2]}
          - {type: Softmax, name: a}
          - {type: Input, name: y, shape: [2, 2, 2, 2, 2]}
          - {type: Softmax, name: b, axis: [1, 2]}
          - {type: Softmax, name: c, dtype: float64, from: y}
        outputs: [a, b, c]
        """,
        [],
    ),
    "scores have an axis more": (
        """
        layers:
          - {type: Input, name: x, shape: [2, 2, 2, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 2, key_dim: 2, attention_axes: 1, from: {query: x, value: x}}
          - {type: MultiHeadAttention, name: b, num_heads: 2, key_dim: 2, attention_axes: [1, 2], from: {query: x, value: x}}
        outputs: [a, b]
        """,
        [
            "3:5 needs-gpu: 'a' (MultiHeadAttention) cannot run on a CPU with oneDNN, whose softmax takes at most 5 axes, got scores of 6 | put a Reshape to fewer axes before it, or set TF_ENABLE_ONEDNN_OPTS=0 where the model runs",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_what_is_told(text: str, expected: list[str]) -> None:
    assert told(text) == expected
