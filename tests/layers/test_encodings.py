"""What comes of categories that are encoded, and what Keras announces of it."""

from __future__ import annotations

import pytest

from specc.diagnostics.problem import RuleError
from specc.layers.encodings import encoded_tensor, need_countable, need_integers
from specc.shapes import Shape


@pytest.mark.parametrize(("mode", "shape", "announced", "real"), [
    ("one_hot", (None, 4), (None, 4, 9), (None, 4, 9)),
    ("one_hot", (None, 1), (None, 9), (None, 9)),
    ("multi_hot", (None, 4), (None, 9), (None, 9)),
    ("count", (None, 2, 3), (None, 2, 9), (None, 3, 9)),  # Keras counts along the axis after the batch axis
    ("count", (None,), (9,), (9,)),
])  # fmt: skip
def test_shapes(mode: str, shape: Shape, announced: Shape, real: Shape) -> None:
    found = encoded_tensor(shape, 9, mode, "float32")
    assert (found.symbolic.shape, found.shape) == (announced, real)


@pytest.mark.parametrize(("mode", "shape", "sparse", "message"), [
    ("one_hot", (None, None), False, "needs to know the size of the last axis of (None, None) to encode it by one_hot"),
    ("one_hot", (None, 4), True, "cannot encode (None, 4) sparsely by one_hot"),
    ("count", (None, 2, 3), True, "cannot encode (None, 2, 3) sparsely by count"),
])  # fmt: skip
def test_what_cannot_be_encoded(mode: str, shape: Shape, sparse: bool, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        encoded_tensor(shape, 9, mode, "float32", sparse=sparse)
    assert caught.value.problem.message == message


def test_a_ragged_tensor_stays_ragged_one_hot_only() -> None:
    assert encoded_tensor((None, None), 9, "one_hot", "float32", ragged=True).ragged
    assert not encoded_tensor((None, None), 9, "count", "float32", ragged=True).ragged


def test_dtypes_in_which_tensorflow_counts() -> None:
    need_countable("int32", 2, "count")
    need_countable("float16", 2, "one_hot")
    need_countable("float16", 3, "count")
    need_integers("int64")
    with pytest.raises(RuleError, match="cannot encode categories in float16"):
        need_countable("float16", 2, "multi_hot")
    with pytest.raises(RuleError, match="cannot encode categories in string"):
        need_countable("string", 2, "one_hot")
    with pytest.raises(RuleError, match="cannot count sparsely in float32"):
        need_integers("float32")
