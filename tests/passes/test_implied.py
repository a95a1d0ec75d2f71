"""What an item took because it stood directly above is named where that went wrong, and what to write."""

from __future__ import annotations

import pytest

from tests.support.checking import said
from tests.support.helps import fixed_by, helps

INPUTS = "layers:\n" + "".join(f"- {{type: Input, name: {name}, shape: [8]}}\n" for name in "abc")


@pytest.mark.parametrize("kind", ["Concatenate", "Add", "ops.concatenate"])
def test_inputs_that_were_to_be_joined(kind: str) -> None:
    text = f"{INPUTS}- {{type: {kind}, name: y}}\n"
    assert helps(text) == ["'y' takes only 'c', the item directly above it: write from: [a, b, c]"]
    assert fixed_by(text, ("name: y", "name: y, from: [a, b, c]"))


@pytest.mark.parametrize("kind", ["Attention", "Subtract"])
def test_too_few_inputs(kind: str) -> None:
    text = f"{INPUTS}- {{type: {kind}, name: y}}\n"
    assert set(helps(text)) == {"'y' takes only 'c', the item directly above it: write from: [a, b, c]"}


def test_an_input_that_is_left_over() -> None:
    assert helps(f"{INPUTS}- {{type: Dense, name: y, units: 2}}\n")[0] == (
        "'y' takes 'c' because that is directly above it: write from: a on 'y' if it is to take that, or remove 'a'"
    )


def test_an_input_that_no_item_of_a_block_can_take() -> None:
    """What takes an item by its position inside a block cannot name the input outside."""
    text = """
        blocks: {b: {inputs: [p], layers: [{type: Dense, units: 2}, {type: Add, name: s}], outputs: [s]}}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Input, name: z, shape: [8]}
          - {type: b, name: i}
          - {type: Dense, name: y, units: 1}
    """
    assert helps(text)[0] == (
        "'i' takes 'z' because that is directly above it: write from: x on 'i' if it is to take that, or remove 'x'"
    )


def test_a_block_of_two_inputs() -> None:
    assert helps("""
        blocks: {b: {inputs: [p, q], layers: [{type: Add, name: s, from: [p, q]}], outputs: [s]}}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Input, name: z, shape: [8]}
          - {type: b, name: i}
    """) == ["it takes only 'z', the item directly above it: write from: {p: ..., q: ...}"]


HEADS = """
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: hidden, units: 3}
      - {type: Dense, name: y1, units: 1}
      - {type: Dense, name: branch, units: 3}
      - {type: Dense, name: y2, units: 1}
"""


@pytest.mark.parametrize("section", [
    "    compile: {optimizer: adam, loss: {y1: mse, y2: mse}}\n",
    "    compile: {optimizer: adam, loss: mse, metrics: {y1: [mae], y2: [mae]}}\n",
    "    expect: {outputs: {y1: [null, 1], y2: [null, 1]}}\n",
])  # fmt: skip
def test_a_head_that_feeds_the_next_branch(section: str) -> None:
    text = HEADS + section
    assert helps(text) == [
        "'branch' takes 'y1' because that is directly above it: write 'from' on 'branch', or outputs: [y1, y2]"
    ]
    assert fixed_by(text, ("name: branch", "name: branch, from: hidden"))
    assert fixed_by(text, ("layers:", "outputs: [y1, y2]\n    layers:"))


def test_a_head_that_the_next_branch_cannot_take() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [8, 4]}
          - {type: Conv1D, name: hidden, filters: 3, kernel_size: 1, from: x}
          - {type: GlobalMaxPooling1D, name: y1}
          - {type: Conv1D, name: y2, filters: 3, kernel_size: 1}
        outputs: [y1, y2]
    """
    assert helps(text) == ["'y2' takes 'y1' because that is directly above it; write from: hidden if that is meant"]
    assert fixed_by(text, ("name: y2", "name: y2, from: hidden"))


def test_a_circle() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Add, name: s, from: [x, h]}
          - {type: Dense, name: h, units: 8}
    """
    assert helps(text) == ["'h' takes 's' because that is directly above it: write 'from' on 'h'"]
    assert fixed_by(text, ("name: h,", "name: h, from: x,"))


