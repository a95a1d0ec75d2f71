"""Outputs that go nowhere."""

from __future__ import annotations

import pytest

from tests.support.checking import codes, said

X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n"
BOTH = "  - {type: Bidirectional, name: b, merge_mode: null, layer: {type: LSTM, units: 2, return_state: true, return_sequences: true}, from: x}\n"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", "backward_output"),
        ("  - {type: Dense, name: y, units: 1, from: b}\n", "backward_output"),
        ("  - {type: Dense, name: y, units: 1, from: b.backward_output}\n", "forward_output"),
        (
            "  - {type: Add, name: y, from: [b.forward_state_h, b.backward_state_h]}\n",
            "forward_output' or 'backward_output",
        ),
        ("  - {type: Add, name: y, from: [b, b.1]}\n", None),
        ("  - {type: ReLU, name: y, from: b}\noutputs: [y, b.backward_output]\n", None),
        ("  - {type: ReLU, name: y, from: b}\n  - {type: ReLU, name: z, from: b.backward_output}\n", None),
    ],
)
def test_the_two_directions(rest: str, expected: str | None) -> None:
    text = "'b' (Bidirectional) gives two separate directions, and nothing takes '%s'; 'b' alone refers to the first"
    assert said(f"{X}{BOTH}{rest}") == ([f"3:48 unused-port: {text % expected}"] if expected else [])


STATES = [
    "LSTM, units: 2, return_state: true",
    "GRU, units: 2, return_state: true",
    "RNN, cell: {type: LSTMCell, units: 2}, return_state: true",
    "Bidirectional, layer: {type: LSTM, units: 2, return_state: true}",
]


@pytest.mark.parametrize("layer", STATES)
def test_states_and_merged_directions_are_no_news(layer: str) -> None:
    assert codes(f"{X}  - {{type: {layer}, name: l}}\n  - {{type: Dense, name: y, units: 1}}\n") == []
