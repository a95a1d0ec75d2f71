"""The summary of a spec: as a table whole, as data what the Keras model has, and whatever differs between models."""

from __future__ import annotations

import json
from math import prod
from typing import Any

import pytest

import specc
from specc.backends import summary
from specc.backends.pictures.options import Options
from specc.backends.pictures.texts.mermaid import mermaid
from specc.diagnostics.columns import width
from tests.support.checking import spec

# -- As data: what Keras has -------------------------------------------------------------------------

SPECS = {
    "a chain": """
        layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: dense, units: 3, repeat: 2}, {type: Dense, units: 3, trainable: false}]
        """,
    "a nested model whose branches meet in another order than the file's": """
        blocks:
          two:
            inputs: [x, y]
            layers:
              - {type: Dense, name: p, units: 3, from: x}
              - {type: Dense, name: q, units: 4, from: y}
              - {type: LSTM, name: l, units: 2, return_state: true, from: z}
              - {type: Reshape, name: z, target_shape: [1, 4], from: q}
            outputs: {first: p, second: q, h: l.state_h}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Input, name: y, shape: [3]}
          - {type: two, name: t, from: {y: x, x: y}, nested: true}
          - {share: t, name: u, from: {y: x, x: y}}
        outputs: [t.second, t, u.h]
        """,
    "frozen parts": """
        blocks:
          c: {inputs: [x], layers: [{type: Dense, name: d, units: 3}, {type: BatchNormalization, name: n, trainable: true, dtype: float32}], outputs: [n]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: c, name: i, trainable: false, dtype: float16}
          - {type: c, name: k, trainable: false, nested: true}
          - {type: TimeDistributed, name: t, layer: c, from: r}
          - {type: RepeatVector, name: r, n: 2, from: k}
        """,
    "shared calls before the layer's own": """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: d, name: e, from: x}
          - {type: Dense, name: d, units: 3, from: e}
          - {type: ops.relu, name: r}
          - {share: r, name: s, from: d}
        outputs: [e, r, s]
        """,
}


@pytest.mark.parametrize("text", SPECS.values(), ids=SPECS)
def test_says_what_keras_has(text: str) -> None:
    said = json.loads(summary.as_json(specc.compile(spec(text))))
    model = specc.build(spec(text))
    assert said["params"] == model.count_params()
    assert said["trainable_params"] == sum(prod(weight.shape) for weight in model.trainable_weights)
    assert [(port["name"], port["shape"], port["dtype"]) for port in said["inputs"]] == [
        (tensor.name, list(tensor.shape), tensor.dtype) for tensor in model.inputs
    ]
    assert [(port["shape"], port["dtype"]) for port in said["outputs"]] == [
        (list(tensor.shape), tensor.dtype) for tensor in model.outputs
    ]
    if said["form"] == "functional":
        assert [port["name"] for port in said["outputs"]] == model.output_names
    compare(said["layers"], model)


def compare(entries: list[dict[str, Any]], model: Any) -> None:
    layers = {layer.name: layer for layer in model.layers}
    for entry in entries:
        if "shares" in entry:
            assert (entry["weights"], entry["params"]) == ([], 0)
        elif entry["name"] in layers:
            layer = layers[entry["name"]]
            weights = [(weight.name, list(weight.shape), weight.trainable) for weight in layer.weights]
            assert [(weight["name"], weight["shape"], weight["trainable"]) for weight in entry["weights"]] == weights
            assert entry["params"] == layer.count_params()
            if "layers" in entry:
                compare(entry["layers"], layer)
        else:
            assert entry["type"] == "Input" or entry["type"].startswith("ops.")


# -- As a table ------------------------------------------------------------------------------------

