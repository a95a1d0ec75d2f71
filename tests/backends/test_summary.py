"""The summary of a spec says of every layer what the Keras model built from it has."""

from __future__ import annotations

import json
from math import prod
from typing import Any

import pytest

import specc
from specc.backends import summary
from specc.backends.pictures.mermaid import mermaid

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
    from textwrap import dedent

    spec = specc.Spec.from_text(dedent(text), "spec.yaml")
    said = json.loads(summary.as_json(specc.compile(spec)))
    model = specc.build(spec)
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


def test_a_folded_block_is_called_by_its_name_also_where_a_value_says_it() -> None:
    spec = """
        vars: {which: encoder}
        blocks: {encoder: {inputs: [i], layers: [{type: LSTM, name: l, units: 2, return_state: true}], outputs: [l]}}
        layers: [{type: Input, name: x, shape: [5, 3]}, {type: $which, name: enc}, {type: Dense, name: y, units: 1}]
        outputs: [y, enc.l.state_h]
        """
    graph = specc.compile(specc.Spec.from_text(spec))
    table = rows(summary.as_text(graph))
    assert table["enc"][:3] == ["encoder", "(1", "layer)"]
    assert table["enc.l.state_h"] == [
        "Identity",
        "(None,",
        "2)",
        "0",
        "enc",
    ]  # a name of the model's, and no layer of the block
    assert "<b>enc</b> encoder<br/>" in mermaid(graph, fold=True)
    assert "enc encoder 48 params" in mermaid(graph)


def test_the_table_has_an_output_that_is_a_port() -> None:
    spec = """
        layers: [{type: Input, name: x, shape: [5, 3]}, {type: LSTM, name: lstm, units: 2, return_state: true}]
        outputs: [lstm, lstm.state_h]
        """
    table = rows(summary.as_text(specc.compile(specc.Spec.from_text(spec))))
    assert table["lstm.state_h"] == ["Identity", "(None,", "2)", "0", "lstm.state_h"]


def rows(table: str) -> dict[str, list[str]]:
    """The rows of a table of layers by name, each in words."""
    return {line.split()[0]: line.split()[1:] for line in table.splitlines() if line.startswith(" ") and line.strip()}
