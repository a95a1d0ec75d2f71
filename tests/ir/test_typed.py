"""What a typed graph knows: tensors by name, counts, the form."""

from __future__ import annotations

import pytest

import specc
from specc.ir import Ref
from specc.shapes import Tensor
from tests.support.checking import spec

GRAPH = specc.compile(
    spec("""
    name: whole
    blocks: {b: {inputs: [i], layers: [{type: BatchNormalization, name: n}, {type: Dense, name: d, units: 4, dtype: float64}], outputs: [d]}}
    layers:
      - {type: Input, name: x, shape: [6, 4]}
      - {type: Input, name: z, shape: [6, 4]}
      - {type: b, name: u, nested: true, from: x}
      - {type: TimeDistributed, name: t, layer: {type: Dense, units: 4}, trainable: false}
      - {share: t, name: again, from: z}
      - {type: Add, name: sum, from: [t, again]}
    outputs: [sum, again]
    """)
)


def test_inputs_and_outputs_by_name() -> None:
    assert GRAPH.inputs == {"x": Tensor((None, 6, 4)), "z": Tensor((None, 6, 4))}
    assert {name: (it.shape, it.dtype) for name, it in GRAPH.outputs.items()} == {
        "sum": ((None, 6, 4), "float32"),
        "again": ((None, 6, 4), "float32"),
    }
    assert GRAPH.given(GRAPH.nodes["sum"]) == {"inputs": (GRAPH.tensor(Ref("t")), GRAPH.tensor(Ref("again")))}


def test_each_weight_counts_once() -> None:
    norm, dense = 4 * 4, 4 * 4 + 4
    assert {name: GRAPH.node_params(name) for name in GRAPH.nodes} == {
        "x": 0, "z": 0, "u": norm + dense, "t": dense, "again": 0, "sum": 0,
    }  # fmt: skip
    assert GRAPH.params == norm + 2 * dense
    assert GRAPH.trainable_params == norm // 2 + dense
    assert GRAPH.memory == 4 * norm + 8 * dense + 4 * dense
    assert GRAPH.layer_count == 3


def test_layers_inside_of_others_and_in_nested_models() -> None:
    assert sorted(layer.type_name for layer in GRAPH.layers) == ["Add", "Dense", "Input", "TimeDistributed", "b"]
    assert GRAPH.kinds == {"Add", "Dense", "Input", "TimeDistributed", "b", "BatchNormalization"}


def test_equal_layers_in_one_object_count_each() -> None:
    graph = specc.compile(spec("layers: [{type: Input, name: x, shape: [4]}, {type: Dense, units: 4, repeat: 5}]"))
    assert (graph.params, graph.trainable_params, len(graph.layers)) == (100, 100, 2)


def test_the_form_that_is_asked_for() -> None:
    chain = specc.compile(spec("layers: [{type: Input, name: x, shape: [4]}, {type: Dense, units: 4}]"))
    assert [chain.in_form(form).form for form in ("auto", "sequential", "functional")] == [
        "sequential",
        "sequential",
        "functional",
    ]
    with pytest.raises(ValueError, match="'whole' is not a chain of layers, so it cannot be a Sequential model"):
        GRAPH.in_form("sequential")
    with pytest.raises(ValueError, match="form must be 'auto', 'sequential' or 'functional', not 'graph'"):
        GRAPH.in_form("graph")  # type: ignore[arg-type]
