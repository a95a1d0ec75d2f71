"""Stand-ins keep the wires of what cannot be made."""

from __future__ import annotations

import pytest

from specc.sketch import Sketch
from specc.sketch.standin import Standin
from tests.sketch.test_sketch import sketched

X = "layers:\n  - {type: Input, name: x, shape: [4, 8]}\n"


def reads(sketch: Sketch) -> dict[str, list[str]]:
    return {name: [ref.node for ref in node.refs()] for name, node in sketch.graph.nodes.items()}


@pytest.mark.parametrize(("item", "expected"), [
    ("{type: Attn, name: y, from: {query: x, value: x}}", {"x": [], "y": ["x", "x"]}),
    ("{type: Attn, name: y, from: [x, z]}", {"x": [], "y": ["x", "z"], "z": []}),
    ("{type: LSTM, name: y, units: 2, from: x.state}", {"x": [], "y": ["x.state"], "x.state": []}),
    ("{share: z, name: y, from: x}", {"x": [], "y": ["x"]}),
    ("{type: Attn}", {"x": [], "attn_1": ["x"]}),
])  # fmt: skip
def test_wires(item: str, expected: dict[str, list[str]]) -> None:
    assert reads(sketched(f"{X}  - {item}\n")) == expected


def test_layers_that_share_each_other() -> None:
    found = sketched(f"{X}  - {{share: b, name: a}}\n  - {{share: a, name: b}}\n")
    assert reads(found) == {"x": [], "a": ["x"], "b": ["a"]}
    assert all(node.shares is None for node in found.graph.nodes.values())


def test_a_name_that_is_taken() -> None:
    found = sketched(f"{X}  - {{type: ReLU, name: y}}\n  - {{type: Flatten, name: y}}\n")
    assert reads(found) == {"x": [], "y": ["x"], "y'": ["y"]}
    assert not found.unknown


def test_a_nested_model_that_cannot_be_made() -> None:
    block = "blocks: {unit: {inputs: [a], layers: [{type: Dens, name: b, from: a}], outputs: [b]}}\n"
    found = sketched(f"{block}{X}  - {{type: unit, name: y, nested: true}}\n  - {{type: ReLU, name: z}}\n")
    layer = found.graph.nodes["y"].layer
    assert isinstance(layer, Standin)
    assert (layer.type_name, layer.is_name) == ("unit", False)
    assert reads(found) == {"x": [], "y": ["x"], "z": ["y"]}
    assert found.unknown == {"y", "z"}


def test_a_nested_model_without_the_output_that_it_names() -> None:
    block = "blocks: {unit: {inputs: [a], layers: [{type: ReLU, name: b, from: a}], outputs: [c]}}\n"
    found = sketched(f"{block}{X}  - {{type: unit, name: y, nested: true}}\n  - {{type: ReLU, name: z}}\n")
    assert reads(found) == {"x": [], "y": ["x"], "z": ["y"]}


def test_an_instance_whose_name_is_taken() -> None:
    block = "blocks: {unit: {inputs: [a], layers: [{type: ReLU, name: b, from: a}], outputs: [b]}}\n"
    found = sketched(f"{block}{X}  - {{type: unit, name: y}}\n  - {{type: unit, name: y}}\n")
    assert reads(found) == {"x": [], "y.b": ["x"], "y'.b": ["y.b"], "y'": ["y'.b"]}
    assert set(found.graph.graph.instances) == {"y", "y'"}
