"""What layers caution against: what cannot train, penalties that Keras cannot add to the loss."""

from __future__ import annotations

import pytest

from tests.support.checking import told

TOLD = {
    "no gradient after what is trained": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4}
          - {type: Discretization, name: b, bin_boundaries: [0.0]}
        """,
        [
            "4:5 cannot-train: 'b' (Discretization) cannot train the layers before it: it has no gradient | put it before the layers that are trained",
        ],
    ),
    "no gradient before what is trained": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Discretization, name: b, bin_boundaries: [0.0]}
          - {type: Dense, name: a, units: 4}
        """,
        [],
    ),
    "inside of a wrapper and of a nested model": (
        """
        blocks:
          b: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: Discretization, name: e, bin_boundaries: [0.0]}], outputs: [e]}
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: b, name: u, nested: true}
          - {type: Dense, name: v, units: 4, from: x}
          - {type: TimeDistributed, name: w, layer: {type: Discretization, bin_boundaries: [0.0]}}
        """,
        [
            "2:63 cannot-train: 'e' (Discretization) cannot train the layers before it: it has no gradient | put it before the layers that are trained",
            "7:5 cannot-train: 'w' (TimeDistributed) cannot train the layers before it: Discretization has no gradient | put it before the layers that are trained",
        ],
    ),
    "penalties of another dtype than the loss": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, dtype: float64, kernel_regularizer: l2}
          - {type: Dense, name: b, units: 4, dtype: float16, kernel_regularizer: l2, activity_regularizer: l1}
          - {type: Dense, name: c, units: 4, dtype: mixed_float16, kernel_regularizer: l2}
          - {type: Dense, name: d, units: 4, dtype: float64, kernel_regularizer: l2, trainable: false}
        """,
        [
            "3:74 cannot-train: 'a' (Dense) cannot train: its kernel_regularizer gives float64, which Keras cannot add to a loss of float32 | give it dtype: float32, or remove kernel_regularizer",
            "4:74 cannot-train: 'b' (Dense) cannot train: its kernel_regularizer gives float16, which Keras cannot add to a loss of float32 | give it dtype: mixed_float16, or remove kernel_regularizer",
            "4:100 cannot-train: 'b' (Dense) cannot train: its activity_regularizer gives float16, which Keras cannot add to a loss of float32 | give it dtype: float32, or remove activity_regularizer",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_what_is_told(text: str, expected: list[str]) -> None:
    assert told(text) == expected
