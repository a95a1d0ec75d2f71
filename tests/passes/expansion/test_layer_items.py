"""Items of layer types: arguments, defaults, layers inside of them, constants of the call."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.helps import helps
from tests.support.nodes import nodes

MADE = {
    "defaults of the type, by any of its names, for the arguments that an item does not say": (
        """
        defaults: {Dense: {activation: relu, use_bias: false}, Convolution1D: {padding: same}}
        layers:
          - {type: Input, name: x, shape: [8, 4]}
          - {type: Conv1D, name: c, filters: 2, kernel_size: 3}
          - {type: Dense, name: d, units: 3, use_bias: true}
          - {type: TimeDistributed, name: t, layer: {type: Dense, units: 3}}
        """,
        [
            "x: Input  shape=(8, 4)",
            "c: Conv1D  <- inputs: x  filters=2  kernel_size=3  padding=same",
            "d: Dense  <- inputs: c  units=3  activation=relu  use_bias=True",
            "t: TimeDistributed  <- inputs: d  layer=Dense(units=3, activation=relu, use_bias=False)",
            "one of outputs: t = t",
        ],
    ),
    "a block as a layer inside": (
        """
        blocks: {b: {args: {n: 1}, inputs: [i], layers: [{type: Dense, name: p, units: $n}], outputs: [p]}}
        layers:
          - {type: Input, name: x, shape: [8, 4]}
          - {type: TimeDistributed, name: t, layer: {type: b, n: 3}}
          - {type: TimeDistributed, name: s, layer: b}
        """,
        [
            "x: Input  shape=(8, 4)",
            "t: TimeDistributed  <- inputs: x  layer=b(nested)",
            "s: TimeDistributed  <- inputs: t  layer=b(nested)",
            "one of outputs: s = s",
        ],
    ),
}


@pytest.mark.parametrize(("text", "made"), MADE.values(), ids=MADE)
def test_what_layers_get(text: str, made: list[str]) -> None:
    assert nodes(text) == made


REFUSED = {
    "missing and misspelt arguments": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Conv1D}
          - {type: Dense, unit: 3}
        """,
        [
            "3:5 missing-argument: 'conv1d' (Conv1D) needs 'filters' and 'kernel_size' | add 'filters': a positive integer; 'kernel_size': a positive integer",
            "4:19 unknown-argument: 'dense' (Dense) has no argument \"unit\" | did you mean 'units'?",
        ],
    ),
    "defaults that no layer takes, once": (
        """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: r}], outputs: [r]}}
        defaults: {Dens: {units: 1}, Dense: {unit: 3, name: a, activation: rellu}, b: {n: 1}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1}
          - {type: Dense, name: z, units: 1}
          - b
        """,
        [
            "2:12 unknown-layer: unknown layer type \"Dens\" | did you mean 'Dense'?",
            "2:38 unknown-argument: Dense has no argument \"unit\" | did you mean 'units'?",
            "2:47 unknown-argument: Dense has no argument \"name\" | for details run 'specc explain unknown-argument'",
            "2:68 unknown-activation: Dense: unknown activation \"rellu\" | did you mean 'relu'?",
            "2:76 unknown-layer: unknown layer type \"b\" | a block has the defaults of its 'args'",
        ],
    ),
    "what only an instance can be, and only the spec can hold": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Input, name: j, shape: [3]}, {type: ReLU, name: r, from: i}], outputs: [r]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: 3, nested: true}
          - {type: b, name: u, from: x}
        """,
        [
            "1:43 input-in-block: 'u.j' (Input) is inside a block | remove it, and name it in the block's 'inputs'; Input layers belong in the spec's own 'layers'",
            "4:46 nested-layer: 'd' (Dense): only an instance of a block can be nested | remove 'nested'",
        ],
    ),
    "the name of an item as a type": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: 4}
          - {type: hidden, name: again}
        """,
        [
            "4:12 unknown-layer: 'again': unknown layer type \"hidden\" | it is the name of an item: write share: hidden to call that again",
        ],
    ),
    "constants of the call": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: LSTM, name: a, units: 3, call: {trainin: true}}
          - {type: LSTM, name: b, units: 3, from: x, call: {training: 3}}
          - {type: LSTM, name: c, units: 3, from: x, call: {mask: x}}
          - {type: LSTM, name: d, units: 3, from: x, call: {units: 3}}
        """,
        [
            "3:44 unknown-argument: 'a' (LSTM) has no call argument \"trainin\" | did you mean 'training'?",
            "4:63 argument-value: 'b' (LSTM): call argument training must be true or false or null, not 3 | for details run 'specc explain argument-value'",
            "5:53 unknown-argument: 'c' (LSTM) has no call argument \"mask\" | a tensor goes under 'from': write from: {sequences: x, mask: x}",
            "6:53 unknown-argument: 'd' (LSTM) has no call argument \"units\" | it is an argument of the layer, not of its call: write units next to 'type'",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n"


@pytest.mark.parametrize(("item", "help"), [
    ("{type: TimeDistributed, layer: d}", "'d' is a layer of the graph; write a new one here: {type: Dense, units: 3}"),
    ("{type: RNN, cell: [c]}", "'c' is a layer of the graph; write a new one here: {type: LSTMCell, units: 3}"),
    ("{type: Bidirectional, layer: x}", "'x' is a layer of the graph; write a new one here"),
    ("{type: TimeDistributed, layer: {Dense: 3}}", "write {type: Dense, units: 3}"),
    ("{type: TimeDistributed, layer: [{Dense: {units: 3}}]}", "write {type: Dense, units: 3}"),
    ("{type: TimeDistributed, layer: [Dense(3), ReLU]}",
     "only one layer is allowed here: put these into a block under 'blocks' and write its name, or write an item for each"),
    ("{type: TimeDistributed, layer: 3}", "for instance {type: Dense, units: 8}"),
])  # fmt: skip
def test_layers_inside_others(item: str, help: str) -> None:
    text = f"{X}  - {{type: Dense, name: d, units: 3}}\n  - {{type: LSTMCell, name: c, units: 3}}\n  - {item}\n"
    assert helps(text)[-1] == help


@pytest.mark.parametrize(("written", "help"), [
    ("Dense layer", "did you mean 'Dense'?"),
    ("the Dense layer", "did you mean 'Dense'?"),
    ("lstm_layer", "did you mean 'LSTM'?"),
    ("relu activation", "did you mean 'ReLU'?"),
    ("Fully Connected", "write Dense"),
    ("tf.keras.layers.Dense", "did you mean 'Dense'?"),
    ("nn.Linear", "write Dense, which PyTorch calls Linear"),
    ("TransformerEncoderLayer", "write transformer_encoder, and add include: [std/transformer], specc's own file with this block"),
    ("hidden", "write Dense; with the name under 'name'"),
])  # fmt: skip
def test_types_with_words_around_them(written: str, help: str) -> None:
    assert helps(f"{X}  - {{type: {written}, units: 3}}\n") == [help]
