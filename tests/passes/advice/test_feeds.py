"""What feeds a layer by position, and may be meant otherwise."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import codes, said, spec

X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n  - {type: Dense, name: d, units: 4, repeat: 3}\n"
MERGES = [
    "Add",
    "Multiply",
    "Average",
    "Maximum",
    "Minimum",
    "Concatenate",
    "ops.concatenate, axis: 1",
    "ops.stack, axis: 1",
]


@pytest.mark.parametrize("kind", MERGES)
def test_a_merge_of_one(kind: str) -> None:
    assert said(f"{X}  - {{type: {kind}, name: y, from: d}}\n") == [
        f"4:{29 + len(kind)} merge-of-one: 'y' ({kind.split(',', maxsplit=1)[0]}) gets only one tensor: 'd' alone is the last of 3 copies in a chain"
    ]
    assert codes(f"{X}  - {{type: {kind}, name: y, from: [d]}}\n") == ["merge-of-one"]
    assert codes(f"{X}  - {{type: {kind}, name: y}}\n") == ["merge-of-one"]
    assert codes(f"{X}  - {{type: {kind}, name: y, from: [d_1, d_2, d]}}\n") == []


ONE = {
    "side by side": X.replace("repeat: 3", "each: {k: [1, 2]}, from: x") + "  - {type: Add, name: y, from: d}\n",
    "side by side, one only": X.replace("repeat: 3", "each: {k: [1]}, from: x") + "  - {type: Add, name: y, from: d}\n",
    "one copy": X.replace("repeat: 3", "repeat: 1") + "  - {type: Add, name: y, from: d}\n",
    "a copy by its name": X + "  - {type: Add, name: y, from: [d_2]}\n  - {type: ReLU, name: z, from: d}\n",
    "a port by its name": X
    + "  - {type: LSTM, name: l, units: 4, return_state: true}\n  - {type: Add, name: y, from: [l.output]}\n",
    "one layer": X + "  - {type: ReLU, name: r, from: d}\n  - {type: Add, name: y, from: [r]}\n",
}


@pytest.mark.parametrize("text", ONE.values(), ids=ONE)
def test_one_that_is_meant(text: str) -> None:
    assert codes(text) == []


def test_a_name_of_several_outputs() -> None:
    block = "blocks: {b: {inputs: [i], layers: [{type: Dense, name: p, units: 4}, {type: Dense, name: q, units: 4}], outputs: [p, q]}}\n"
    for item in (
        "{type: b, name: l}",
        "{type: b, name: l, nested: true}",
        "{type: LSTM, name: l, units: 4, return_state: true}",
    ):
        (found,) = specc.check(
            spec(f"{block * ('type: b' in item)}{X}  - {item}\n  - {{type: Concatenate, name: y, from: l}}\n")
        )
        assert found.code == "merge-of-one"
        assert found.help in (
            "list the tensors to join: from: [l.p, l.q]",
            "list the tensors to join: from: [l.output, l.state_h, l.state_c]",
        )


def test_edges() -> None:
    edges = "edges: [[x, d], [d, y]]\n"
    assert codes(f"{X}  - {{type: Add, name: y}}\n{edges}") == ["merge-of-one"]


# -- Query, value, key ---------------------------------------------------------------------------

HEADS = {
    "MultiHeadAttention": "num_heads: 1, key_dim: 4",
    "GroupQueryAttention": "head_dim: 4, num_query_heads: 2, num_key_value_heads: 1",
}


def attend(kind: str, names: str, form: str) -> str:
    one, two, three = names.split()
    inputs = "".join(f"  - {{type: Input, name: {name}, shape: [5, 4]}}\n" for name in dict.fromkeys((one, two, three)))
    arguments = f", {HEADS[kind]}" if kind in HEADS else ""
    return f"layers:\n{inputs}  - {{type: {kind}, name: y{arguments}, from: {form.format(one, two, three)}}}\n"


@pytest.mark.parametrize("kind", [*HEADS, "Attention", "AdditiveAttention"])
def test_the_order(kind: str) -> None:
    listed, many = "[{0}, {1}, {2}]", kind in HEADS
    for names in ("q k v", "query key value", "to_q to_k to_v", "xq xk xv", "a keys b", "a b values"):
        assert codes(attend(kind, names, listed)) == ["query-value-key"]
    for names in ("q v k", "query value key", "x_q x_v x_k", "a b b"):
        assert codes(attend(kind, names, listed)) == []
    assert codes(attend(kind, "a b c", listed)) == ["query-value-key"] * many
    by_name = "{{query: {0}, value: {1}, key: {2}}}" if many else "{{inputs: [{0}, {1}, {2}]}}"
    assert codes(attend(kind, "q k v", by_name)) == []


def test_the_help_is_the_map() -> None:
    (found,) = specc.check(spec(attend("MultiHeadAttention", "q k v", "[{0}, {1}, {2}]")))
    assert found.help == "the order is query, value, key; a map says which is which: from: {query: q, value: v, key: k}"
    edges = attend("MultiHeadAttention", "q k v", "{0}").replace(", from: q", "") + "edges: [[q, y], [k, y], [v, y]]\n"
    assert codes(edges) == ["query-value-key"]
    by_name = edges.replace("[k, y], [v, y]", "{from: k, to: y.key}, {from: v, to: y.value}").replace(
        "[q, y]", "{from: q, to: y.query}"
    )
    assert codes(by_name) == []
