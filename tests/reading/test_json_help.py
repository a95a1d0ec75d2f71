"""What a help says to write is JSON where the spec is JSON."""

from __future__ import annotations

import pytest

from specc.reading.json_help import LONGEST, in_json
from tests.support.helps import all_helps

HELPS = {
    "write {type: Dense, units: 4}": 'write {"type": "Dense", "units": 4}',
    "write $width": 'write "$width"',
    "write $(max(a, b) * 2)": 'write "$(max(a, b) * 2)"',
    "write float32": 'write "float32"',
    "write true": "write true",
    "write 0.5 without quotes": "write 0.5 without quotes",
    "write the layer: {type: LeakyReLU, negative_slope: 0.2}": 'write the layer: {"type": "LeakyReLU", "negative_slope": 0.2}',
    "write outputs: {y: [null, 4]}": 'write "outputs": {"y": [null, 4]}',
    "add vars: {u: ...}": 'add "vars": {"u": ...}',
    "set sparse: false": 'set "sparse": false',
    "write a list of items: - {name: a, type: Dense}": 'write a list of items: [{"name": "a", "type": "Dense"}, ...]',
    "begin each layer with '- '": "put each layer in its own braces",
    'for instance {params: "< 5M"}': 'for instance {"params": "< 5M"}',
    'write {"type": "Dense"}': 'write {"type": "Dense"}',
    "name the layers: outputs: [y]": 'name the layers: "outputs": ["y"]',
    "close what is open: quotes, then each [ and {": "close what is open: quotes, then each [ and {",
    "values here: rate, width": "values here: rate, width",
    'write from: "enc[$index].h" in the item': 'write from: "enc[$index].h" in the item',
}


@pytest.mark.parametrize("help", HELPS)
def test_in_json(help: str) -> None:
    assert in_json(help) == HELPS[help]


def test_a_long_help_stays() -> None:
    help = f"write {{names: [{', '.join(['a'] * LONGEST)}]}}"
    assert in_json(help) == help


IN_JSON = {
    '{"layers": [{"type": "Input", "shape": [8], "type": "Dense", "shape": 3}]}': [
        "put each layer in its own braces: two run together here"
    ],
    '{"layers": [{"type": "Input", "name": "x", "shape": [4, 3]}, {"type": "RNN", "cell": "LSTM", "units": 8}]}': [
        'it is an argument of the layer inside: write "cell": {"type": "LSTMCell", "units": 8}'
    ],
    '{"layers": [{"type": "Input", "name": "x", "shape": [4, 3]}, {"type": "LSTM", "units": 3}, {"type": "LSTM", "units": 3}]}': [
        "set \"return_sequences\": true on 'lstm'"
    ],
    '{"layers": {"a": {"type": "Input", "shape": [3]}}}': [
        'write a list of items: [{"name": "a", "type": "Input", "shape": [3]}, ...]'
    ],
    '{"vars": {"n": 3}, "layers": [{"type": "Input", "name": "x", "shape": ["n"]}]}': ['write "$n", the value'],
}


@pytest.mark.parametrize("text", IN_JSON)
def test_helps_in_json_say_json(text: str) -> None:
    assert all_helps(text, "json") == IN_JSON[text]
