"""Specs in the forms of other programs, and wiring that was meant otherwise: one error a mistake, and what to write."""

from __future__ import annotations

import pytest

from tests.support.checking import said
from tests.support.helps import diagnostics, helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
ITEMS = {
    "{_target_: keras.layers.Dense, units: 4}": "write {type: Dense, units: 4}",
    "{class_path: layers.Dense, units: 4}": "write {type: Dense, units: 4}",
    "{layer: Dense, units: 4}": "write {type: Dense, units: 4}",
    "{op: Dense, params: {units: 4}}": "write {type: Dense, units: 4}",
    "{block: b, units: 4}": "write {type: b, units: 4}",
    "[Dense, 4]": "write {type: Dense, units: 4}",
    "[Dense, {units: 4}]": "write {type: Dense, units: 4}",
    "{type: Dense, config: {units: 4}}": "write the arguments beside 'type': {type: Dense, units: 4}",
    "{type: Dense, use_bias: false, kwargs: {units: 4}}": "write the arguments beside 'type': "
    "{type: Dense, use_bias: false, units: 4}",
    "{type: Dense, units 4}": "a colon is missing: write units: 4",
    "{class_name: Dense, config: {name: y, trainable: true, dtype: {module: keras, class_name: DTypePolicy, "
    "config: {name: float32}}, units: 4, activation: linear, kernel_initializer: {module: keras.initializers, "
    "class_name: GlorotUniform, config: {seed: null}}, bias_constraint: null}, inbound_nodes: [{args: [{class_name: "
    "__keras_tensor__, config: {shape: [null, 8], keras_history: [x, 0, 0]}}], kwargs: {}}]}": (
        "write {type: Dense, name: y, units: 4, from: x}"
    ),
    "{repeat: 3, layers: [{type: Dense, units: 4}]}": "layers is one list; branches are items with the same 'from', and a "
    "group to be used again is a block: list its layers under 'blocks', and write {type: NAME}",
    "[{type: Dense, units: 4}, ReLU]": "layers is one list: remove the inner brackets, or one of two '-'",
}


@pytest.mark.parametrize("item", ITEMS)
def test_items(item: str) -> None:
    found = helps(f"{X}  - {item}\n")
    assert found == [ITEMS[item]]


def test_an_input_that_keras_saved() -> None:
    item = "{class_name: InputLayer, config: {batch_input_shape: [null, 8], dtype: float32, sparse: false, name: x}}"
    assert helps(f"layers:\n  - {item}\n  - {{type: Dense, units: 4}}\n") == [
        "write {type: Input, shape: [8], name: x}"
    ]


BLOCK = """
    blocks:
      b: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: o, units: $units}], outputs: [o]}
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: stem, units: 8}
"""


def test_arguments_of_a_block_in_a_map() -> None:
    assert helps(BLOCK + "      - {type: b, args: {units: 4}}\n") == [
        "write the arguments beside 'type': {type: b, units: 4}"
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


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, units: 4, dtype: tf.float32}", "write float32"),
    ("{type: Dense, units: 4, dtype: half}", "write float16"),
    ("{type: Dense, units: 4, dtype: mixed_precision}", "write mixed_float16"),
    ("{type: Dense, units: 4, kernel_regularizer: 0.01}", "write {type: L2, l2: 0.01}"),
    ("{type: Dense, units: 4, weight_decay: 0.01}", "write kernel_regularizer; as {type: L2, l2: 0.01}; the decay of weights "
     "is an argument of the optimizer AdamW"),
    ("{type: Dropout, rate: 50}", "write 0.5: a share, not percents"),
    ("{type: Reshape, target_shape: [2, 4], dtype: np.int}", "write int32"),
])  # fmt: skip
def test_values(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Conv2D, filters: 4, kernel_size: 3, padding: 1}", "write same, which keeps the size where strides is 1; for a number "
     "of pixels put a ZeroPadding layer before it"),
    ("{type: Conv2D, filters: 4, kernel_size: 3, data_format: NHWC}", "write channels_last"),
    ("{type: UpSampling2D, interpolation: linear}", "write bilinear"),
])  # fmt: skip
def test_values_of_image_layers(item: str, help: str) -> None:
    assert helps(f"layers:\n  - {{type: Input, name: x, shape: [8, 8, 3]}}\n  - {item}\n") == [help]


def test_null_for_a_number() -> None:
    text = f"{X}  - {{type: Dense, units: 4}}\ncompile: {{optimizer: {{type: Adam, epsilon: null}}, loss: mse}}\n"
    assert helps(text) == ["remove epsilon for Keras's default, 1e-07"]


def test_other_words_for_the_name() -> None:
    text = "layers:\n  - {type: Input, id: x, shape: [8]}\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == ["write name; a name is what references, losses and outputs go by"]


