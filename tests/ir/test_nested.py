"""A nested model is one layer: what it takes and gives go by the names of its block."""

from __future__ import annotations

import specc
from specc.calls import FLOAT32
from specc.ir import NestedModel
from specc.shapes import Tensor
from tests.support.checking import spec

TEXT = """
    blocks:
      pair: {args: {n: 3}, inputs: [left, right], layers: [{type: Dense, name: d, units: $n, from: left}, {type: Add, name: sum, from: [d, right]}], outputs: {total: sum, part: d}}
    layers:
      - {type: Input, name: x, shape: [3]}
      - {type: pair, name: u, nested: true, from: [x, x]}
      - {type: pair, name: v, nested: true, from: [u, u.part]}
"""


def models() -> tuple[NestedModel, NestedModel]:
    nodes = specc.compile(spec(TEXT)).nodes
    one, other = nodes["u"].layer, nodes["v"].layer
    assert isinstance(one, NestedModel)
    assert isinstance(other, NestedModel)
    return one, other


def test_it_goes_by_the_names_of_its_block() -> None:
    model, _ = models()
    assert (model.type_name, model.block, model.own_name) == ("pair", "pair", "u")
    assert [it.name for it in model.tensor_arguments()] == ["left", "right"]
    assert model.ports({}) == ("total", "part")
    assert model.graph.arguments == {"n": 3}


def test_each_is_a_model_of_its_own() -> None:
    one, other = models()
    assert one != other
    assert len({one, other, one}) == 2


def test_a_wrapper_may_call_its_inputs_otherwise() -> None:
    model, _ = models()
    x, y = Tensor((None, 3)), Tensor((None, 1))
    assert model.call({"left": x}, {}, FLOAT32).tensors == {"left": x}
    assert model.call({"inputs": x, "second": y}, {}, FLOAT32).tensors == {"left": x, "right": y}


def test_other_nodes_make_another_model() -> None:
    model, _ = models()
    nodes = {name: node for name, node in model.graph.nodes.items() if name != "sum"}
    changed = model.with_nodes(nodes)
    assert (list(changed.graph.nodes), changed.own_name) == (["left", "right", "d"], "u")
    assert "sum" in model.graph.nodes
