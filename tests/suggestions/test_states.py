"""A recurrent layer that is given the wrong output of another as its states."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps


def two(encoder: str, state: str, decoder: str = "type: LSTM, units: 32") -> str:
    return (
        "layers:\n- {type: Input, name: a, shape: [20, 8]}\n- {type: Input, name: b, shape: [20, 8]}\n"
        f"- {{{encoder}, name: enc, from: a}}\n- {{{decoder}, name: dec, from: {{sequences: b, initial_state: {state}}}}}\n"
    )


OTHER = "the states of 'enc' are its other outputs: "


STATES = {
    "a sequence": (two("type: LSTM, units: 32, return_sequences: true", "[enc, enc]"), OTHER + "set return_state: true on 'enc', and write initial_state: [enc.state_h, enc.state_c]"),
    "a lone output": (two("type: LSTM, units: 32", "enc"), OTHER + "set return_state: true on 'enc', and write initial_state: [enc.state_h, enc.state_c]"),
    "one state of two": (two("type: LSTM, units: 32, return_state: true", "enc.state_h"), OTHER + "write initial_state: [enc.state_h, enc.state_c]"),
    "a GRU": (two("type: GRU, units: 32, return_sequences: true", "enc", "type: GRU, units: 32"), OTHER + "set return_state: true on 'enc', and write initial_state: [enc.state]"),
    "both directions": (two("type: Bidirectional, layer: {type: LSTM, units: 16, return_sequences: true}", "[enc, enc]"),
        OTHER + "set return_state: true on the layer in 'enc', and give 2 Concatenate layers as initial_state, from: [enc.forward_state_h, enc.backward_state_h] and from: [enc.forward_state_c, enc.backward_state_c]"),
    "from both to both": (two("type: Bidirectional, layer: {type: GRU, units: 16, return_sequences: true}", "[enc, enc]", "type: Bidirectional, layer: {type: GRU, units: 16}"),
        OTHER + "set return_state: true on the layer in 'enc', and write initial_state: [enc.forward_state, enc.backward_state]"),
    "from one to both": (two("type: LSTM, units: 32, return_state: true", "[enc.state_h, enc.state_c]", "type: Bidirectional, layer: {type: LSTM, units: 32}"),
        OTHER + "write initial_state: [enc.state_h, enc.state_c, enc.state_h, enc.state_c]"),
    "of unlike types": (two("type: GRU, units: 32", "enc"), "of states 'dec' (LSTM) has 2 and 'enc' (GRU) has 1: use layers of one type for both"),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_states(name: str) -> None:
    text, help = STATES[name]
    assert helps(text) == [help]


def test_what_is_said_of_states_works() -> None:
    assert fixed_by(
        two("type: LSTM, units: 32, return_sequences: true", "[enc, enc]"),
        (
            "type: LSTM, units: 32, return_sequences: true",
            "type: LSTM, units: 32, return_sequences: true, return_state: true",
        ),
        ("[enc, enc]", "[enc.state_h, enc.state_c]"),
    )
    joins = "".join(
        f"- {{type: Concatenate, name: {it}, from: [enc.forward_state_{it}, enc.backward_state_{it}]}}\n" for it in "hc"
    )
    assert fixed_by(
        two("type: Bidirectional, layer: {type: LSTM, units: 16, return_sequences: true}", "[enc, enc]"),
        ("return_sequences: true", "return_sequences: true, return_state: true"),
        ("- {type: LSTM, units: 32, name: dec", f"{joins}- {{type: LSTM, units: 32, name: dec"),
        ("[enc, enc]", "[h, c]"),
    )