TABLE = """
name: table
blocks:
  stem: {inputs: [i], layers: [{type: Conv2D, name: conv, filters: 8, kernel_size: 3}, {type: BatchNormalization, name: norm}], outputs: [norm]}
  tower: {inputs: [i], layers: [{type: GlobalAveragePooling2D, name: mean}, {type: Dense, name: d, units: 4}], outputs: [d]}
layers:
  - {type: Input, name: image, shape: [28, 28, 1]}
  - {type: Input, name: other, shape: [28, 28, 1]}
  - {type: stem, name: stem, from: image}
  - {type: tower, name: left, nested: true, from: stem}
  - {share: left, name: right, from: stem.conv}
  - {type: LSTM, name: state, units: 4, return_state: true, from: row}
  - {type: Reshape, name: row, target_shape: [28, 28], from: other}
  - {type: Concatenate, name: all, from: [left, right, state.state_c]}
outputs: [all]
"""
FOLDED = """\
table: functional

 layer  type             output shape        parameters  from
 ──────────────────────────────────────────────────────────────────────────────────
 image  Input            (None, 28, 28, 1)            0
 other  Input            (None, 28, 28, 1)            0
 stem   stem (2 layers)  (None, 26, 26, 8)          112  image
                         (None, 26, 26, 8)
 left   tower            (None, 4)                   36  stem
 right  tower            (None, 4)          shares left  stem
 state  LSTM             (None, 4)                  528  row
                         (None, 4)
                         (None, 4)
 row    Reshape          (None, 28, 28)               0  other
 all    Concatenate      (None, 12)                   0  left, right, state.state_c

parameters: 676 (2.64 KB)
trainable: 660, not trainable: 16
"""
EXPANDED = """\
table: functional

 layer      type                    output shape        parameters  from
 ─────────────────────────────────────────────────────────────────────────────────────────────
 image      Input                   (None, 28, 28, 1)            0
 other      Input                   (None, 28, 28, 1)            0
 stem.conv  Conv2D                  (None, 26, 26, 8)           80  image
 stem.norm  BatchNormalization      (None, 26, 26, 8)           32  stem.conv
 left       tower                   (None, 4)                   36  stem.norm
   i        Input                   (None, 26, 26, 8)            0
   mean     GlobalAveragePooling2D  (None, 8)                    0  i
   d        Dense                   (None, 4)                   36  mean
 right      tower                   (None, 4)          shares left  stem.conv
 state      LSTM                    (None, 4)                  528  row
                                    (None, 4)
                                    (None, 4)
 row        Reshape                 (None, 28, 28)               0  other
 all        Concatenate             (None, 12)                   0  left, right, state.state_c

parameters: 676 (2.64 KB)
trainable: 660, not trainable: 16
"""
NARROW = """\
table: functional

 layer  output shape        parameters
 ─────────────────────────────────────
 image  (None, 28, 28, 1)            0
   Input
 other  (None, 28, 28, 1)            0
   Input
 stem   (None, 26, 26, 8)          112
        (None, 26, 26, 8)
   stem (2 layers) from image
 left   (None, 4)                   36
   tower from stem
 right  (None, 4)          shares left
   tower from stem
 state  (None, 4)                  528
        (None, 4)
        (None, 4)
   LSTM from row
 row    (None, 28, 28)               0
   Reshape from other
 all    (None, 12)                   0
   Concatenate from left, right,
   state.state_c

parameters: 676 (2.64 KB)
trainable: 660, not trainable: 16
"""


@pytest.mark.parametrize(
    ("choices", "expected"),
    [({}, FOLDED), ({"expand": True}, EXPANDED), ({"columns": 44}, NARROW)],
    ids=["folded", "expanded", "narrow"],
)
def test_the_table(choices: dict[str, Any], expected: str) -> None:
    assert summary.as_text(specc.compile(spec(TABLE)), **choices) + "\n" == expected


def test_one_line() -> None:
    assert summary.one_line(specc.compile(spec(TABLE))) == (
        "Functional, image (None, 28, 28, 1), other (None, 28, 28, 1) -> all (None, 12), 6 layers, 676 parameters"
    )


def test_a_folded_block_is_called_by_its_name_also_where_a_value_says_it() -> None:
    text = """
        vars: {which: encoder}
        blocks: {encoder: {inputs: [i], layers: [{type: LSTM, name: l, units: 2, return_state: true}], outputs: [l]}}
        layers: [{type: Input, name: x, shape: [5, 3]}, {type: $which, name: enc}, {type: Dense, name: y, units: 1}]
        outputs: [y, enc.l.state_h]
        """
    graph = specc.compile(spec(text))
    table = rows(summary.as_text(graph))
    assert table["enc"][:3] == ["encoder", "(1", "layer)"]
    assert table["enc.l.state_h"] == [
        "Identity",
        "(None,",
        "2)",
        "0",
        "enc",
    ]  # a name of the model's, and no layer of the block
    assert '[["<b>encoder</b> enc<br/>1 layer' in mermaid(graph, Options(depth=0))
    assert 'subgraph f0["<b>encoder</b> enc"]' in mermaid(graph)


