"""The masks that Keras adds to a model leave no trace; those that a person computed stay."""

from __future__ import annotations

from specc.importing.masks import without_masks
from tests.support.importing import model

LAYERS = """
    layers:
      - {type: Input, name: x, shape: [4], dtype: int32}
      - {type: Embedding, name: words, input_dim: 9, output_dim: 2, mask_zero: true}
      - {type: Masking, name: shown}
      - {type: Concatenate, name: both, axis: 1, from: [words, shown]}
      - {type: LSTM, name: state, units: 2}
    """
GIVEN = """
    layers:
      - {type: Input, name: x, shape: [4, 2]}
      - {type: Input, name: y, shape: [4, 1]}
      - {type: ops.not_equal, name: differs, from: y, x2: 0}
      - {type: ops.any, name: any, axis: -1}
      - {type: ops.cast, name: number, dtype: float32, from: differs}
      - {type: LSTM, name: state, units: 2, from: {sequences: x, mask: any}}
    outputs: [state, number]
    """


def test_the_masks_of_layers() -> None:
    read = model(LAYERS)
    assert len(read.nodes) == 16
    found = without_masks(read)
    assert list(found.nodes) == ["x", "words", "shown", "both", "state"]
    assert [list(call.tensors) for node in found.nodes.values() for call in node.calls] == [["inputs"]] * 3 + [
        ["sequences"]
    ]
    assert len(read.nodes) == 16, "the model that was read stays as it is"


def test_what_is_more_than_a_mask() -> None:
    found = without_masks(model(GIVEN))
    assert set(found.nodes) == {"x", "y", "differs", "number", "state"}  # "any" looks like a mask of Keras
