"""The place of a wrong entry of a list is the entry."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import said

WORDS = "vocabulary must be a list of one or more strings or null"
CASES = {
    "{type: StringLookup, name: y, vocabulary: [apple, pear, null, 12]}": [
        f"3:59 argument-value: 'y' (StringLookup): {WORDS}, not a list with null",
        f"3:65 argument-value: 'y' (StringLookup): {WORDS}, not a list with 12",
    ],
    "{type: StringLookup, name: y, vocabulary: [a, b, c, d, 5, e]}": [
        f"3:58 argument-value: 'y' (StringLookup): {WORDS}, not a list with 5",
    ],
    "{type: StringLookup, name: y, vocabulary: [a, b, a, c]}": ["3:52 argument-value: 'y' (StringLookup) has the token \"a\" twice"],
    "{type: Conv2D, name: y, filters: 3, kernel_size: 3, strides: [1, z]}": [
        '3:68 argument-value: \'y\' (Conv2D): strides must be a positive integer or a list of 2 positive integers, not [1, "z"]',
    ],
    "{type: Conv2D, name: y, filters: 3, kernel_size: [q, z]}": [
        "3:52 argument-value: 'y' (Conv2D): kernel_size must be a positive integer or a list of 2 positive integers, "
        'not ["q", "z"]',
    ],
}  # fmt: skip


@pytest.mark.parametrize("item", CASES)
def test_place(item: str) -> None:
    assert said(f"layers:\n- {{type: Input, name: x, shape: [1], dtype: string}}\n- {item}\n") == CASES[item]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Bidirectional, units: 8}", "layer: {type: LSTM, units: 8}"),
    ("{type: Bidirectional, layer: GRU, units: 8}", "layer: {type: GRU, units: 8}"),
    ("{type: TimeDistributed, units: 8}", "layer: {type: Dense, units: 8}"),
    ("{type: RNN, units: 8}", "cell: {type: LSTMCell, units: 8}"),
    ("{type: RNN, cell: GRU, units: 8}", "cell: {type: GRUCell, units: 8}"),
    ("{type: SpectralNormalization, layer: Dense, units: 8}", "layer: {type: Dense, units: 8}"),
])  # fmt: skip
def test_one_error_for_arguments_beside_the_layer_inside(item: str, help: str) -> None:
    text = f"layers:\n  - {{type: Input, name: x, shape: [5, 3]}}\n  - {item}\n"
    (found,) = specc.check(specc.Spec.from_text(text))
    assert (found.code, found.help) == ("unknown-argument", f"it is an argument of the layer inside: write {help}")


def test_a_type_that_is_null() -> None:
    item = "{type: null, filters: 2, padding: same, Dense: 3}"
    text = f"layers:\n  - {{type: Input, name: x, shape: [5, 3]}}\n  - {item}\n"
    assert [it.code for it in specc.check(specc.Spec.from_text(text))] == ["missing-key"]