def test_an_output_that_something_takes_by_name() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: a, units: 3}
          - {type: Dense, name: b, units: 1, from: a}
        expect: {outputs: {a: [null, 3], b: [1]}}
    """
    assert helps(text) == [
        "'b' takes it; write outputs: [a, b] to have it as well",
        "the batch axis belongs to the shape of an output: write [null, 1]",
    ]


@pytest.mark.parametrize(("written", "help"), [
    ("from: {query: a, value: b}", "it takes them in one list, inputs: [query, value, key]: write from: [a, b]"),
    ("from: {key: c, value: b, query: a}", "it takes them in one list, inputs: [query, value, key]: write from: [a, b, c]"),
])  # fmt: skip
def test_attention_by_name(written: str, help: str) -> None:
    inputs = INPUTS.replace("[8]", "[8, 4]") + "- {type: Concatenate, name: all, from: [a, b, c]}\n"
    assert helps(f"{inputs}- {{type: AdditiveAttention, name: o, {written}}}\noutputs: [o, all]\n") == [help]


def test_numbers_where_names_stand() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: 0, units: 3}
          - {type: Add, name: y, from: [x, -1]}
    """) == [
        "3:25 invalid-value: a Dense layer: name must be a name, not 0",
        "4:36 invalid-value: 'y' (Add): 'from' must be a name, a list of names, or a map of call arguments to these; -1 is not a valid name",
    ]
    assert helps("""
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: 0, units: 3}
          - {type: Add, name: y, from: [x, -1]}
          - {type: Add, name: z, from: [x, 0]}
        outputs: [1]
    """) == [
        'quote it: "0" is a name',
        "references are names, not positions: write the name of a layer",
        'references are names, not positions: write the name of a layer, in quotes if it is "0"',
        'references are names, not positions: write the name of a layer, in quotes if it is "1"',
    ]


def test_inputs_of_an_attention_are_told_once() -> None:
    heads = "layers:\n" + "".join(f"- {{type: Input, name: {name}, shape: [8, 4]}}\n" for name in "qkv")
    assert helps(f"{heads}- {{type: Attention, name: y}}\n") == [
        "'y' takes only 'v', the item directly above it: write from: [q, v, k]"
    ]
    assert helps(f"{heads}- {{type: MultiHeadAttention, name: y, num_heads: 2, key_dim: 2}}\n") == [
        "name them: from: {query: q, value: v, key: k}"
    ]


BLOCKS = """
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
    layers:
      - {type: Input, name: x, shape: [4]}
"""
PRICE = f"{BLOCKS}      - {{type: head, name: price}}\n"
PRICE_AND_MOOD = f"{PRICE}      - {{type: head, name: mood, from: x}}\n"
BOTH = f"{BLOCKS}      - {{type: heads, name: mood}}\n"


def of_training(text: str, field: str, name: str) -> list[str]:
    """The helps where an entry of a field of ``compile`` has a name."""
    value = {"loss": "mse", "loss_weights": 1, "metrics": "[mae]"}[field]
    return helps(f"{text}    compile: {{{'' if field == 'loss' else 'loss: mse, '}{field}: {{{name}: {value}}}}}\n")


@pytest.mark.parametrize("field", ["loss", "loss_weights", "metrics"])
@pytest.mark.parametrize(("text", "name", "help"), [
    (PRICE, "prise", "did you mean 'price'?"),
    (PRICE, "p", "write price"),
    (PRICE, "head", "write price"),
    (f"{PRICE_AND_MOOD}    outputs: [price, mood]\n", "mood.p", "write mood"),
    (f"{PRICE_AND_MOOD}    outputs: [price, mood]\n", "p", "write price or mood"),
    (BOTH, "mood", "write mood.p or mood.q"),
    (BOTH, "q", "write mood.q"),
    (f"{BOTH}    outputs: {{joy: mood.p, fear: mood.q}}\n", "mood.q", "write fear"),
    (f"{BLOCKS}      - {{type: Dense, name: y, units: 1}}\n    outputs: {{cls: y}}\n", "y", "write cls"),
])  # fmt: skip
def test_names_of_outputs_in_the_training_set_up(text: str, name: str, help: str, field: str) -> None:
    assert of_training(text, field, name) == [help]


def test_a_port_that_is_an_output() -> None:
    text = """
    layers:
      - {type: Input, name: x, shape: [5, 4]}
      - {type: LSTM, name: l, units: 3, return_state: true}
    outputs: [l.output, l.state_h]
"""
    assert helps(f"{text}    compile: {{loss: {{state_h: mse}}}}\n") == ["write l.state_h"]
    assert helps(f"{text}    compile: {{loss: {{l: mse}}}}\n") == ["write l.output or l.state_h"]


def test_names_of_outputs_in_the_contracts() -> None:
    assert helps(f"{PRICE}    expect: {{outputs: {{prise: [null, 1]}}}}\n") == ["did you mean 'price'?"]
    assert helps(f"{BOTH}    expect: {{outputs: {{mood: [null, 1]}}}}\n") == ["write mood.p or mood.q"]
