"""Errors belong to layers, to instances of blocks, or to neither."""

from __future__ import annotations

from tests.sketch.test_sketch import blamed, sketched

BLOCKS = """
blocks:
  unit:
    args: {rate: 0.5}
    inputs: [x]
    layers: [{type: Dropout, name: y, rate: $rate, from: x}]
    outputs: [y]
layers:
  - {type: Input, name: x, shape: [8]}
  - {type: unit, name: first}
  - {type: unit, name: second, rate: 0.25}
"""


def test_one_instance_is_to_blame_for_its_argument() -> None:
    assert blamed(sketched(BLOCKS.replace("rate: 0.25", "rate: 7"))) == {"second": ["argument-value"]}


def test_all_instances_share_an_error_of_the_block() -> None:
    found = blamed(sketched(BLOCKS.replace("rate: $rate", "rat: $rate")))
    assert set(found) == {"first.y", "second.y"}


def test_an_edge() -> None:
    layers = "layers: [{type: Input, name: x, shape: [8]}, {type: Dense, name: y, units: 1}]"
    assert blamed(sketched(f"{layers}\nedges: [[z, y]]")) == {"y": ["unknown-name"]}
    assert set(blamed(sketched(f"{layers}\nedges: [[x, y], [x, z]]"))) == {"z"}


def test_what_is_about_no_layer() -> None:
    found = sketched("layers: [{type: Input, name: x, shape: [8]}, {type: Dense, units: 1}]\nexpect: {params: 3}")
    assert blamed(found) == {}
    assert [it.code for it in found.blame.others] == ["expectation"]
