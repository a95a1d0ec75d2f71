"""Calls as the rules of layers see them, and what every layer, operation and nested model has in common."""

from __future__ import annotations

import pytest

import specc
from specc import layers
from specc.calls import FLOAT32, Call, Policy
from specc.shapes import Tensor
from tests.support.checking import spec

X, Y = Tensor((None, 4)), Tensor((None, 5))


@pytest.mark.parametrize(("name", "compute", "variable"), [
    ("float32", "float32", "float32"), ("float16", "float16", "float16"), ("mixed_float16", "float16", "float32"),
    ("mixed_bfloat16", "bfloat16", "float32"), ("bfloat16", "bfloat16", "bfloat16"),
])  # fmt: skip
def test_policies(name: str, compute: str, variable: str) -> None:
    assert Policy.named(name) == Policy(name, compute, variable)


def test_the_tensors_of_a_call() -> None:
    call = Call({"query": X, "others": (Y, X)})
    assert (call.first, call.shape) == (X, (None, 4))
    assert (call.one("query"), call.one("others"), call.one("key")) == (X, Y, None)
    assert (call.tensor("others"), call.many("others"), call.many("query"), call.many("key")) == (Y, (Y, X), (X,), ())
    assert Call({"inputs": (Y, X)}).first == Y
    with pytest.raises(LookupError):
        _ = Call({}).first


def test_a_wrapper_calls_its_layer_in_that_layer_s_dtype() -> None:
    graph = specc.compile(
        spec(
            "layers: [{type: Input, name: x, shape: [5, 4]}, {type: TimeDistributed, name: t, layer: {type: Dense, units: 3, dtype: float16}}]"
        )
    )
    outer, inner = graph.nodes["t"].layer.with_inner()
    call = Call({"inputs": X}, default_policy=FLOAT32, passes_gradients=True)
    made = call.inner(inner, {"inputs": X})
    assert (outer.type_name, inner.type_name) == ("TimeDistributed", "Dense")
    assert (made.first.dtype, made.policy.name, made.default_policy.name) == ("float16", "float16", "float32")
    assert made.passes_gradients


def test_arguments_of_the_call_are_none_of_the_layer() -> None:
    lstm, dense = layers.find("LSTM"), layers.find("Dense")
    assert lstm is not None
    assert dense is not None
    assert lstm.hint_for_unknown("training") == "it is an argument of the call: write call: {training: ...}"
    assert dense.hint_for_unknown("nothing") is None
    assert "mask" in lstm.tensor_names()


def test_layers_at_any_depth() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [5, 4, 3]}
          - {type: TimeDistributed, name: t, layer: {type: Bidirectional, layer: {type: LSTM, units: 2}}}
          - {type: RNN, name: r, cell: [{type: LSTMCell, units: 2}, {type: GRUCell, units: 3}]}
    """
    nodes = specc.compile(spec(text)).nodes
    inner = {name: [it.type_name for it in nodes[name].layer.with_inner()] for name in ("x", "t", "r")}
    assert inner == {
        "x": ["Input"],
        "t": ["TimeDistributed", "Bidirectional", "LSTM"],
        "r": ["RNN", "StackedRNNCells", "LSTMCell", "GRUCell"],
    }
