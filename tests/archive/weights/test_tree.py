"""The names of layers with weights, of a graph and of the file that Keras writes of it: the same, at any depth."""

from __future__ import annotations

from pathlib import Path

import keras

import specc
from specc.archive.weights.file import opened
from specc.archive.weights.tree import members, tree_of

TEXT = """
blocks:
  inner:
    inputs: [x]
    layers: [{type: Dense, name: one, units: 3}, {type: Dense, name: two, units: 3}]
    outputs: [two]
  outer:
    inputs: [x]
    layers: [{type: inner, name: a, nested: true}, {type: inner, name: b}]
    outputs: [b]
layers:
  - {type: Input, name: x, shape: [5, 3]}
  - {type: outer, name: deep, nested: true}
  - {type: outer, name: flat}
  - {type: RNN, name: steps, cell: [{type: LSTMCell, units: 3}, {type: GRUCell, units: 3}], return_sequences: true}
  - {type: TimeDistributed, name: each, layer: {type: inner}}
  - {type: Pipeline, name: list, layers: [{type: Rescaling, scale: 2}, {type: BatchNormalization}]}
compile: {optimizer: sgd, loss: mse}
"""
PLACES = {
    "deep/a/one": "layers/functional/layers/functional/layers/dense",
    "deep/a/two": "layers/functional/layers/functional/layers/dense_1",
    "deep/b.one": "layers/functional/layers/dense",
    "deep/b.two": "layers/functional/layers/dense_1",
    "flat.a/one": "layers/functional_1/layers/dense",
    "flat.a/two": "layers/functional_1/layers/dense_1",
    "flat.b.one": "layers/dense",
    "flat.b.two": "layers/dense_1",
    "steps": "layers/rnn",
    "each/layer/one": "layers/time_distributed/layer/layers/dense",
    "each/layer/two": "layers/time_distributed/layer/layers/dense_1",
    "list": "layers/pipeline",
}


def test_names_and_places(tmp_path: Path) -> None:
    keras.utils.clear_session(free_memory=False)
    spec = specc.Spec.from_text(TEXT)
    tree = tree_of(specc.compile(spec))
    found = members(tree)
    assert {it.label: it.path for it in found.layers} == PLACES
    assert found.models == {
        "deep": "layers/functional",
        "deep/a": "layers/functional/layers/functional",
        "flat.a": "layers/functional_1",
        "each/layer": "layers/time_distributed/layer",
    }
    specc.build(spec).save(tmp_path / "model.keras")
    with opened(str(tmp_path / "model.keras")) as saved:
        there = members(saved)
        assert {it.label: (it.path, it.shapes) for it in there.layers} == {
            it.label: (it.path, it.shapes) for it in found.layers
        }
        assert (there.models, there.named) == (found.models, True)
        assert list(saved.inside["optimizer"].weights) == list(tree.inside["optimizer"].weights)
