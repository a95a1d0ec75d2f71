"""The Python call that an item of a spec becomes, its tensors and names in the places held for them."""

from __future__ import annotations

from typing import Any

import keras
import pytest

import specc
from specc import layers
from specc.backends.python.writing.calls import Calls, LayerName, Model, Step, Tensor, Value, leaves
from specc.backends.python.writing.text import Group, flat
from specc.ir import Ref
from tests.support.checking import spec

INPUTS = """
blocks:
  tower: {args: {n: 2}, inputs: [i, j], layers: [{type: Add, name: s, from: [i, j]}, {type: Dense, name: d, units: $n}], outputs: {d: d, s: s}}
  alone: {args: {n: 2}, inputs: [i], layers: [{type: Dense, name: d, units: $n}], outputs: [d]}
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: Input, name: seq, shape: [5, 4], dtype: int32}
  - {type: Input, name: h, shape: [3]}
  - {type: Input, name: c, shape: [3]}
  - {type: Dense, name: grid, units: 4, from: seq}
  - {type: Concatenate, name: rest, from: [x, h, c]}
"""


def step(item: str) -> Step:
    """The step of an item after the inputs."""
    found = specc.compile(spec(f"{INPUTS}  - {{name: it, {item[1:]}\noutputs: [it, rest, grid]\n"))
    calls = Calls({"grid"}, lambda model: model.type_name, is_nested=False)
    return calls.step(found.nodes["it"], len(found.tensors["it"]))


def filled(template: Any) -> Any:
    """A template as an expression, what it holds a place for in angle brackets."""
    match template:
        case Group():
            items = tuple((before, filled(item)) for before, item in template.items)
            return Group(filled(template.head), template.brackets, items)
        case Value():
            return template.text
        case Tensor():
            return f"<{template.ref.node}{f':{template.ref.port}' if template.ref.port else ''}>"
        case LayerName():
            return f"<name {template.name}>"
        case Model():
            return f"<model {template.part} {filled(template.name)}>"
    return template


CALLS = {
    "a layer": ("{type: Dense, units: 3, activation: relu, use_bias: false, from: x}", 'layers.Dense(3, activation="relu", use_bias=False, name=<name it>)(<x>)'),
    "arguments of all layers come after its own": ("{type: Dense, trainable: false, dtype: float16, units: 3, from: x}", 'layers.Dense(3, trainable=False, dtype="float16", name=<name it>)(<x>)'),
    "objects": (
        "{type: Dense, units: 3, kernel_initializer: {type: RandomNormal, stddev: 0.1}, activation: {type: LeakyReLU, negative_slope: 0.3}, from: x}",
        "layers.Dense(3, activation=layers.LeakyReLU(negative_slope=0.3), kernel_initializer=keras.initializers.RandomNormal(stddev=0.1), name=<name it>)(<x>)",
    ),
    "a list of tensors": ("{type: Concatenate, axis: -1, from: [x, h]}", "layers.Concatenate(axis=-1, name=<name it>)([<x>, <h>])"),
    "tensors by argument": ("{type: LSTM, units: 3, from: {sequences: grid, initial_state: [h, c]}}", "layers.LSTM(3, name=<name it>)(<grid>, initial_state=[<h>, <c>])"),
    "call arguments": (
        "{type: MultiHeadAttention, num_heads: 1, key_dim: 2, from: {query: grid, value: grid}, call: {use_causal_mask: true}}",
        "layers.MultiHeadAttention(1, 2, name=<name it>)(<grid>, value=<grid>, use_causal_mask=True)",
    ),
    "layers inside": ("{type: RNN, cell: [{type: LSTMCell, units: 2}, {type: GRUCell, units: 3}], from: grid}", "layers.RNN(layers.StackedRNNCells((layers.LSTMCell(2), layers.GRUCell(3))), name=<name it>)(<grid>)"),
    "a constructor that does not freeze what is inside": ("{type: TimeDistributed, layer: {type: Dense, units: 2}, trainable: false, from: grid}", "frozen(layers.TimeDistributed(layers.Dense(2), name=<name it>))(<grid>)"),
    "a layer inside that freezes itself": ("{type: Bidirectional, layer: {type: LSTM, units: 2, trainable: false}, from: grid}", "layers.Bidirectional(layers.LSTM(2, trainable=False), name=<name it>)(<grid>)"),
    "an operation": ("{type: ops.add, x2: 1.5, from: x}", "keras.ops.add(<x>, 1.5)"),
    "an operation with keywords": ("{type: ops.mean, axis: -1, keepdims: true, from: x}", "keras.ops.mean(<x>, axis=-1, keepdims=True)"),
    "an operation on a list": ("{type: ops.concatenate, axis: 1, from: [x, h]}", "keras.ops.concatenate([<x>, <h>], axis=1)"),
    "slices": ("{type: ops.get_item, key: ['1:3'], from: x}", "keras.ops.get_item(<x>, (slice(1, 3),))"),
    "a nested model": ("{type: tower, nested: true, from: [x, x], call: {training: false}}", "<model tower <name it>>([<x>, <x>], training=False)"),
    "a nested model inside": ("{type: TimeDistributed, layer: {type: alone, n: 3}, from: grid}", 'layers.TimeDistributed(<model alone "alone">, name=<name it>)(<grid>)'),
    "a shared layer": ("{share: grid, from: seq}", "layers.Dense(4, name=<name grid>)(<seq>)"),
}  # fmt: skip


