"""The operations that compute a mask get automatic names of Keras; they avoid those of a spec's layers."""

from __future__ import annotations

import keras
import pytest

import specc
from specc.archive.writing.mask_names import names_before_masks
from tests.support.checking import spec

MASKED = """
    layers:
      - {type: Input, name: x, shape: [5], dtype: int32}
      - {type: Embedding, name: not_equal, input_dim: 10, output_dim: 3, mask_zero: true}
      - {type: Input, name: other, shape: [5, 2]}
      - {type: Concatenate, name: concatenate_1, from: [not_equal, other]}
      - {type: LSTM, name: any_12, units: 2}
      - {type: Dense, name: dense_3, units: 1}
    """


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("", "", {"not_equal": 1, "concatenate": 2, "any": 13}), ("concatenate_1", "concatenate", {"not_equal": 1, "concatenate": 1, "any": 13}),
    ("any_12", "any_99999", {"not_equal": 1, "concatenate": 2}), ("any_12", "any_x", {"not_equal": 1, "concatenate": 2}),
    ("mask_zero: true", "mask_zero: false", {}),
])  # fmt: skip
def test_how_many_names_keras_leaves_out(old: str, new: str, expected: dict[str, int]) -> None:
    assert names_before_masks(specc.compile(spec(MASKED.replace(old, new)))) == expected


def test_the_model_has_the_names_of_the_spec() -> None:
    keras.utils.clear_session(free_memory=False)  # Keras counts its names anew
    model = specc.build(spec(MASKED))
    names = [layer.name for layer in model.layers]
    assert len(set(names)) == len(names)
    assert {"not_equal", "concatenate_1", "any_12"} <= set(names)
    assert model.get_layer("concatenate_1").count_params() == 0
