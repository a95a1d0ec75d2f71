"""Initializers, regularizers and constraints that do not fit the weights that they are for."""

from __future__ import annotations

import pytest

from tests.support.checking import told

REFUSED = {
    "initializers": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3, kernel_initializer: {type: Identity}}
          - {type: Dense, name: b, units: 3, bias_initializer: {type: Identity}}
          - {type: Embedding, name: c, input_dim: 3, output_dim: 2, dtype: int32, from: x}
        """,
        [
            "4:56 initializer-shape: 'b' (Dense) has an initializer that does not fit its bias of (3,): Identity makes a matrix and cannot fill (3,) | choose another initializer for it",
            "5:81 initializer-shape: 'c' (Embedding) cannot fill its embeddings of dtype int32 at random | choose zeros, ones or a Constant as the initializer, or a float dtype",
        ],
    ),
    "regularizers and constraints": (
        """
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: Conv2D, name: a, filters: 3, kernel_size: 3, kernel_regularizer: {type: OrthogonalRegularizer}}
          - {type: Dense, name: b, units: 3, bias_constraint: {type: MaxNorm, axis: 1}, from: x}
        """,
        [
            "3:77 regularizer-shape: 'a' (Conv2D) has a regularizer that does not fit its kernel of (3, 3, 3, 3): OrthogonalRegularizer needs a matrix, got (3, 3, 3, 3) | choose another regularizer for it",
            "4:55 constraint-shape: 'b' (Dense) has a constraint that does not fit its bias of (3,): MaxNorm has axis 1, which a weight of shape (3,) does not have | choose another constraint for it",
        ],
    ),
    "of weights with other names": (
        """
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: SeparableConv2D, name: a, filters: 3, kernel_size: 3, depthwise_constraint: {type: MaxNorm, axis: 5}}
          - {type: Reshape, name: r, target_shape: [8, 24], from: x}
          - {type: LSTM, name: b, units: 3, recurrent_constraint: {type: MaxNorm, axis: 5}}
          - {type: DepthwiseConv2D, name: c, kernel_size: 3, depthwise_constraint: {type: MaxNorm, axis: 5}, from: x}
          - {type: DepthwiseConv2D, name: d, kernel_size: 3, depthwise_initializer: identity, from: x}
        """,
        [
            "3:88 constraint-shape: 'a' (SeparableConv2D) has a constraint that does not fit its depthwise_kernel of (3, 3, 3, 1): MaxNorm has axis 5, which a weight of shape (3, 3, 3, 1) does not have | choose another constraint for it",
            "5:59 constraint-shape: 'b' (LSTM) has a constraint that does not fit its recurrent_kernel of (3, 12): MaxNorm has axis 5, which a weight of shape (3, 12) does not have | choose another constraint for it",
            "6:76 constraint-shape: 'c' (DepthwiseConv2D) has a constraint that does not fit its kernel of (3, 3, 3, 1): MaxNorm has axis 5, which a weight of shape (3, 3, 3, 1) does not have | choose another constraint for it",
            "7:77 initializer-shape: 'd' (DepthwiseConv2D) has an initializer that does not fit its kernel of (3, 3, 3, 1): Identity makes a matrix and cannot fill (3, 3, 3, 1) | choose another initializer for it",
        ],
    ),
    "of the output": (
        """
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: Dense, name: a, units: 3, activity_regularizer: {type: OrthogonalRegularizer}}
        """,
        [
            "3:60 regularizer-shape: 'a' (Dense) has an activity_regularizer that does not fit its output (None, 8, 8, 3) of float32: OrthogonalRegularizer needs a matrix, got (None, 8, 8, 3) | choose another regularizer for it",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_what_fits_is_accepted() -> None:
    assert (
        told("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3, kernel_initializer: {type: Orthogonal}, kernel_regularizer: {type: OrthogonalRegularizer}}
          - {type: Dense, name: b, units: 3, bias_constraint: NonNeg, activity_regularizer: l2}
    """)
        == []
    )
