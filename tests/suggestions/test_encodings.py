"""Encodings whose size is not known, or that are of the whole batch."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps


@pytest.mark.parametrize(("entry", "coder", "one_hot"), [
    ("int32", "CategoryEncoding, num_tokens: 5, output_mode: multi_hot", True),
    ("int32", "CategoryEncoding, num_tokens: 5, output_mode: count", True),
    ("string", "StringLookup, vocabulary: [a, b], output_mode: multi_hot", True),
    ("int64", "IntegerLookup, vocabulary: [1, 2], output_mode: count", True),
    ("string", "Hashing, num_bins: 4, output_mode: multi_hot", False),
])  # fmt: skip
def test_a_vector_of_the_whole_batch(entry: str, coder: str, one_hot: bool) -> None:
    text = f"layers:\n- {{type: Input, name: x, shape: [], dtype: {entry}}}\n- {{type: {coder}, name: c}}\n- {{type: Dense, name: y, units: 1}}\n"
    mode = "count" if "count" in coder else "multi_hot"
    first = "set output_mode: one_hot on 'c' or " if one_hot else ""
    assert helps(text) == [f"{first}write shape: [1] on 'x': {mode} makes one vector of all values of an example"]
    assert fixed_by(text, ("shape: []", "shape: [1]"))
    assert not one_hot or fixed_by(text, (f"output_mode: {mode}", "output_mode: one_hot"))


@pytest.mark.parametrize("layer", ["StringLookup, output_mode: one_hot", "StringLookup, output_mode: count"])
def test_an_encoding_without_a_vocabulary(layer: str) -> None:
    text = f"""
layers:
  - {{type: Input, name: word, shape: [1], dtype: string}}
  - {{type: Input, name: age, shape: [1]}}
  - {{type: {layer}, name: words, from: word}}
  - {{type: Concatenate, from: [words, age]}}
  - {{type: Dense, units: 1}}
"""
    assert helps(text) == ["give 'words' a vocabulary: without one the size of its encoding is not known"]
    assert fixed_by(text, ("name: words", "name: words, vocabulary: [a, b]"))
