"""What people see who write specs in an editor: the JSON Schema, driven through the language servers that editors run.

They are npm packages: ``npm install --prefix tests/editors --no-package-lock``. Without them the tests are skipped; with
SPECC_EDITORS=1, as in CI, that is an error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from specc.language import json_schema
from tests.support.language_servers import MODULES, Json, Yaml

MISSING = which("node") is None or not (MODULES / "yaml-language-server").exists()
pytestmark = pytest.mark.skipif(
    MISSING and os.environ.get("SPECC_EDITORS") != "1",
    reason="needs node, and npm install --prefix tests/editors --no-package-lock",
)

INPUT = "layers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "specc.schema.json"
    path.write_text(json_schema.text())
    return path


@pytest.fixture(scope="module")
def yaml(schema: Path) -> Iterator[Yaml]:
    server = Yaml(schema)
    yield server
    server.close()


@pytest.fixture(scope="module")
def json(schema: Path) -> Iterator[Json]:
    server = Json(schema)
    yield server
    server.close()


def item(text: str) -> str:
    """A JSON spec with one item more."""
    return f'{{"layers": [{{"type": "Input", "name": "x", "shape": [8]}}, {text}]}}'


# -- Completion ------------------------------------------------------------------------------------

VALUES = {
    "  - {type: Dense, units: 1, activation: |}": {"relu", "softmax", "leaky_relu"},
    "  - type: Dense\n    activation: |": {"relu", "softmax"},
    "  - {type: Conv2D, filters: 1, padding: |}": {"valid", "same"},
    "  - {type: Conv1D, filters: 1, padding: |}": {"valid", "same", "causal"},
    "  - {type: Conv2D, filters: 1, data_format: |}": {"channels_last", "channels_first"},
    "  - {type: Dense, units: 1, use_bias: |}": {"true", "false"},
    "  - {type: Dense, units: 1, kernel_initializer: |}": {"glorot_uniform", "HeNormal", "zeros"},
    "  - {type: Dense, units: 1, kernel_initializer: {type: |}}": {"RandomNormal", "HeNormal"},
    "  - {type: Dense, units: 1, kernel_regularizer: |}": {"l2", "L1L2"},
    "  - {type: Dense, units: 1, dtype: |}": {"float16", "mixed_bfloat16"},
    "  - {type: Dense, units: 1, when: |}": {"true", "false"},
    "  - {type: |}": {"Dense", "Conv2D", "ops.add", "MaxPool2D"},
    "  - type: |": {"Dense", "LSTM"},
    "  - |": {"type", "share", "Flatten", "BatchNormalization"},
    "  - {type: TimeDistributed, layer: |}": {"Dense", "LSTM"},
    "  - {type: RNN, cell: {type: |}}": {"LSTMCell", "GRUCell"},
    "compile: {optimizer: |}": {"Adam", "SGD", "AdamW"},
    "compile: {optimizer: {type: |}}": {"Adam", "SGD"},
    "compile:\n  optimizer: {type: adam, learning_rate: {type: |}}": {"CosineDecay", "ExponentialDecay"},
    "compile: {loss: |}": {"mse", "sparse_categorical_crossentropy", "Huber"},
    "compile: {loss: {y: |}}": {"mse", "BinaryCrossentropy"},
    "compile: {metrics: |}": {"accuracy", "AUC"},
    "compile:\n  metrics:\n    - |": {"accuracy", "AUC"},
    "dtype_policy: |": {"mixed_float16", "float32"},
    "expect: {form: |}": {"sequential", "functional"},
    "defaults: {Conv2D: {padding: |}}": {"valid", "same"},
    "blocks: {b: {inputs: [i], layers: [{type: Dense, activation: |}], outputs: [o]}}": {"relu", "softmax"},
}


@pytest.mark.parametrize("text", VALUES)
def test_yaml_values(yaml: Yaml, text: str) -> None:
    assert VALUES[text] - yaml.completions(INPUT + text + "\n").keys() == set()


KEYS = {
    "  - {type: Conv2D, x|}": {"filters", "kernel_size", "padding", "activation", "from", "repeat"},
    "  - type: LSTM\n    |": {"units", "return_sequences", "return_state", "name", "share"},
    "  - {type: Dense, units: 1, kernel_initializer: {type: RandomNormal, x|}}": {"mean", "stddev"},
    "  - {type: TimeDistributed, layer: {type: Dense, x|}}": {"units", "activation"},
    "compile: {x|}": {"optimizer", "loss", "metrics"},
    "compile: {optimizer: {type: adam, x|}}": {"learning_rate", "beta_1"},
    "expect: {x|}": {"params", "form", "outputs"},
    "defaults: {x|}": {"Conv2D", "Dense"},
    "blocks: {b: {x|}}": {"args", "inputs", "layers", "outputs"},
    "x|": {"name", "vars", "blocks", "compile", "expect", "outputs"},
}


@pytest.mark.parametrize("text", KEYS)
def test_yaml_keys(yaml: Yaml, text: str) -> None:
    """Each key is offered with what it is, and the keys of one type are not those of another."""
    offered = yaml.completions(INPUT + text + "\n")
    assert KEYS[text] - offered.keys() == set()
    assert [key for key in KEYS[text] if not offered[key].get("documentation")] == []
    if "Conv2D" in text:
        assert not {"units", "return_sequences"} & offered.keys()


FLOWING = {
    "  - {type: Conv2D, filters: 1, x|}": {
        "strides": "strides: ${1:0}",
        "dilation_rate": "dilation_rate: ${1:0}",
        "padding": "padding: ${1:valid}",
        "activation": "activation: ",
        "use_bias": "use_bias: ${1:true}",
        "from": "from: ",
        "each": "each: {$1}",
        "call": "call: {$1}",
    },
    "  - {type: Input, x|}": {"shape": "shape: [$1]", "batch_size": "batch_size: ${1:0}"},
    "  - {type: Rescaling, x|}": {"scale": "scale: ${1:0}"},
    "  - {type: TextVectorization, x|}": {"vocabulary": "vocabulary: [$1]", "ngrams": "ngrams: ${1:0}"},
    "defaults: {x|}": {"Dense": "Dense: {$1}", "MaxPooling2D": "MaxPooling2D: {$1}"},
    "blocks: {b: {x|}}": {"args": "args: {$1}", "inputs": "inputs: [$1]", "outputs": "outputs: "},
    "expect: {x|}": {"outputs": "outputs: {$1}", "params": "params: ${1:0}"},
}


@pytest.mark.parametrize("text", FLOWING)
def test_what_is_written_stays_on_the_line(yaml: Yaml, text: str) -> None:
    """Nothing that is chosen in a flow map writes a block into it."""
    offered = yaml.completions(INPUT + text + "\n")
    assert {key: yaml.inserted_by(offered[key]) for key in FLOWING[text]} == FLOWING[text]
    allowed = {"layers", "edges", "block"}  # of a block, which are lists of maps
    assert [key for key, found in offered.items() if "\n" in yaml.inserted_by(found) and key not in allowed] == []


JSON_VALUES = {
    '{"type": "Dense", "units": 1, "activation": |}': {'"relu"', '"softmax"'},
    '{"type": "Dense", "units": 1, "activation": "|"}': {'"relu"', '"softmax"'},
    '{"type": "Dense", "units": 1, "use_bias": |}': {"true", "false"},
    '{"type": "Conv2D", "padding": |}': {'"valid"', '"same"'},
    '{"type": "Dense", "kernel_initializer": {"type": |}}': {'"RandomNormal"'},
    '{"type": |}': {'"Dense"', '"Conv2D"', '"ops.add"'},
    '{"type": "Conv2D", "|"}': {"filters", "kernel_size", "padding", "from"},
    '"|"': {'"Flatten"'},
    '"Flatten"], "compile": {"optimizer": |}, "edges": [': {'"Adam"', '"SGD"'},
    '"Flatten"], "compile": {"loss": {"y": |}}, "edges": [': {'"mse"'},
    '"Flatten"], "compile": {"metrics": [|]}, "edges": [': {'"accuracy"'},
    '"Flatten"], "expect": {"|"}, "edges": [': {"params", "form", "outputs"},
    '"Flatten"], "|": [': {"compile", "expect", "outputs"},
}


@pytest.mark.parametrize("text", JSON_VALUES)
def test_json_completes(json: Json, text: str) -> None:
    offered = json.completions(item(text))
    assert JSON_VALUES[text] - offered.keys() == set()
    assert [
        key
        for key in JSON_VALUES[text]
        if key[0].islower() and key not in ("true", "false") and not offered[key]["documentation"]
    ] == []


def test_json_keys_come_with_their_colon(json: Json) -> None:
    for text in ('{"type": "Conv2D", "|"}', '{"|"}', '"Flatten"], "compile": {"|"}, "edges": ['):
        offered = json.completions(item(text))
        assert [key for key, found in offered.items() if ": " not in json.inserted_by(found)] == []


# -- Hover -----------------------------------------------------------------------------------------

HOVERED = {
    "  - {type: Den|se, units: 1}": "A fully connected layer",
    "  - {type: Convo|lution2D, filters: 1, kernel_size: 3}": "A convolution over the height and width of images.",
    "  - Flat|ten": "All values of a sample in one row.",
    "  - {type: ops.ma|tmul, from: [x, x]}": "The product of matrices",
    "  - {type: Dense, un|its: 1}": "A positive integer. Required.",
    "  - {type: Conv2D, filters: 1, kernel_size: 3, padd|ing: same}": '"valid" or "same". Default: "valid".',
    "  - {type: Dense, units: 1, activation: re|lu}": "`relu`: The value, or 0 below 0.",
    "  - {type: Dense, units: 1, kernel_regularizer: {type: L|2}}": "`L2`: The sum of the squares",
    "  - {type: Dense, units: 1, kernel_regularizer: {type: L2, l|2: 0.1}}": "A number",
    "  - {type: Dense, na|me: y, units: 1}": "A unique name",
    "  - {type: TimeDistributed, layer: {type: Den|se, units: 1}}": "A fully connected layer",
    "compile: {lo|ss: mse}": "The loss",
    "compile: {loss: m|se}": "`mse`: The mean of the squared differences.",
    "exp|ect: {params: 1}": "What the model must be",
    "expect: {par|ams: 1}": "The number of parameters",
}


@pytest.mark.parametrize("text", HOVERED)
def test_yaml_hover(yaml: Yaml, text: str) -> None:
    assert HOVERED[text].lower() in yaml.hover(INPUT + text + "\n").lower()


def test_the_hover_of_a_type_is_its_text(yaml: Yaml) -> None:
    """And no list of all other types after it."""
    for text in ("  - {type: Den|se, units: 1}\n", "  - {type: MaxPo|ol2D}\n", "blocks: {b: {}}\n"):
        assert "Allowed Values" not in yaml.hover(INPUT + text)


def test_json_hover(json: Json) -> None:
    for text, said in {
        '{"type": "Den|se", "units": 1}': "A fully connected layer",
        '{"type": "Dense", "un|its": 1}': "A positive integer. Required.",
        '{"type": "Dense", "units": 1, "activation": "re|lu"}': "`relu`: The value, or 0 below 0.",
        '"Flat|ten"': "All values of a sample in one row.",
    }.items():
        assert said in json.hover(item(text))


# -- What is wrong ---------------------------------------------------------------------------------

WRONG = {
    "  - {type: Dens, units: 1}": [("Dens", 'Value is not accepted. Valid values: "Dense"')],
    "  - Flaten": [("Flaten", 'Value is not accepted. Valid values: "Flatten"')],
    "  - {type: Dense, unit: 1}": [("unit", "Property unit is not allowed."), ("{", 'Missing property "units".')],
    "  - {type: Dense, units: '1'}": [("'1'", 'Incorrect type. Expected "integer".')],
    "  - {type: Dense, units: 0}": [("0", "Value is below the minimum of 1.")],
    "  - {type: Dense, units: 1, use_bias: yes}": [("yes", 'Incorrect type. Expected "boolean".')],
    "  - {type: Dense, units: 1, activation: sofmax}": [("sofmax", "Value is not accepted.")],
    "  - {type: Conv2D, filters: 1, kernel_size: 3, padding: vaild}": [("vaild", "Value is not accepted.")],
    "  - {type: Conv2D, filters: 1, kernel_size: [3, '3']}": [("'3'", 'Incorrect type. Expected "integer".')],
    "  - {type: Bidirectional, layer: {type: LSTN, units: 1}}": [("LSTN", "Value is not accepted.")],
    "blocks: {b: {inputs: [i], layers: [{type: Dens, name: o, units: 1}], outputs: [o]}}": [
        ("Dens", "Value is not accepted.")
    ],
    "  - {type: b, n: 1}\n  - Flaten\nblocks: {b: {args: {n: 1}, inputs: [i], layers: [Flatten], outputs: [i]}}": [
        ("Flaten", "Value is not accepted.")
    ],
    "compile: {losses: mse}": [("losses", "Property losses is not allowed.")],
    "compile: {loss: msee}": [("msee", "Value is not accepted.")],
    "compile: {optimizer: {type: adam, lr: 0.1}}": [("lr", "Property lr is not allowed.")],
    "expect: {parms: 1}": [("parms", "Property parms is not allowed.")],
    "expect: {form: chain}": [("chain", 'Value is not accepted. Valid values: "sequential", "functional".')],
    "expect: {params: < 5Q}": [("< 5Q", "String does not match the pattern")],
    "defaults: {Conv2D: {paddin: same}}": [("paddin", "Property paddin is not allowed.")],
}


@pytest.mark.parametrize("text", WRONG)
def test_yaml_marks_what_is_wrong(yaml: Yaml, text: str) -> None:
    found = sorted(yaml.problems(INPUT + text + "\n"))
    assert len(found) == len(WRONG[text]), found
    for (words, message), (marked, said) in zip(found, sorted(WRONG[text]), strict=True):
        assert (words if marked != "{" else words[:1]) == marked
        assert message.startswith(said)


RIGHT = {
    "blocks and their arguments": """
        blocks:
          Residual:
            args: {filters: null, layer: 1, padding: 2, type_of: conv}
            inputs: [i]
            layers: [{type: Dense, name: o, units: $filters}]
            outputs: [o]
          unit: {inputs: [i], layers: [{type: Residual, filters: 3}, {type: Activation, name: o, activation: relu}], outputs: [o]}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Residual, name: a, filters: 3, layer: 5, padding: 7, type_of: x, nested: true, call: {training: false}}
          - {type: unit, repeat: 2, trainable: false}
          - unit
        """,
    "values": """
        vars: {width: 4, act: relu, on: true, kinds: [Dense, Dense]}
        layers:
          - {type: Input, name: x, shape: [$width]}
          - {type: Dense, units: $(width * 2), activation: $act, use_bias: $on}
          - {type: $kind, units: 3, each: {kind: $kinds}, when: $on, name: sides}
          - {type: Dense, name: b, units: 3, from: sides_$(1), repeat: $width}
        compile: {loss: $act, optimizer: {type: $act, learning_rate: $width}}
        """,
    "everything": """
        specc: 1
        name: everything
        allow: [name-for-tensorflow]
        defaults: {Conv2D: {padding: same, activation: relu}}
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: Conv2D, filters: 2, kernel_size: [3, 3], allow: [deep-model]}
          - Flatten
          - {type: Dense, name: y, units: 1, activation: null, kernel_initializer: {type: he_normal, seed: 1}}
        outputs: {label: y}
        compile: {loss: {label: MSE}, metrics: [mae, {type: AUC, curve: PR}], optimizer: ADAM}
        dtype_policy: mixed_float16
        expect: {params: "< 1K", layers: 3, form: functional, outputs: {label: [null, 1]}}
        """,
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_yaml_marks_nothing_that_is_right(yaml: Yaml, text: str) -> None:
    assert yaml.problems(text) == []


@pytest.mark.parametrize("name", ["mixture_of_experts.yaml", "seq2seq_attention.yaml", "text_and_numbers.yaml"])
def test_yaml_marks_nothing_in_an_example(yaml: Yaml, name: str) -> None:
    assert yaml.problems((Path(__file__).parents[2] / "specs" / name).read_text()) == []


def test_json_marks_what_is_wrong(json: Json) -> None:
    assert json.problems((Path(__file__).parents[2] / "specs" / "fashion_mnist_cnn.json").read_text()) == []
    for text, marked, said in (
        ('{"type": "Dens", "units": 1}', '"Dens"', 'Value is not accepted. Valid values: "Dense"'),
        ('{"type": "Dense", "units": "1"}', '"1"', 'Incorrect type. Expected "integer".'),
        ('{"type": "Dense", "units": 1, "activation": "sofmax"}', '"sofmax"', "Value is not accepted."),
        ('"Flatten"], "expect": {"form": "chain"}, "edges": [', '"chain"', "Value is not accepted."),
    ):
        ((words, message),) = json.problems(item(text))
        assert (words, message.startswith(said)) == (marked, True)