@pytest.mark.parametrize(("item", "expected"), CALLS.values(), ids=CALLS)
def test_calls(item: str, expected: str) -> None:
    assert flat(filled(step(item).whole)) == expected


def test_a_layer_with_several_calls_is_made_once() -> None:
    graph = specc.compile(spec(f"{INPUTS}  - {{share: grid, name: again, from: seq}}\noutputs: [again, rest, grid]\n"))
    calls = Calls({"grid"}, lambda model: model.type_name, is_nested=False)
    first, again = (calls.step(graph.nodes[name], 1) for name in ("grid", "again"))
    assert (first.owner, again.owner, first.shared, again.shared) == ("grid", "grid", True, True)
    assert first.layer is again.layer


def test_outputs_are_counted() -> None:
    assert step("{type: LSTM, units: 3, return_state: true, from: grid}").outputs == 3


@pytest.mark.parametrize(("given", "expected"), [
    ("{shape: [4]}", 'keras.Input(shape=(4,), name=<name i>)'), ("{shape: [4], dtype: int32}", 'keras.Input(shape=(4,), dtype="int32", name=<name i>)'),
    ("{shape: [4], batch_size: 2}", 'keras.Input(batch_shape=(2, 4), name=<name i>)'),
])  # fmt: skip
def test_an_input_of_a_nested_model_has_the_shape_of_its_first_call(given: str, expected: str) -> None:
    graph = specc.compile(
        spec(f"""
        blocks: {{inner: {{inputs: [i], layers: [{{type: Rescaling, name: r, scale: 2}}], outputs: [r]}}}}
        layers: [{{type: Input, name: x, {given[1:]}, {{type: inner, name: m, nested: true}}]
        """)
    )
    (model,) = graph.models.values()
    calls = Calls(set(), lambda model: model.type_name, is_nested=True)
    assert flat(filled(calls.step(model.nodes["i"], 1).whole)) == expected


def test_plain_arguments_and_names_are_leaves() -> None:
    """In the order of the text, labelled by what each is; text of the source is none."""
    found = step("{type: Dense, units: 3, kernel_regularizer: {type: L2, l2: 0.5}, from: x}")
    assert [(leaf.label, leaf.text) if isinstance(leaf, Value) else leaf for leaf in leaves(found.whole)] == [
        ("units", "3"), ("kernel_regularizer_l2", "0.5"), LayerName("it"), Tensor(Ref("x")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("StringLookup", {"vocabulary": ["a"]}),
        ("IntegerLookup", {"vocabulary": [1]}),
        ("HashedCrossing", {"num_bins": 4}),
        ("Hashing", {"num_bins": 4}),
        ("TextVectorization", {"vocabulary": ["a"]}),
        ("CategoryEncoding", {"num_tokens": 2}),
        ("Embedding", {"input_dim": 2, "output_dim": 2}),
    ],
)
def test_classes_whose_constructors_forget_that_they_are_frozen(name: str, arguments: dict[str, Any]) -> None:
    made = getattr(keras.layers, name)(**arguments, trainable=False)
    found = layers.find(name)
    assert found is not None
    assert made.trainable is found.ctor_drops_trainable
