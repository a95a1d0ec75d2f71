"""Layers that are given values of another dtype than they take."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps

DTYPES = {
    "strings": ("shape: [4], dtype: string", ["{type: Dense, units: 2}"], "'x' gives strings: put a TextVectorization layer (for texts) or a StringLookup layer (for words) after it; if it contains numbers, remove its dtype", "shape: [4]"),
    "bytes": ("shape: [9, 9, 3], dtype: uint8", ["{type: Conv2D, filters: 2, kernel_size: 3}"], "write dtype: float32 on 'x'", "shape: [9, 9, 3]"),
    "integers": ("shape: [4], dtype: int32", ["ops.erf"], "write dtype: float32 on 'x'", "shape: [4], dtype: float32"),
    "numbers as words": ("shape: [4]", ["{type: StringLookup, vocabulary: [a]}"], "write dtype: string on 'x'", "shape: [4], dtype: string"),
    "numbers as texts": ("shape: [1]", ["Identity", "{type: TextVectorization, vocabulary: [a]}"], "write dtype: string on 'x'", "shape: [1], dtype: string"),
    "indices as numbers": ("shape: [4], dtype: string", ["{type: StringLookup, name: l, vocabulary: [a]}", "{type: Conv1D, filters: 2, kernel_size: 2}"], "put an Embedding layer after 'l'", None),
}  # fmt: skip


@pytest.mark.parametrize("name", DTYPES)
def test_dtypes(name: str) -> None:
    written, items, help, right = DTYPES[name]
    text = f"layers:\n- {{type: Input, name: x, {written}}}\n" + "".join(f"- {item}\n" for item in items)
    assert helps(text) == [help]
    if right is not None:
        assert fixed_by(text, (written, right))
