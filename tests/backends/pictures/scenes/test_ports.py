"""The names at a layer's arrows are those of Keras's arguments and outputs."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc import layers, operations
from specc.backends.pictures.scenes.ports import port_name, reads_of
from specc.calls import Callee
from specc.ir import Node
from specc.ir.graph import refs_of


def nodes(text: str) -> dict[str, Node]:
    return dict(specc.compile(specc.Spec.from_text(text)).nodes)


def names(node: Node) -> list[str]:
    return [", ".join(found) for _, found in reads_of(node)]


X = "layers:\n  - {type: Input, name: x, shape: [4, 4]}\n  - {type: Input, name: z, shape: [4, 4]}\n  - "


@pytest.mark.parametrize(("item", "expected"), [
    ("{type: MultiHeadAttention, name: y, num_heads: 1, key_dim: 2, from: [x, z]}", ["query", "value"]),
    ("{type: MultiHeadAttention, name: y, num_heads: 1, key_dim: 2, from: {query: x, value: z, key: z}}", ["query", "value, key"]),
    ("{type: Attention, name: y, from: [x, z, x]}", ["query, key", "value"]),
    ("{type: Subtract, name: y, from: [x, z]}", ["+", "\N{MINUS SIGN}"]),
    ("{type: Add, name: y, from: [x, x, z]}", ["", "", ""]),
    ("{type: Concatenate, name: y, from: [x, z]}", ["", ""]),
    ("{type: ops.divide, name: y, from: [x, z]}", ["x1", "x2"]),
    ("{type: ops.divide, name: y, from: [z, z]}\n  - {type: Add, from: [x, y]}", ["x1, x2"]),
    ("{type: ops.maximum, name: y, from: [x, z]}", ["", ""]),
    ('{type: ops.einsum, name: y, subscripts: "abc,cad->abd", from: [x, z]}', ["abc", "cad"]),
])  # fmt: skip
def test_what_a_layer_reads(item: str, expected: list[str]) -> None:
    made = (
        nodes(X.replace("batch", "") + item)
        if "einsum" not in item
        else nodes(X.replace("shape: [4, 4]", "batch_shape: [4, 4, 4]") + item)
    )
    assert names(made["y"]) == expected


STATES = """
layers:
  - {type: Input, name: x, shape: [4, 4]}
  - {type: LSTM, name: one, units: 2, return_state: true}
  - {type: LSTM, name: two, units: 2, return_sequences: true, from: {sequences: x, initial_state: [one.state_h, one.state_c]}}
  - {type: GRU, name: three, units: 2, from: {sequences: two, initial_state: one}}
  - {type: Bidirectional, name: four, layer: {type: GRU, units: 2}, from: {sequences: two, initial_state: [one, three]}}
"""


def test_states_have_their_names_at_both_ends() -> None:
    made = nodes(STATES)
    assert names(made["two"]) == ["sequences", "initial state_h", "initial state_c"]
    assert names(made["three"]) == ["sequences", "initial_state"]
    assert names(made["four"]) == ["sequences", "initial forward_state", "initial backward_state"]
    assert [port_name(made["one"], port) for port in range(3)] == ["", "state_h", "state_c"]


def test_all_tensors_of_a_call_have_names_or_none_has() -> None:
    for name in (*layers.names(), *operations.names()):
        cls: Any = layers.find(name) or operations.find(name)
        assert issubclass(cls, Callee)
        for node in nodes(cls.example).values():
            if node.type != name:
                continue
            read = [ref for value in node.inputs.values() for ref in refs_of(value)]
            found = names(node)
            assert len([each for it in found for each in it.split(", ") if each]) in (0, len(read)), (name, found)
            assert not any("[" in it for it in found), (name, found)
