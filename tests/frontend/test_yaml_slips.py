"""Other people's syntax in YAML: the help is the text to write instead; where the fix is certain, the spec is right with it."""

from __future__ import annotations

import pytest

from tests.support.helps import all_helps, assert_certain

YAML: dict[str, tuple[str, list[str]]] = {
    "colons in a call": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - Dense(units: 10)\n",
        ["write {type: Dense, units: 10}"],
    ),
    "colons and commas in a call": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - Dense(units: 10, activation: relu)\n",
        ["write {type: Dense, units: 10, activation: relu}"],
    ),
    "braces after a type": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - Dense {units: 10}\n",
        ["write {type: Dense, units: 10}"],
    ),
    "a type with its numbers": (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 1]}\n  - Conv2D 32 3x3 relu\n",
        ["write {type: Conv2D, filters: 32, kernel_size: [3, 3], activation: relu}"],
    ),
    "arguments without their names": (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 1]}\n  - {type: Conv2D, 32, 3, relu}\n  - {Dense, 10}\n"
        '  - {type: Dense, units: 3, "tanh", name: y}\n',
        [
            "write {type: Conv2D, filters: 32, kernel_size: 3, activation: relu}",
            "write {type: Dense, units: 10}",
            "write {type: Dense, units: 3, activation: tanh, name: y}",
        ],
    ),
    "sizes without commas": (
        "layers:\n  - {type: Input, name: x, shape: [28 28 1]}\n  - Flatten\n",
        ["write [28, 28, 1]"],
    ),
    "sizes without brackets": (
        "layers:\n  - {type: Input, name: x, shape: 28 28 1}\n  - Flatten\n",
        ["write [28, 28, 1]"],
    ),
    "sizes with an x, in brackets": (
        "layers:\n  - {type: Input, name: x, shape: [28x28x1]}\n  - Flatten\n",
        ["write [28, 28, 1]"],
    ),
    "a product without $()": (
        "layers:\n  - {type: Input, name: x, shape: [28*28]}\n  - {type: Dense, name: y, units: 2 * 3}\n",
        ["write $(28 * 28)", "write $(2 * 3)"],
    ),
    "numbers with a slip": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dropout, rate: .5.}\n  - {type: Dropout, rate: 0.5f}\n"
        "  - {type: Dense, units: ten}\n  - {type: Dense, units: 10 units}\n",
        ["write 0.5", "write 0.5", "write 10", "write 10"],
    ),
    "a decimal comma without a zero": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dropout, name: y, rate: ,5}\n",
        ["write 0.5"],
    ),
    "a decimal comma without a zero in the block style": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - type: Dropout\n    rate: ,5\n",
        ["write 0.5"],
    ),
    "Keras's functional style": (
        "layers:\n  - x = Input(shape=(3,))\n  - x = Dense(3)(x)\n  - y = Dense(2)(x)\n",
        ["write {type: Input, name: x, shape: [3]}", "write {type: Dense, units: 3}", "write {type: Dense, name: y, units: 2, from: x}"],
    ),
    "model.add": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - model.add(Dense(10))\n",
        ["write {type: Dense, units: 10}"],
    ),
    "inputs at an item": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 1, inputs: x}\n",
        ["write from: x"],
    ),
    "arrows of Mermaid": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n"
        'edges: ["x[Input] -.->|values| y[Dense]"]\n',
        ["write [x, y]"],
    ),
    "the number of a copy": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: ReLU, name: a, repeat: 2}\n  - {type: Add, from: [a[0], a[-1]]}\n",
        ['write - {type: Add, from: ["a[0]", "a[-1]"]}'],
    ),
    "a tuple of three in the flow style": (
        "layers:\n  - {type: Input, name: x, shape: (28, 28, 1)}\n  - Flatten\n",
        ["write [28, 28, 1]"],
    ),
    "a tuple in the block style": (
        "layers:\n  - type: Input\n    name: x\n    shape: (8, 3)\n  - Flatten\n",
        ["YAML and JSON have no tuples: write [8, 3]"],
    ),
    "a tuple of one": (
        "layers:\n  - {type: Input, name: x, shape: (8,)}\n  - {type: Dense, name: y, units: 1}\n",
        ["write [8]"],
    ),
    "decimal comma": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dropout, name: y, rate: 0,4}\n",
        ["write 0.4"],
    ),
    "decimal comma in the block style": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - type: Dropout\n    rate: 0,4\n",
        ["write 0.4"],
    ),
    "a reference of two names in the flow style": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Add, name: y, from: a, b}\n",
        ["write [a, b]"],
    ),
    "a tuple of names": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Add, name: y, from: (a, b)}\n",
        ["write [a, b]"],
    ),
    "a set of names": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Add, name: y, from: {a, b}}\n",
        ["write [a, b]"],
    ),
    "names without a comma": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Add, name: y, from: [a b]}\n",
        ["write [a, b]"],
    ),
    "a list in a list of names": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Add, name: y, from: [[a, b]]}\n",
        ["write [a, b]"],
    ),
    "a set of outputs": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1, from: a}\n"
        "  - {type: Dense, name: z, units: 1, from: a}\noutputs: {y, z}\n",
        ["write [y, z]"],
    ),
    "tuples as edges": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n  - {type: Dense, name: z, units: 1}\n"
        "edges: [(a, y), (a, z)]\n",
        ["write [a, y]", "write [a, z]"],
    ),
    "texts as edges": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n  - {type: Dense, name: z, units: 1}\n"
        "edges: [a y, a z]\n",
        ["write [a, y]", "write [a, z]"],
    ),
    "edges by their beginning": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n  - {type: Dense, name: z, units: 1}\n"
        "edges: {a: [y, z]}\n",
        ["write [[a, y], [a, z]]"],
    ),
    "an optimizer by its name": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n"
        "compile: {loss: mse, optimizer: {Adam: {learning_rate: 0.1}}}\n",
        ["write {type: Adam, learning_rate: 0.1}"],
    ),
    "an optimizer as Keras saves it": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n"
        "compile: {loss: mse, optimizer: {class_name: Adam, config: {learning_rate: 0.1}}}\n",
        ["write {type: Adam, learning_rate: 0.1}"],
    ),
    "an optimizer with a name": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n"
        "compile: {loss: mse, optimizer: {name: adam, learning_rate: 0.1}}\n",
        ["write {type: adam, learning_rate: 0.1}"],
    ),
    "an open size of -1": (
        "layers:\n  - {type: Input, name: a, shape: [-1, 8]}\n  - {type: Dense, name: y, units: 1}\n",
        ["write null"],
    ),
    "two outputs in a text": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, name: y, units: 1, from: a}\n"
        "  - {type: Dense, name: z, units: 1, from: a}\noutputs: y, z\n",
        ["write [y, z]"],
    ),
    "no space after colons": (
        "layers:\n  - {type:Input, name:x, shape: [8]}\n  - {type: Dense, units:3}\n",
        ["a space after the colon: type: Input", "a space after the colon: name: x", "a space after the colon: units: 3"],
    ),
    "no space after colons, and before a bracket": (
        "layers:\n  - {type:Input, name:x, shape:[8]}\n  - {type: Dense, units: 3}\n",
        ["a space after the colon: type: Input, name: x, shape: [8]}"],
    ),
    "no space after a colon in the block style": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - type:Dense\n    units:3\n",
        ["a space after the colon: type: Dense", "a space after the colon: units: 3"],
    ),
    "no space after a colon in the block style, and a key after it": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - type: Dense\n    units:3\n    name: y\n",
        ["a space after the colon: units: 3"],
    ),
    "Python's keywords": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, units=3}\n",
        ["write units: 3"],
    ),
    "calls": (
        "layers:\n  - Input(shape=(28, 28, 1))\n  - layers.Conv2D(8, (3, 3), activation='relu')\n  - Flatten()\n"
        "  - nn.Linear(784, 10)\n",
        [
            "write {type: Input, shape: [28, 28, 1]}",
            "write {type: Conv2D, filters: 8, kernel_size: [3, 3], activation: relu}",
            "write {type: Flatten}",
            "write {type: Dense, units: 10}",
        ],
    ),
    "a call as the inner layer, in the flow style": (
        "layers:\n  - {type: Input, name: x, shape: [8, 3]}\n"
        "  - {type: Bidirectional, name: y, layer: LSTM(4, return_sequences=True)}\n",
        ["write {type: LSTM, units: 4, return_sequences: true}"],
    ),
    "the type as the key": (
        "layers:\n  - Input: {shape: [8]}\n  - Dense: {units: 10}\n  - Dense: 4\n  - Dropout:\n    rate: 0.1\n",
        [
            "write {type: Input, shape: [8]}",
            "write {type: Dense, units: 10}",
            "write {type: Dense, units: 4}",
            "write {type: Dropout, rate: 0.1}",
        ],
    ),
    "the name as the key": (
        "layers:\n  - x: {type: Input, shape: [8]}\n  - y: {type: Dense, units: 10}\n",
        ["write {name: x, type: Input, shape: [8]}", "write {name: y, type: Dense, units: 10}"],
    ),
    "an item as Keras saves it": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {class_name: Dense, config: {units: 3, activation: relu}}\n",
        ["write {type: Dense, units: 3, activation: relu}"],
    ),
    "None": (
        "layers:\n  - {type: Input, name: x, shape: [None, 3]}\n"
        "  - {type: Dense, name: y, units: 2, activation: None, kernel_regularizer: None}\n",
        ["write null", "write null", "write null"],
    ),
    "an underscore in a number": (
        "layers:\n  - {type: Input, name: x, shape: [1_000]}\n  - {type: Dense, name: y, units: 1_0}\n",
        ["write 1000", "write 10"],
    ),
    "one size without brackets": (
        "layers:\n  - {type: Input, name: x, shape: 784}\n  - {type: Dense, name: y, units: [10]}\n",
        ["write [784]: a list, also of one", "write 10, without brackets"],
    ),
    "a value without its sign": (
        "vars: {width: 8}\nlayers:\n  - {type: Input, name: x, shape: [width]}\n  - {type: Dense, name: h, units: width}\n"
        "  - {type: Dense, name: y, units: width * 2}\n",
        ["write $width, the value", "write $width, the value", "write $(width * 2), the value"],
    ),
    "formulas in other forms": (
        "vars: {width: 8}\nlayers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, name: h, units: $width*2}\n"
        "  - type: Dense\n    name: y\n    units: ${width}\n",
        ["write $(width * 2)", "write $width"],
    ),
    "another program's templates": (
        "vars: {width: 8}\nlayers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, name: h, units: ${width}}\n",
        ["write $width"],
    ),
    "a comma in a formula": (
        "vars: {width: 8}\nlayers:\n  - {type: Input, name: x, shape: [3]}\n"
        "  - {type: Dense, name: y, units: $(max(width, 3))}\n",
        ['write "$(max(width, 3))"'],
    ),
    "commas in a description": (
        "vars: {width: {default: 8, description: how wide, in channels}}\n"
        "layers:\n  - {type: Input, name: x, shape: [3], description: what comes in, and (only) that}\n"
        "  - {type: Dense, name: y, units: $width, description: it is, sadly, the end}\n",
        ['write "how wide, in channels"', 'write "what comes in, and (only) that"', 'write "it is, sadly, the end"'],
    ),
    "arrows": (
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, name: h, units: 3}\n"
        "  - {type: Dense, name: y, units: 3}\nedges: [x -> h, h -> y]\n",
        ["write [x, h]", "write [h, y]"],
    ),
    "one edge": (
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, name: y, units: 3}\nedges: [x, y]\n",
        ["put it into a list: [[x, y]]"],
    ),
    "older names": (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n"
        "  - {type: Convolution2d, nb_filter: 3, kernel_size: 3, border_mode: same, init: he_norml}\n"
        "  - {type: Deconvolution2D, filters: 3, kernel_size: 3}\n",
        [
            "did you mean 'Convolution2D'?",
            "write Conv2DTranspose, which Keras 1 calls Deconvolution2D",
        ],
    ),
    "an optimizer as a call": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n"
        "compile:\n  optimizer: Adam(0.01)\n  loss: mean_square_error\n  metrics: [f1]\n",
        ["write {type: Adam, learning_rate: 0.01}", "write mse", "write F1Score"],
    ),
}  # fmt: skip
"""Specs that are sound once their certain fixes are made, and the helps of their first check."""


