"""A forgotten ``return_sequences`` is named wherever it lies, and only where it helps."""

from __future__ import annotations

import pytest

import specc
from specc.suggestions.sequences import return_sequences
from tests.support.checking import spec
from tests.support.helps import fixed_by, helps
from tests.support.looking import look

BETWEEN = (
    "{type: Dropout, rate: 0.2}", "BatchNormalization", "LayerNormalization", "{type: Dense, units: 4}", "ReLU", "Identity",
    "{type: Activation, activation: relu}", "{type: GaussianNoise, stddev: 0.1}", "ops.tanh", "Masking",
)  # fmt: skip
BEFORE = (
    "{type: GRU, units: 2}", "{type: Conv1D, filters: 2, kernel_size: 3}", "MaxPooling1D", "GlobalMaxPooling1D", "Cropping1D",
    "{type: Bidirectional, layer: {type: LSTM, units: 3}}", "{type: TimeDistributed, layer: {type: Dense, units: 3}}",
    "{type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: {query: h, value: h}}", "{type: Attention, from: [h, x]}",
    "{type: GroupQueryAttention, head_dim: 2, num_query_heads: 2, num_key_value_heads: 1, from: {query: h, value: h}}",
    "{type: RNN, cell: {type: LSTMCell, units: 2}}", "{type: SpatialDropout1D, rate: 0.1}", "{type: Concatenate, from: [x, h]}",
)  # fmt: skip


def chain(between: str, before: str) -> str:
    return (
        "layers:\n- {type: Input, name: x, shape: [28, 4]}\n- {type: LSTM, name: l, units: 4}\n"
        f"- {between}\n- {{type: Identity, name: h}}\n- {before}\n"
    )


@pytest.mark.parametrize("between", BETWEEN)
def test_after_anything(between: str) -> None:
    text = chain(between, "{type: GRU, units: 2}")
    assert helps(text) == ["set return_sequences: true on 'l'"]
    assert fixed_by(text, ("name: l,", "name: l, return_sequences: true,"))


@pytest.mark.parametrize("before", BEFORE)
def test_before_anything(before: str) -> None:
    text = chain("{type: Dropout, rate: 0.2}", before)
    assert helps(text) == ["set return_sequences: true on 'l'"]
    assert fixed_by(text, ("name: l,", "name: l, return_sequences: true,"))


BLOCK = "blocks: {e: {inputs: [a], layers: [{type: LSTM, name: l, units: 4}, {type: ReLU, name: r}], outputs: [r]}}\n"
CASES = {
    "several in a row": (
        "",
        ["{type: LSTM, name: a, units: 4}", "BatchNormalization", "{type: GRU, name: b, units: 4}", "ReLU", "{type: LSTM, units: 1}"],
        "'a' and 'b'",
    ),
    "copies": ("", ["{type: LSTM, name: l, units: 4, repeat: 3}"], "'l_1' and 'l_2'"),
    "in a Bidirectional": ("", ["{type: Bidirectional, name: b, layer: {type: GRU, units: 4}}", "ReLU", "Cropping1D"], "the layer in 'b'"),
    "in an instance": (BLOCK, ["{type: e, name: i}", "{type: LSTM, units: 2}"], "'i.l'"),
    "before an instance": (BLOCK, ["{type: GRU, name: g, units: 4}", "{type: e, name: i}"], "'g'"),
    "in a nested model": (BLOCK, ["{type: e, name: i, nested: true}", "{type: LSTM, units: 2}"], "'l' in 'i'"),
    "before a nested model": (BLOCK, ["{type: GRU, name: g, units: 4}", "{type: e, name: i, nested: true}"], "'g'"),
    "of a shared call": ("", ["{type: LSTM, name: l, units: 4}", "ReLU", "{share: l, name: again}"], "'l'"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_wherever_it_is(name: str) -> None:
    blocks, items, words = CASES[name]
    text = f"{blocks}layers:\n- {{type: Input, name: x, shape: [28, 4]}}\n" + "".join(f"- {item}\n" for item in items)
    assert helps(text) == [f"set return_sequences: true on {words}"]


def test_in_images_and_at_each_step() -> None:
    assert helps("""
        layers:
          - {type: Input, name: x, shape: [7, 8, 8, 4]}
          - {type: ConvLSTM2D, name: c, filters: 4, kernel_size: 2, from: x}
          - BatchNormalization
          - {type: ConvLSTM2D, name: d, filters: 4, kernel_size: 2}
          - {type: TimeDistributed, name: t, layer: {type: TimeDistributed, layer: {type: LSTM, units: 4}}, from: x}
          - {type: TimeDistributed, name: u, layer: {type: TimeDistributed, layer: {type: LSTM, units: 4}}}
    """) == ["set return_sequences: true on 'c'", "set return_sequences: true on the layer in 't'"]


def test_only_what_helps_is_told() -> None:
    assert helps("""
        layers:
          - {type: Input, name: x, shape: [28, 4]}
          - {type: Dense, name: d, units: 8}
          - {type: LSTM, name: l, units: 4, return_state: true}
          - {type: Dense, name: of_state, units: 4, from: l.state_h}
          - {type: LSTM, name: y, units: 2, from: of_state}
          - {type: Conv2D, name: z, filters: 1, kernel_size: 2, from: l}
    """) == [
        "give each example a time axis, the first after the batch axis",
        "a Reshape layer can add the 2 missing axes",
    ]


def test_what_is_tried_leaves_nested_models_as_they_are() -> None:
    text = """
        blocks: {e: {inputs: [a], layers: [{type: Dense, name: d, units: 4}], outputs: [d]}}
        layers:
          - {type: Input, name: x, shape: [28, 4]}
          - {type: LSTM, name: l, units: 4}
          - {type: e, name: n, nested: true}
          - {type: Dense, name: y, units: 2}
    """
    graph = specc.compile(spec(text))
    before = dict(graph.models)
    seen = look(graph)
    assert return_sequences(seen, graph.nodes["y"], None, rank=3) == "set return_sequences: true on 'l'"
    assert return_sequences(seen, graph.nodes["y"], None, rank=4) is None
    assert graph.models == before
    assert graph.tensors["n"][0].shape == (None, 4)
