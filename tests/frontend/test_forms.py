"""Specs in the forms of other programs, and wiring that was meant otherwise: one error a mistake, and what to write."""

from __future__ import annotations

import pytest

from tests.support.checking import said
from tests.support.helps import diagnostics, helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
BLOCK = """
    blocks:
      b: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: o, units: $units}], outputs: [o]}
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: stem, units: 8}
"""


def test_arguments_of_a_block_in_a_map() -> None:
    assert helps(BLOCK + "      - {type: b, args: {units: 4}}\n") == [
        "write the arguments next to 'type': {type: b, units: 4}"
    ]


def test_a_member_of_an_instance() -> None:
    assert helps(BLOCK + "      - {type: b, name: e, units: 4}\n      - {type: ReLU, from: o}\n") == [
        "it is a member of 'e': write e.o"
    ]


def test_a_layer_outside_of_a_block() -> None:
    assert helps(BLOCK.replace("units: $units}]", "units: $units, from: stem}]") + "      - {type: b, units: 4}\n")[
        0
    ] == ("a block sees its own inputs only: write inputs: [x, stem], and 'stem' in the 'from' of its instances")


@pytest.mark.parametrize(("section", "help"), [
    ("expect: {parameters: 72}", "write params"),
    ("expect: {params: less than 5 million}", 'write "< 5M"'),
])  # fmt: skip
def test_sections(section: str, help: str) -> None:
    assert helps(f"{X}  - {{type: Dense, name: y, units: 8}}\n{section}\n") == [help]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: ReLU, from: Input}", "\"Input\" is a type; an item of that type is called 'x'"),
    ("{type: ReLU, from: r.h}", "write r.state_h"),
    ("{type: ReLU, from: above}", "there is no keyword for the item above: give that item a 'name', and write the name here"),
    ("{type: Attention, from: x}", "to attend to itself, write from: [x, x]"),
])  # fmt: skip
def test_references(item: str, help: str) -> None:
    text = f"""
        layers:
          - {{type: Input, name: x, shape: [5, 8]}}
          - {{type: Dense, name: z, units: 8}}
          - {{type: LSTM, name: r, units: 8, return_state: true}}
          - {item}
    """
    assert helps(text) == [help]


def test_a_short_word_for_an_item_without_a_name() -> None:
    items = "  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: [x, x]}\n  - {type: Add, from: [x, mha]}\n"
    assert helps(f"{X.replace('[8]', '[5, 8]')}{items}") == [
        "the MultiHeadAttention has no name: give it the name 'mha' to refer to it"
    ]


def test_one_error_for_a_missing_edge() -> None:
    text = f"{X}  - {{type: Dense, name: h, units: 3}}\n  - {{type: Dense, name: y, units: 3}}\nedges: [[h, y]]\n"
    assert said(text) == ["3:5 missing-input: 'h' (Dense) has no input"]
    assert helps(text) == ["add an edge that ends at it: [x, h]"]


def test_a_list_of_losses_that_is_too_short() -> None:
    text = f"{X}  - {{type: Dense, name: a, units: 1, from: x}}\n  - {{type: Dense, name: b, units: 1, from: x}}\n"
    assert said(f"{text}compile: {{loss: [mse]}}\n") == ["5:17 argument-value: loss lists 1 for 2 outputs"]


def test_other_words_for_the_name() -> None:
    text = "layers:\n  - {type: Input, id: x, shape: [8]}\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == ["write name; a name is what references, losses and outputs go by"]


