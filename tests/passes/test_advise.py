"""The warnings of a sound spec, those of all stages at once; and none beside an error."""

from __future__ import annotations

from tests.support.checking import said

TEXT = """
    vars: {unused: 3}
    layers:
      - {type: Input, name: x, shape: [6], dtype: int32}
      - {type: Embedding, name: e, input_dim: 9, output_dim: 4, mask_zero: true}
      - {type: Flatten, name: flat}
      - {type: Add, name: größe, from: flat}
      - {type: Dense, name: y, units: 4}
    compile: {loss: categorical_crossentropy, metrics: [sparse_categorical_accuracy]}
"""


def test_all_warnings_are_told_at_once() -> None:
    assert said(TEXT) == [
        "1:8 unused-var: nothing uses the var 'unused', so changing it has no effect",
        '6:23 name-for-tensorflow: TensorFlow cannot run a layer named "größe": predict and fit will fail',
        "6:36 merge-of-one: 'größe' (Add) gets only one tensor: 'flat'",
        "8:17 loss-mismatch: loss of \"y\": CategoricalCrossentropy takes probabilities, but 'y' has no activation that gives them",
        '8:53 loss-mismatch: metrics of "y": SparseCategoricalAccuracy takes class numbers, and the loss CategoricalCrossentropy takes targets with a value for each class',
    ]


def test_an_error_stands_alone() -> None:
    assert said(TEXT.replace("output_dim: 4", "output_dim: 0")) == [
        "4:58 argument-value: 'e' (Embedding): output_dim must be a positive integer, not 0"
    ]