def test_an_identity_that_names_an_output_is_no_member_of_the_instance_of_that_name() -> None:
    graph = specc.compile(
        spec("""
        name: net
        blocks: {b: {inputs: [x], layers: [{type: Dense, units: 2}, {type: ReLU, name: out}], outputs: [out]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: y}
        """)
    )
    assert summary.as_text(graph).splitlines()[-5:-3] == [
        " y      b (2 layers)  (None, 2)             10",
        " y      Identity      (None, 2)              0",
    ]


def test_the_table_has_an_output_that_is_a_port() -> None:
    text = """
        layers: [{type: Input, name: x, shape: [5, 3]}, {type: LSTM, name: lstm, units: 2, return_state: true}]
        outputs: [lstm, lstm.state_h]
        """
    table = rows(summary.as_text(specc.compile(spec(text))))
    assert table["lstm.state_h"] == ["Identity", "(None,", "2)", "0", "lstm.state_h"]


def rows(table: str) -> dict[str, list[str]]:
    """The rows of a table of layers by name, each in words."""
    return {line.split()[0]: line.split()[1:] for line in table.splitlines() if line.startswith(" ") and line.strip()}


@pytest.mark.parametrize("columns", [30, 45, 60, 100, None])
def test_a_summary_keeps_all_columns(columns: int | None) -> None:
    text = """
    layers:
      - {type: Input, name: 画像入力, shape: [28, 28, 1]}
      - {type: Conv2D, name: a_rather_long_name_of_a_layer_indeed, filters: 8, kernel_size: 3}
      - {type: Flatten, name: flat}
      - {type: Dense, name: y, units: 2, from: flat}
      - {type: Concatenate, name: 結合, from: [flat, y]}
    """
    table = summary.as_text(specc.compile(spec(text)), columns=columns)
    for word in (
        "画像入力",
        "Input",
        "(None, 26, 26, 8)",
        "a_rather_long_name_of_a_layer_indeed",
        "Concatenate",
        "10,818",
        "parameters",
    ):
        assert word in table
    if columns is not None and columns >= 60:
        assert [line for line in table.split("\n") if width(line) > columns] == []
    ends = {width(line) for line in table.split("\n") if line.endswith(("parameters", "─", " 80", "10,818"))}
    assert len(ends) == 1 or columns is None or columns >= 100


# -- As data: whatever differs in the model ----------------------------------------------------------

BASE = """
vars: {width: 3}
blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: LSTM, name: l, units: 4, return_state: true, from: r}, {type: Reshape, name: r, target_shape: [1, 4], from: d}], outputs: {h: l.state_h, d: d}}}
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: b, name: n, nested: true}
  - {type: Dense, name: q, units: 4, from: x}
  - {share: q, name: again, from: n.d}
  - {type: Reshape, name: s, target_shape: [1, 4], from: again}
  - {type: Reshape, name: t, target_shape: [1, 4], from: n}
  - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {query: s, value: t}}
  - {type: TimeDistributed, name: w, layer: {type: Dense, units: 3}}
  - {type: Dropout, name: drop, rate: 0.5}
outputs: [drop, q]
compile: {loss: mse, optimizer: {type: adam, learning_rate: 0.001}, metrics: {q: [mae]}}
"""
CHANGES = {
    "an argument": ("{type: Dense, name: q, units: 4,", "{type: Dense, name: q, units: 4, activation: relu,"),
    "an object": ("{type: Dense, name: q, units: 4,", "{type: Dense, name: q, units: 4, kernel_regularizer: l2,"),
    "an object's argument": ("learning_rate: 0.001", "learning_rate: 0.01"),
    "in a nested model": ("name: d, units: 4}", "name: d, units: 4, activation: relu}"),
    "an output of a nested model": ("{h: l.state_h, d: d}", "{h: l.state_c, d: d}"),
    "the layer inside a wrapper": ("layer: {type: Dense, units: 3}", "layer: {type: Dense, units: 3, use_bias: false}"),
    "a rate": ("rate: 0.5", "rate: 0.25"),
    "trainable": ("{type: Dropout, name: drop,", "{type: Dropout, name: drop, trainable: false,"),
    "dtype": ("name: w, layer", "name: w, dtype: float16, layer"),
    "the model's policy": ("vars:", "dtype_policy: mixed_float16\nvars:"),
    "which tensor is which": ("{query: s, value: t}", "{query: t, value: s}"),
    "a call's argument": ("{query: s, value: t}}", "{query: s, value: t}, call: {use_causal_mask: true}}"),
    "an output": ("outputs: [drop, q]", "outputs: [q, drop]"),
    "the outputs' labels": ("outputs: [drop, q]", "outputs: {drop: drop, q: q}"),
    "a shared call": ("{share: q, name: again, from: n.d}", "{share: q, name: again, from: n}"),
    "a port": ("name: t, target_shape: [1, 4], from: n}", "name: t, target_shape: [1, 4], from: n.d}"),
    "a loss": ("loss: mse", "loss: mae"),
    "a metric": ("{q: [mae]}", "{q: [mse]}"),
    "the optimizer": ("type: adam", "type: Nadam"),
}
SAME = {
    "a spelling": ("loss: mse", "loss: {type: MeanSquaredError}"),
    "a default": ("name: d, units: 4}", "name: d, units: 4, activation: null, kernel_initializer: GlorotUniform}"),
    "a default of an object": ("learning_rate: 0.001}", "learning_rate: 0.001, beta_1: 0.9}"),
    "a value": ("layer: {type: Dense, units: 3}", "layer: {type: Dense, units: $width}"),
    "defaults": ("vars:", "defaults: {Dense: {use_bias: true}}\nvars:"),
    "the policy's own dtype": ("name: w, layer", "name: w, dtype: float32, layer"),
    "from in words": ("from: {query: s, value: t}", "from: [s, t]"),
}


