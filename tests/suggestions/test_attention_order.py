"""An attention layer that is given query, key and value in another order."""

from __future__ import annotations

import pytest

from tests.support.helps import fixed_by, helps

TENSORS = """layers:
- {type: Input, name: q, shape: [8, 5]}
- {type: Input, name: k, shape: [6, 5]}
- {type: Input, name: v, shape: [6, 7]}
"""


HEADS = "num_heads: 2, key_dim: 4"


ORDERS = {
    "Attention": ("{type: Attention, from: [q, k, v]}", "[q, k, v]", "[q, v, k]"),
    "AdditiveAttention": ("{type: AdditiveAttention, from: [v, q, k]}", "[v, q, k]", "[q, v, k]"),
    "MultiHeadAttention": (f"{{type: MultiHeadAttention, {HEADS}, from: [k, q, v]}}", "[k, q, v]", "{query: q, value: k, key: v}"),
    "GroupQueryAttention": ("{type: GroupQueryAttention, head_dim: 2, num_query_heads: 2, num_key_value_heads: 1, from: {query: v, value: q, key: k}}", "{query: v, value: q, key: k}", "{query: q, value: k, key: v}"),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_the_order_that_fits(name: str) -> None:
    item, written, right = ORDERS[name]
    text = f"{TENSORS}- {item}\n"
    assert helps(text) == [f"the order is query, value, key: write from: {right}"]
    assert fixed_by(text, (written, right))
