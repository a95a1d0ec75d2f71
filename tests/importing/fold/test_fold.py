"""Folding: what repeats becomes blocks and chains, and the model stays the one that it was."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from specc import pipeline
from specc.archive.file import architecture
from specc.archive.native import NotNative
from specc.archive.reading.models import Reader
from specc.diagnostics import CompileError
from specc.diagnostics.problem import ProblemsError
from specc.importing.flat import spec_of
from specc.importing.fold import fold
from specc.printing import yaml_text
from tests.support import plugin
from tests.support.draws import times
from tests.support.folding import item_count, unnamed
from tests.support.random_specs import random_spec
from tests.support.random_specs.grown import read

ROOT = Path(__file__).parents[3]

MOST_ITEMS = {
    "densenet121": 32, "efficientnet_b0": 39, "gpt2_small": 24, "mobilenet_v2": 23, "resnet50": 33, "resnet50v2": 35,
    "unet": 13, "vgg16": 9, "vision_transformer": 25, "xception": 32,
}  # fmt: skip
"""Networks, and 1.3 times the items of the specs in specs/, with those of the blocks that they include."""


def flat(path: Path) -> dict[str, Any]:
    """The model of a spec, each call an item."""
    saved = json.loads(json.dumps(architecture(pipeline.compile(path).graph)))
    return spec_of(Reader().model(saved))


def same(spec: dict[str, Any], folded: dict[str, Any]) -> bool:
    """Whether two specs are of the same model, but for the names of its layers."""
    one, other = (unnamed(architecture(pipeline.compile(it).graph)) for it in (spec, folded))
    return bool(one == other)


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_network(path: Path) -> None:
    spec = flat(path)
    folded = fold(spec)
    assert same(spec, folded)
    assert item_count(folded) <= MOST_ITEMS.get(path.stem, item_count(spec))


ARCHITECTURES = (
    "efficientdet ghostnet hrnet mobilevit pointnet shufflenet_v2 stacked_hourglass switch_transformer yolo_v3"
)


@pytest.mark.parametrize("name", ARCHITECTURES.split())
def test_an_architecture(name: str) -> None:
    try:
        spec = flat(ROOT / "tests" / "architectures" / f"{name}.yaml")
    except NotNative:
        pytest.skip("a constant")
    folded = fold(spec)
    assert same(spec, folded)
    assert item_count(folded) < item_count(spec)


WRITTEN = {
    "vgg16": """\
name: vgg16
blocks:
  conv_max_pooling:
    args: {filters: null, depth: 3}
    inputs: [x]
    layers:
      - type: Conv2D
        name: conv2d
        filters: $filters
        kernel_size: 3
        padding: same
        activation: relu
        repeat: $depth
      - {type: MaxPooling2D, name: smaller}
    outputs: [smaller]
layers:
  - {type: Input, name: image, shape: [224, 224, 3]}
  - type: conv_max_pooling
    name: block
    filters: $filters
    depth: $depth
    repeat: {filters: [64, 128, 256, 512, 512], depth: [2, 2, 3, 3, 3]}
  - Flatten
  - {type: Dense, name: fc, units: 4096, activation: relu, repeat: 2}
  - {type: Dense, name: predictions, units: 1000, activation: softmax}
""",
    "resnet50": """\
name: resnet50
blocks:
  unit:
    args: {filters: null, strides: 1, with_conv: false}
    inputs: [x]
    layers:
      - {type: Conv2D, filters: $filters, kernel_size: 1, strides: $strides}
      - {type: BatchNormalization, name: batch_normalization, axis: 3, epsilon: 1.001e-05}
      - {type: Activation, name: activation, activation: relu}
      - {type: Conv2D, filters: $filters, kernel_size: 3, padding: same}
      - {type: BatchNormalization, name: batch_normalization_1, axis: 3, epsilon: 1.001e-05}
      - {type: Activation, name: activation_1, activation: relu}
      - {type: Conv2D, filters: $(4 * filters), kernel_size: 1}
      - {type: BatchNormalization, name: main, axis: 3, epsilon: 1.001e-05}
      - type: Conv2D
        name: conv2d
        filters: $(4 * filters)
        kernel_size: 1
        strides: $strides
        from: x
        when: $with_conv
      - {type: BatchNormalization, name: shortcut, axis: 3, epsilon: 1.001e-05, when: $with_conv}
      - {type: Add, name: add, from: [shortcut, main]}
      - {type: Activation, name: out, activation: relu}
    outputs: [out]
  stage:
    args: {filters: null, strides: 2, depth: null}
    inputs: [x]
    layers:
      - {type: unit, filters: $filters, strides: $strides, with_conv: true}
      - {type: unit, name: unit, filters: $filters, repeat: $depth}
    outputs: [unit]
layers:
  - {type: Input, name: image, shape: [224, 224, 3]}
  - {type: ZeroPadding2D, padding: 3}
  - {type: Conv2D, filters: 64, kernel_size: 7, strides: 2}
  - {type: BatchNormalization, axis: 3, epsilon: 1.001e-05}
  - {type: Activation, activation: relu}
  - ZeroPadding2D
  - {type: MaxPooling2D, pool_size: 3, strides: 2}
  - type: stage
    name: conv
    filters: $filters
    strides: $strides
    depth: $depth
    repeat: {filters: [64, 128, 256, 512], strides: [1, 2, 2, 2], depth: [2, 3, 5, 2]}
  - GlobalAveragePooling2D
  - {type: Dense, name: predictions, units: 1000, activation: softmax}
""",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_whole_spec(name: str) -> None:
    assert yaml_text(fold(flat(ROOT / "specs" / f"{name}.yaml"))) == WRITTEN[name]


@pytest.mark.parametrize("seed", range(times(12)))
def test_a_random_spec(seed: int, tmp_path: Path) -> None:
    with plugin.added(*plugin.GOOD):
        try:
            given = pipeline.compile(read(random_spec(seed, tmp_path).spec, tmp_path)).graph
            spec = spec_of(Reader().model(json.loads(json.dumps(architecture(given)))))
            wanted = unnamed(architecture(pipeline.compile(spec).graph.in_form("functional")))
        except (NotNative, ProblemsError, CompileError):
            return  # a spec that is not imported
        assert unnamed(architecture(pipeline.compile(fold(spec)).graph.in_form("functional"))) == wanted


def test_a_thousand_layers_take_no_two_seconds() -> None:
    layers: list[Any] = [{"type": "Input", "name": "x", "shape": [8]}]
    for number in range(250):
        dense = {"type": "Dense", "name": f"dense_{number}", "units": 8}
        added = {"type": "Add", "name": f"sum_{number}", "from": [layers[-1]["name"], dense["name"]]}
        layers += ["BatchNormalization", "ReLU", dense, added]
    begun = process_time()
    folded = fold({"layers": layers})
    assert process_time() - begun < 2
    assert item_count(folded) < 15