def data(text: str) -> dict[str, Any]:
    return summary.as_dict(specc.compile(spec(text)))


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_summary_shows_every_change(old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert data(BASE) != data(BASE.replace(old, new))


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_a_summary_shows_no_spelling(old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert data(BASE) == data(BASE.replace(old, new))


def test_ports_are_named() -> None:
    text = BASE.replace("outputs: [drop, q]", "outputs: [drop, q, n.d]")
    entries = {entry["name"]: entry for entry in data(text)["layers"]}
    assert entries["again"]["inputs"] == ["n.d"]
    assert entries["a"]["from"] == {"query": "s", "value": "t"}
    assert entries["n"]["outputs"] == {"h": "l.state_h", "d": "d"}
    assert [output["from"] for output in data(text)["outputs"]] == ["drop", "q", "n.d"]


DESCRIBED = """
    name: net
    description: |
      Two stages; $(nothing) is computed in a text.

      This is its second paragraph.
    vars: {width: {default: $(one * 3), description: "As wide as $(this)."}, one: 1}
    blocks:
      stage:
        description: One layer. $neither
        args: {units: {default: $width, description: Its width.}, more: {default: 1}}
        inputs: [x]
        layers: [{type: Dense, name: d, units: $units, use_bias: "$(more == 1)", description: "$5 or \\e[31m more"}]
        outputs: [d]
    layers:
      - {type: Input, name: x, shape: [3], description: "  "}
      - {type: stage, name: s, units: $(index + 2), when: true, repeat: 2, description: "stage $(index)"}
      - {type: stage, name: n, nested: true}
      - {share: n, name: again, description: once more}
    """


def test_descriptions() -> None:
    graph = specc.compile(spec(DESCRIBED))
    data = json.loads(summary.as_json(graph))
    assert data["description"] == "Two stages; $(nothing) is computed in a text.\n\nThis is its second paragraph."
    assert data["vars"] == {
        "width": {"value": 3, "description": "As wide as $(this)."}, "one": {"value": 1, "description": None},
    }  # fmt: skip
    assert data["blocks"] == {
        "stage": {"description": "One layer. $neither", "arguments": {"units": "Its width.", "more": None}}
    }
    layers = {layer["name"]: layer.get("description") for layer in data["layers"]}
    assert layers == {
        "x": None,
        "s_1.d": "$5 or \x1b[31m more",
        "s_2.d": "$5 or \x1b[31m more",
        "n": None,
        "again": "once more",
    }
    instance = graph.graph.instances["s_2"]
    assert (instance.description, instance.block_description) == ("stage $(index)", "One layer. $neither")
    lines = summary.as_text(graph, columns=30).split("\n")
    assert lines[:7] == [
        "net: functional", "Two stages; $(nothing) is", "computed in a text.", "",
        "This is its second paragraph.", "", " layer  output shape  parameters",
    ]  # fmt: skip
