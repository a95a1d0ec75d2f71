"""Blocks that nobody needs: a chain stands where its block would."""

from __future__ import annotations

from specc.importing.fold.bodies import LAST, Body, Call, Node, Ref
from specc.importing.fold.columns import derived
from specc.importing.fold.joins import inline


def test_a_block_that_is_only_a_chain_is_put_where_it_stands() -> None:
    counts = (2, 3)
    chain = Node("Dense", "one", {}, [[Call({"units": 8}, (Ref(0),)) for _ in range(count)] for count in counts])
    block = Body(1, [chain], [[Ref(chain, LAST)] * 2], rows=2)
    first = Node("", "one", {}, [[Call({}, (Ref(0),), row=0)]], block)
    between = Node("ReLU", "one", {}, [[Call({}, (Ref(first),))]])
    second = Node("", "one", {}, [[Call({}, (Ref(between),), row=1)]], block)
    model = Body(1, [first, between, second], [[Ref(second)]])
    bodies = [model, block]
    assert inline(bodies)
    assert bodies == [model]
    written = [(node.type, derived(model).items[node].repeat) for node in model.nodes]
    assert written == [("Dense", 2), ("ReLU", None), ("Dense", 3)]