def test_inputs_beside_the_layers() -> None:
    text = "inputs: {x: [8]}\nlayers:\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == [
        "an input is an item: {type: Input, name: x, shape: [8]}; beside such items, remove 'inputs'"
    ]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, name: x2, units: $n, each: {n: [4, 8], m: [1]}}", "give each name one value for each copy"),
])  # fmt: skip
def test_further_items(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


@pytest.mark.parametrize(("text", "message"), [
    ("input_features: []\noutput_features: []\n", "this is a configuration of Ludwig, not a spec"),
    ("nc: 80\nbackbone: []\nhead: []\n", "this is a configuration of YOLO, not a spec"),
    ("jobs: {}\non: push\n", "this is not a spec: it has no 'layers', and a spec has none of its keys (jobs, on)"),
])  # fmt: skip
def test_files_of_other_programs(text: str, message: str) -> None:
    assert said(text) == [f"1:1 invalid-value: {message}"]


@pytest.mark.parametrize(("text", "wanted"), [
    ('{"layers": [{"type": "Dense", "units": 4]}', "1:41 put a '}' here"),
    ('{"layers": [{"type": "Dense, "units": 4}]}', '1:22 write "Dense"'),
    ('{"layers": [{"type": "Input", "shape": [28*28]}]}', '1:41 write "$(28*28)"'),
])  # fmt: skip
def test_json(text: str, wanted: str) -> None:
    (found,) = diagnostics(text, "json")
    assert f"{found.place.span.line}:{found.place.span.column} {found.help}" == wanted


@pytest.mark.parametrize(("item", "help"), [
    ("{type: ResNet50, weights: imagenet}", "a spec has no networks with trained weights: list the layers of the network, as a "
     "block, and load weights with specc build --weights FILE"),
    ('{type: Activation, activation: "lambda x: x ** 2"}', "a spec holds no code; write operations as items (type: ops.NAME), or a "
     "layer class in a plugin"),
])  # fmt: skip
def test_what_one_item_cannot_hold(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


def test_an_input_in_other_words() -> None:
    assert helps("layers:\n  - {type: InputLayer, input_shape: [8]}\n  - {type: Dense, units: 4}\n") == [
        "write shape, which Keras 2 calls input_shape; without the batch axis"
    ]
    assert helps("layers:\n  - {type: Input, shape: {height: 28, width: 28}}\n  - {type: Dense, units: 4}\n") == [
        "write [28, 28]"
    ]


@pytest.mark.parametrize(("loss", "help"), [("{name: mse}", "write mse"), ("{z: mse}", "outputs: y")])
def test_a_loss_by_its_name(loss: str, help: str) -> None:
    assert helps(f"{X}  - {{type: Dense, name: y, units: 4}}\ncompile: {{loss: {loss}}}\n") == [help]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, units: 4, activation: softmax()}", "write softmax"),
    ("{type: Dense, units: 4, activation: leaky_relu(0.2)}", "write the layer: {type: LeakyReLU, negative_slope: 0.2}"),
    ("{type: Dense, units: 4, activation: {leaky_relu: 0.2}}", "write the layer: {type: LeakyReLU, negative_slope: 0.2}"),
    ("{type: Dense, units: 4, each: {n: 3}}", "write [3, ...]"),
])  # fmt: skip
def test_what_an_item_cannot_say(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n")[0] == help


def test_the_shape_of_one_output() -> None:
    text = f"{X}  - {{type: Dense, name: y, units: 4}}\nexpect: {{outputs: [null, 4]}}\n"
    assert helps(text) == ["write outputs: {y: [null, 4]}"]


@pytest.mark.parametrize(("further", "help"), [
    ("compile: {loss: {mse}}", "write mse, without braces"),
    ("variants: {small: {u: 3}}", "the spec has no vars: add vars: {u: ...}"),
])  # fmt: skip
def test_parts_in_another_form(further: str, help: str) -> None:
    assert helps(f"{X}  - {{type: Dense, name: y, units: 4}}\n{further}\n") == [help]


def test_an_entry_of_a_map_by_a_dot() -> None:
    text = f"vars: {{a: {{b: 3}}}}\n{X}  - {{type: Dense, units: $a.b}}\n"
    assert helps(text) == ["write \"$(a['b'])\", in quotes"]
    assert helps(text.replace("$a.b", "\"$(a['b'])\"")) == []