def test_inputs_beside_the_layers() -> None:
    text = "inputs: {x: [8]}\nlayers:\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == [
        "an input is an item: {type: Input, name: x, shape: [8]}; beside such items, remove 'inputs'"
    ]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: [Dense, ReLU], units: 4}", "write an item for each: {type: Dense}, {type: ReLU}"),
    ("{type: Dense, units: 4, activation: {type: leaky_relu, alpha: 0.1}}",
     "a function takes none; write the layer: {type: LeakyReLU, negative_slope: 0.1}"),
    ("{type: Dense, name: x2, units: $n, each: {n: [4, 8], m: [1]}}", "give each name one value for each copy"),
])  # fmt: skip
def test_further_items(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


def test_a_schedule_without_its_type() -> None:
    rate = "{initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.9}"
    text = (
        f"{X}  - {{type: Dense, units: 4}}\ncompile: {{optimizer: {{type: Adam, learning_rate: {rate}}}, loss: mse}}\n"
    )
    assert helps(text) == ["add 'type', ExponentialDecay or InverseTimeDecay"]


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
    ("{type: Dense, units: [64, 32]}", "write an item for each: {type: Dense, units: 64}, {type: Dense, units: 32}"),
    ("{type: Dense, units: 4, frozen: true}", "write trainable: false"),
    ("{type: ops.mean, dim: 1}", "write axis, which PyTorch calls dim"),
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


def test_a_size_for_an_input() -> None:
    assert helps("layers:\n  - Input: 784\n  - {type: Dense, units: 4}\n") == ["write {type: Input, shape: [784]}"]


def test_sizes_in_the_place_of_another_argument() -> None:
    text = "layers:\n  - {type: Input, shape: [8, 8, 3]}\n  - {type: Conv2D, filters: [3, 3], kernel_size: 32}\n"
    assert helps(text) == ["set filters to a positive integer"]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: DropoutLayer, rate: 0.5}", "did you mean 'Dropout'?"),
    ("SoftmaxWithLoss", "write Softmax, which Caffe calls SoftmaxWithLoss; the loss goes under 'compile'"),
])  # fmt: skip
def test_types_of_lasagne_and_caffe(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n") == [help]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, units: 4, dropout: 0.2}", "write it as a layer of its own behind this one: {type: Dropout, rate: 0.2}"),
    ("{type: Conv1D, filters: 4, kernel_size: 1, batch_norm: true}",
     "write it as a layer of its own behind this one: {type: BatchNormalization}"),
    ("{type: Dense, units: 4, wrapper: TimeDistributed}",
     "a wrapper holds the layer: {type: TimeDistributed, layer: {type: ..., ...}}"),
    ("{type: Dense, units: 4, activation: softmax()}", "write softmax"),
    ("{type: Dense, units: 4, activation: leaky_relu(0.2)}", "write the layer: {type: LeakyReLU, negative_slope: 0.2}"),
    ("{type: Dense, units: 4, activation: {leaky_relu: 0.2}}", "write the layer: {type: LeakyReLU, negative_slope: 0.2}"),
    ("{use: b, units: 4}", "write {type: b, units: 4}"),
    ("{type: Dense, units: 4, each: {n: 3}}", "write [3, ...]"),
    ("{type: Input, size: 8}", "write shape; a list, without the batch axis"),
    ("{type: Input, shape: -8}", "write [8]; in a list below it, '- 8' with a space"),
])  # fmt: skip
def test_what_an_item_cannot_say(item: str, help: str) -> None:
    assert helps(f"{X}  - {item}\n")[0] == help


def test_the_shape_of_one_output() -> None:
    text = f"{X}  - {{type: Dense, name: y, units: 4}}\nexpect: {{outputs: [null, 4]}}\n"
    assert helps(text) == ["write outputs: {y: [null, 4]}"]


@pytest.mark.parametrize(("further", "help"), [
    ("compile: {optimizer: {name: adam, lr: 0.1}, loss: mse}", "write {type: adam, learning_rate: 0.1}"),
    ("compile: {optimizer: sgd(0.1, 0.9), loss: mse}", "write {type: sgd, learning_rate: 0.1, momentum: 0.9}"),
    ("compile: {loss: {mse}}", "write mse, without braces"),
    ("variants: {small: {u: 3}}", "the spec has no vars: add vars: {u: ...}"),
])  # fmt: skip
def test_parts_in_another_form(further: str, help: str) -> None:
    assert helps(f"{X}  - {{type: Dense, name: y, units: 4}}\n{further}\n") == [help]


def test_an_entry_of_a_map_by_a_dot() -> None:
    text = f"vars: {{a: {{b: 3}}}}\n{X}  - {{type: Dense, units: $a.b}}\n"
    assert helps(text) == ["write \"$(a['b'])\", in quotes"]
    assert helps(text.replace("$a.b", "\"$(a['b'])\"")) == []
