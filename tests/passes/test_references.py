"""Names that stand for nothing where they are written: the help has what can be written there."""

from __future__ import annotations

import pytest

from tests.support.helps import helps, mended

X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n"
HEADS = """
    blocks:
      head:
        inputs: [x]
        layers:
          - {type: Dense, name: hidden, units: 4}
          - {type: Dense, name: p, units: 1}
        outputs: [p]
      heads:
        inputs: [x]
        layers:
          - {type: Dense, name: p, units: 1, from: x}
          - {type: Dense, name: q, units: 1, from: x}
        outputs: [p, q]
      join: {inputs: [left, right], layers: [{type: Add, name: o, from: [left, right]}], outputs: [o]}
    layers:
      - {type: Input, name: x, shape: [4]}
"""
PRICE = f"{HEADS}      - {{type: head, name: price}}\n"
PRICE_AND_MOOD = f"{PRICE}      - {{type: head, name: mood, from: x}}\n"
BOTH = f"{HEADS}      - {{type: heads, name: mood}}\n"
TWO = f"{HEADS}      - {{type: Input, name: z, shape: [4]}}\n"


def compiled(text: str, field: str, name: str) -> list[str]:
    """The helps where an entry of a field of ``compile`` has a name."""
    value = {"loss": "mse", "loss_weights": 1, "metrics": "[mae]"}[field]
    return helps(f"{text}    compile: {{{'' if field == 'loss' else 'loss: mse, '}{field}: {{{name}: {value}}}}}\n")


@pytest.mark.parametrize("field", ["loss", "loss_weights", "metrics"])
@pytest.mark.parametrize(("text", "name", "help"), [
    (PRICE, "prise", "did you mean 'price'?"),
    (PRICE, "p", "write price.p"),
    (PRICE, "head", "write price.p"),
    (f"{PRICE_AND_MOOD}    outputs: [price, mood]\n", "mood.p", "write mood"),
    (f"{PRICE_AND_MOOD}    outputs: [price, mood]\n", "p", "write price or mood"),
    (BOTH, "mood", "write mood.p or mood.q"),
    (BOTH, "q", "write mood.q"),
    (f"{BOTH}    outputs: {{joy: mood.p, fear: mood.q}}\n", "mood.q", "write fear"),
    (f"{HEADS}      - {{type: Dense, name: y, units: 1}}\n    outputs: {{cls: y}}\n", "y", "write cls"),
])  # fmt: skip
def test_in_the_training_set_up(text: str, name: str, help: str, field: str) -> None:
    assert compiled(text, field, name) == [help]


def test_a_port_that_is_an_output() -> None:
    text = f"{X}  - {{type: LSTM, name: l, units: 3, return_state: true}}\noutputs: [l.output, l.state_h]\n"
    assert helps(f"{text}compile: {{loss: {{state_h: mse}}}}\n") == ["write l.state_h"]
    assert helps(f"{text}compile: {{loss: {{l: mse}}}}\n") == ["write l.output or l.state_h"]


def test_in_the_contracts() -> None:
    assert helps(f"{PRICE}    expect: {{outputs: {{prise: [null, 1]}}}}\n") == ["did you mean 'price'?"]
    assert helps(f"{BOTH}    expect: {{outputs: {{mood: [null, 1]}}}}\n") == ["write mood.p or mood.q"]


@pytest.mark.parametrize(("text", "name", "help"), [
    (PRICE, "price.result", "its outputs: price.p; its layers: price.hidden"),
    (PRICE, "price.p.logits", "it has one output: write price.p"),
    (f"{X}  - {{type: Dense, name: y, units: 3}}\n", "y.0.1", "it has one output: write y"),
    (f"{X}  - {{type: Dense, name: y, units: 3, repeat: 3}}\n", "y.1", "the copies of 'y' are 'y_1' to 'y_3'"),
    (f"{X}  - {{type: LSTM, name: l, units: 3, return_state: true}}\n", "l.cell", "its outputs: l.output, l.state_h, l.state_c"),
    (f"{X}  - {{type: LSTM, name: l, units: 3, return_state: true}}\n", "state_h", "it is an output of 'l': write l.state_h"),
    (f"{X}  - {{type: LSTM, name: l, units: 3}}\n", "state_h",
     "it is an output of 'l' with return_state: true: set that, and write l.state_h"),
    (f"{X}  - {{type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {{query: x, value: x}}}}\n", "scores",
     "it is an output of 'a': write a.scores"),
])  # fmt: skip
def test_ports_and_members(text: str, name: str, help: str) -> None:
    indent = "    " if text.startswith("\n") else ""
    assert helps(f"{text}{indent}outputs: [{name}]\n") == [help]


@pytest.mark.parametrize(("given", "right"), [
    ("{l: x, r: z}", "{left: x, right: z}"),
    ("{rigth: z, one: x}", "{left: x, right: z}"),
    ("{left: x, rigth: z, other: x}", "{left: x, right: z}"),
])  # fmt: skip
def test_inputs_of_an_instance_at_once(given: str, right: str) -> None:
    text = f"{TWO}      - {{type: join, name: j, from: {given}}}\n"
    assert helps(text) == [f"its inputs are left, right: write from: {right}"]
    assert mended(text, (given, right))


def test_inputs_of_an_instance_as_arguments() -> None:
    text = f"{TWO}      - {{type: join, name: j, left: x, right: z}}\n"
    assert set(helps(text)) == {"it is an input of the block: write from: {left: x, right: z}"}


@pytest.mark.parametrize(("item", "help"), [
    ("{type: TimeDistributed, layer: d}", "'d' is a layer of the graph; write a new one here: {type: Dense, units: 3}"),
    ("{type: RNN, cell: [c]}", "'c' is a layer of the graph; write a new one here: {type: LSTMCell, units: 3}"),
    ("{type: Bidirectional, layer: x}", "'x' is a layer of the graph; write a new one here"),
    ("{type: TimeDistributed, layer: {Dense: 3}}", "write {type: Dense, units: 3}"),
    ("{type: TimeDistributed, layer: [{Dense: {units: 3}}]}", "write {type: Dense, units: 3}"),
    ("{type: TimeDistributed, layer: [Dense(3), ReLU]}",
     "one layer stands here: put these into a block under 'blocks' and write its name, or write an item for each"),
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
    ("TransformerEncoderLayer", "Keras has no Transformer layer: write a block with MultiHeadAttention, Add, "
     "LayerNormalization and two Dense layers"),
    ("hidden", "write Dense; with the name under 'name'"),
])  # fmt: skip
def test_types_with_words_around_them(written: str, help: str) -> None:
    assert helps(f"{X}  - {{type: {written}, units: 3}}\n") == [help]


def test_a_list_of_types_whose_dashes_do_not_line_up() -> None:
    assert helps(f"{X}  - ReLU\n   - Flatten\n") == [
        "write an item for each, their dashes in one column: - ReLU, - Flatten"
    ]
