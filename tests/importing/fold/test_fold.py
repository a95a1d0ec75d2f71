"""Folding: what repeats becomes blocks and chains, and the model stays the one that it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specc import pipeline
from specc.archive.file import architecture
from specc.archive.native import NotNative
from specc.archive.read_models import Reader
from specc.importing.flat import spec_of
from specc.importing.fold import fold
from specc.printing import yaml_text
from tests.support.folding import item_count, unnamed

ROOT = Path(__file__).parents[3]

MOST_ITEMS = {
    "densenet121": 32, "efficientnet_b0": 39, "gpt2_small": 24, "mobilenet_v2": 30, "resnet50": 33, "resnet50v2": 35,
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


def test_vgg16() -> None:
    assert (
        yaml_text(fold(flat(ROOT / "specs" / "vgg16.yaml")))
        == """\
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
"""
    )