UNCERTAIN: dict[str, tuple[str, list[str]]] = {
    "values without keys": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {name: y, type: Dense, 10, true}\n",
        ["write its key: KEY: 10", "write its key: KEY: true"],
    ),
    "two items in one map": (
        "layers:\n  - type: Input\n    name: x\n    shape: [8]\n    name: y\n    shape: [3]\n",
        ["begin each layer with '- ': two run together here"],
    ),
    "a product that may be sizes": (
        "layers:\n  - {type: Input, name: x, shape: 28*28}\n  - Flatten\n",
        ["write [$(28 * 28)] for the product, [28, 28] for the sizes"],
    ),
    "arguments of the layer inside": (
        "layers:\n  - {type: Input, name: x, shape: [8, 3]}\n  - {type: Bidirectional, cell: LSTM, units: 8, return_sequences: true}\n",
        ["they are arguments of the layer inside: write layer: {type: LSTM, units: 8, return_sequences: true}"],
    ),
    "a sum of names": (
        "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: b, shape: [8]}\n"
        "  - {type: Dense, units: 1, from: a + b}\n",
        ["write an item that joins them, {type: Add, name: joined, from: [a, b]}, and from: joined"],
    ),
    "tensors as arguments": (
        "layers:\n  - {type: Input, name: a, shape: [8, 3]}\n  - {type: Input, name: b, shape: [8, 3]}\n"
        "  - {type: Attention, query: a, value: b}\n",
        ["it is a tensor: write from: [a, b]"],
    ),
    "the input's shape at the first layer": (
        "layers:\n  - {type: Dense, units: 10, input_shape: [3]}\n",
        ["an Input item above has the shape: {type: Input, shape: [3]}"],
    ),
    "a tab": ("layers:\n  - type: Input\n\tname: x\n", ["indent with spaces, not with a tab"]),
    "layers by name": (
        "layers:\n  x: {type: Input, shape: [3]}\n  y: {type: Dense, units: 1}\n",
        ["write a list of items: - {name: x, type: Input, shape: [3]}"],
    ),
    "each as a list": (
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, units: $f, each: [8, 16]}\n",
        ["write {f: [8, 16]}: $f is its value in each copy"],
    ),
    "None where null cannot stand": (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n"
        "  - {type: Conv2D, filters: 3, kernel_size: 3, use_bias: None, strides: None, bias_initializer: None}\n",
        [
            "remove use_bias, or write false",
            "remove strides for Keras's default, [1, 1]",
            "remove bias_initializer for Keras's default, zeros",
        ],
    ),
    "a fraction of a size": (
        "vars: {width: 0.25}\nlayers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, units: $(64 * width)}\n",
        ["write $(int(64 * width)) or $(round(64 * width)); // makes an integer of integers only"],
    ),
    "$index outside of copies": (
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, units: $(index + 1)}\n",
        ["it exists only in an item with 'repeat' or 'each'; pass it to a block as an argument: n: $index"],
    ),
    "code": (
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - lambda x: x * 2\n",
        ["a spec contains no code; write an operation (type: ops.NAME), or a layer class in a plugin"],
    ),
    "compile's keys at the top, and an argument of the layer inside": (
        "layers:\n  - {type: Input, name: x, shape: [5, 3]}\n"
        "  - {type: Bidirectional, name: y, return_sequences: true, layer: {type: LSTM, units: 4}}\n"
        "optimizer: {type: Adam, lr: 0.1}\nloss: mse\n",
        [
            "it is an argument of the layer inside: write layer: {type: LSTM, units: 4, return_sequences: true}",
            "write it under 'compile': compile: {optimizer: ...}",
            "write learning_rate, which Keras 2 calls lr",
            "write it under 'compile': compile: {loss: ...}",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), YAML.values(), ids=YAML)
def test_yaml(text: str, expected: list[str]) -> None:
    assert_certain(text, expected)


@pytest.mark.parametrize(("text", "expected"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_a_person_must_decide(text: str, expected: list[str]) -> None:
    assert all_helps(text) == expected
