"""Layers that are called together with the same weights: one block, whose other calls share it."""

from __future__ import annotations

from typing import Any

from specc import pipeline, printing
from specc.archive.file import architecture
from specc.importing.fold import fold
from tests.support.folding import unnamed


def folded(layers: list[Any]) -> dict[str, Any]:
    """A spec of layers after folding, which is still of the same model."""
    spec = {"name": "shared", "layers": layers}
    found = fold(spec)
    one, other = (unnamed(architecture(pipeline.compile(it).graph)) for it in (spec, found))
    assert one == other
    return found


HEADS = [
    {"type": "Input", "name": "near", "shape": [8]},
    {"type": "Input", "name": "far", "shape": [8]},
    {"type": "Dense", "name": "box_hidden", "units": 4, "from": "near"},
    {"type": "LayerNormalization", "name": "box_out"},
    {"share": "box_hidden", "name": "box_hidden_1", "from": "far"},
    {"share": "box_out", "name": "box_out_1"},
    {"type": "Dense", "name": "label_hidden", "units": 9, "from": "near"},
    {"type": "LayerNormalization", "name": "label_out"},
    {"share": "label_hidden", "name": "label_hidden_1", "from": "far"},
    {"share": "label_out", "name": "label_out_1"},
    {"type": "Concatenate", "name": "all", "from": ["box_out", "box_out_1", "label_out", "label_out_1"]},
]

FOLDED_HEADS = """\
name: shared
blocks:
  dense_norm:
    args: {units: null}
    inputs: [x]
    layers:
      - {type: Dense, name: hidden, units: $units}
      - {type: LayerNormalization, name: out}
    outputs: [out]
layers:
  - {type: Input, name: near, shape: [8]}
  - {type: Input, name: far, shape: [8]}
  - {type: dense_norm, name: box, units: 4, from: near}
  - {share: box, name: box_1, from: far}
  - {type: dense_norm, name: label, units: 9, from: near}
  - {share: label, name: label_1, from: far}
  - {type: Concatenate, name: all, from: [box, box_1, label, label_1]}
"""


def test_heads_that_are_alike_are_one_block() -> None:
    assert printing.yaml_text(folded(HEADS)) == FOLDED_HEADS


def test_layers_with_something_between_them_that_is_not_shared_stay() -> None:
    found = folded(
        [
            {"type": "Input", "name": "x", "shape": [8]},
            {"type": "Dense", "name": "a", "units": 8},
            {"type": "Dense", "name": "own", "units": 8},
            {"type": "Add", "name": "b", "from": ["a", "own"]},
            {"share": "a", "name": "a_1"},
            {"type": "Dense", "name": "other", "units": 8, "activation": "relu"},
            {"share": "b", "name": "b_1", "from": ["a_1", "other"]},
            {"type": "Dense", "name": "out", "units": 1},
        ]
    )
    assert "blocks" not in found


def test_a_layer_that_an_output_names_stays() -> None:
    layers = [*HEADS[:6], {"type": "Dense", "name": "last", "units": 1, "from": "box_out"}]
    assert "blocks" not in folded(layers)
