"""Tables for fewer integers than come; how many come is compared with Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import specc
from specc.passes.advice.indices import _count
from tests.support.checking import codes, said, spec

WORDS = [["a", "b", "c", "zz", "y", "x", "w", "v", "u"]]
NUMBERS = [[5, 7, 9, 11, 0, 1, 2, 3, 1000]]
SOURCES: dict[str, tuple[str, Any]] = {
    "a lookup": ("{type: StringLookup, vocabulary: [a, b, c]}", WORDS),
    "with a mask": ('{type: StringLookup, vocabulary: [a, b, c], mask_token: ""}', WORDS),
    "with more unknown": ("{type: StringLookup, vocabulary: [a, b, c], num_oov_indices: 3}", WORDS),
    "with the special ones listed": ("{type: StringLookup, vocabulary: ['[UNK]', a, b]}", WORDS),
    "padded, which an index is not": ("{type: StringLookup, vocabulary: [a, b], max_tokens: 9}", WORDS),
    "of integers": ("{type: IntegerLookup, vocabulary: [5, 7]}", NUMBERS),
    "of integers with a mask": ("{type: IntegerLookup, vocabulary: [5, 7], mask_token: 0}", NUMBERS),
    "hashes": ("{type: Hashing, num_bins: 4}", np.arange(100)[None]),
    "hashes with a mask": ("{type: Hashing, num_bins: 4, mask_value: 1}", np.arange(100)[None]),
    "bins": ("{type: Discretization, bin_boundaries: [0.0, 1.0]}", [[-5.0, 0.5, 9.0]]),
    "texts": ("{type: TextVectorization, vocabulary: [a, b]}", [["a b c a"]]),
    "the largest": ("{type: ops.argmax, axis: -1}", [[1.0, 2.0, 3.0]]),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_comes_is_what_keras_gives(name: str) -> None:
    item, data = SOURCES[name]
    tensor = tf.constant(data)
    text = f"layers:\n  - {{type: Input, name: x, shape: [{tensor.shape[1]}], dtype: {tensor.dtype.name}}}\n  - {item[:-1]}, name: s}}\n"
    graph = specc.compile(spec(text))
    node = graph.nodes["s"]
    largest = int(np.max(specc.build(spec(text))(tensor)))
    assert _count(graph, node, node.layer) == largest + 1
    for rows, expected in ((largest, ["index-out-of-range"]), (largest + 1, [])):
        table = f"  - {{type: Embedding, name: y, input_dim: {rows}, output_dim: 2}}\n"
        assert codes(text + table) == expected


def test_predict_fails_as_the_warning_says() -> None:
    text = "layers: [{type: Input, name: x, shape: [2], dtype: string}, {type: StringLookup, vocabulary: [a]}, {type: Embedding, input_dim: %d, output_dim: 1}]"
    data = tf.constant([["a", "z"]])
    assert specc.build(spec(text % 2)).predict(data, verbose=0).shape == (1, 2, 1)
    with pytest.warns(UserWarning, match="set input_dim to 2"):
        model = specc.build(spec(text % 1))
    with pytest.raises(tf.errors.InvalidArgumentError):
        model.predict(data, verbose=0)


L = "layers:\n  - {type: Input, name: x, shape: [4], dtype: string}\n  - {type: StringLookup, name: l, vocabulary: [a, b, c]}\n"
NESTED = "blocks: {e: {inputs: [i], layers: [{type: Flatten, name: f}, {type: Embedding, name: t, input_dim: 3, output_dim: 2}], outputs: [t]}}\n"
TABLES = {
    "after layers that move values": L + "  - {type: Reshape, target_shape: [2, 2]}\n  - Flatten\n  - Identity\n  - {type: Embedding, input_dim: 3, output_dim: 2}\n",
    "after operations that move values": L + "  - {type: ops.expand_dims, axis: 1}\n  - {type: ops.cast, dtype: int32}\n  - {type: Embedding, input_dim: 3, output_dim: 2}\n",
    "in a wrapper": L + "  - {type: Reshape, target_shape: [4, 1]}\n  - {type: TimeDistributed, layer: {type: Embedding, input_dim: 3, output_dim: 2}}\n",
    "in a block": NESTED + L + "  - {type: e, from: l}\n",
    "in a nested model": NESTED + L + "  - {type: e, nested: true, from: l}\n",
    "in a second call": L + "  - {type: Input, name: n, shape: [4], dtype: int32}\n  - {type: Embedding, name: e, input_dim: 3, output_dim: 2, from: n}\n  - {share: e, name: f, from: l}\n",
    "an encoding": L + "  - {type: CategoryEncoding, num_tokens: 3}\n",
    "an encoding by an operation": L + "  - {type: ops.one_hot, num_classes: 3}\n",
    "a table to reverse": L + "  - {type: ReversibleEmbedding, input_dim: 3, output_dim: 2}\n",
}  # fmt: skip


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_every_table(text: str) -> None:
    assert codes(text) == ["index-out-of-range"]
    larger = (
        text.replace("input_dim: 3", "input_dim: 4")
        .replace("num_tokens: 3", "num_tokens: 4")
        .replace("num_classes: 3", "num_classes: 4")
    )
    assert codes(larger) == []


def test_the_place_is_the_number_and_the_source() -> None:
    text = L + "  - {type: TimeDistributed, name: y, layer: {type: Embedding, input_dim: 3, output_dim: 2}}\n"
    assert said(text.replace("[4]", "[4, 1]")) == [
        "4:74 index-out-of-range: 'y' (TimeDistributed) has input_dim 3, and 'l' gives integers from 0 to 3: predict and fit fail on a CPU at 3 and above"
    ]
    (found,) = specc.check(spec(text.replace("[4]", "[4, 1]")))
    assert [(it.message, it.place.span.line) for it in found.related] == [("gives 0 to 3", 3)]


def test_what_changes_values_is_not_followed() -> None:
    assert codes(L + "  - {type: ops.mod, x2: 3}\n  - {type: Embedding, input_dim: 3, output_dim: 2}\n") == []
    assert (
        codes(
            L.replace("[a, b, c]", "[a, b, c], output_mode: multi_hot")
            + "  - {type: Embedding, input_dim: 3, output_dim: 2}\n"
        )
        == []
    )
