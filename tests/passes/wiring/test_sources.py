"""What a spec says feeds an item: ``from`` in its forms, edges, or what stands above."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.nodes import nodes

WIRED = {
    "a name, a list, a map": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: Dense, name: a, units: 4, from: x}
          - {type: Add, name: b, from: [a, x]}
          - {type: LSTM, name: c, units: 4, return_state: true, from: b}
          - {type: LSTM, name: d, units: 4, from: {initial_state: [c.state_h, c.state_c], sequences: b}}
        """,
        [
            "x: Input  shape=(5, 4)",
            "a: Dense  <- inputs: x  units=4",
            "b: Add  <- inputs: [a, x]",
            "c: LSTM  <- sequences: b  units=4  return_state=True",
            "d: LSTM  <- sequences: b, initial_state: [c[1], c[2]]  units=4",
            "one of outputs: d = d",
        ],
    ),
    "the item above, also where that is an instance or copies": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: ReLU, name: r}], outputs: [r]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
          - {type: Dense, name: v, units: $n, each: {n: [1, 2]}}
          - {type: Concatenate, name: w}
        """,
        [
            "x: Input  shape=(4,)",
            "u.d: Dense  <- inputs: x  units=4",
            "u.r: ReLU  <- inputs: u.d",
            "v_1: Dense  <- inputs: u.r  units=1",
            "v_2: Dense  <- inputs: u.r  units=2",
            "w: Concatenate  <- inputs: [v_1, v_2]",
            "one of outputs: w = w",
        ],
    ),
    "the first item of a block takes its input": (
        """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: r}, {type: Add, name: s, from: [r, i]}], outputs: [s]}}
        layers: [{type: Input, name: x, shape: [4]}, {type: b, name: u}]
        """,
        [
            "x: Input  shape=(4,)",
            "u.r: ReLU  <- inputs: x",
            "u.s: Add  <- inputs: [u.r, x]",
            "u: Identity  <- inputs: u.s",
            "one of outputs: u = u",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), WIRED.values(), ids=WIRED)
def test_what_feeds_an_item(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "from, and an edge that ends there": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3, from: x}
        edges: [[x, a]]
        """,
        [
            "3:44 from-and-edges: 'a' (Dense) has 'from' and edges that end at it | remove one of the two",
        ],
    ),
    "the first item of a block of two inputs": (
        """
        blocks: {b: {inputs: [left, right], layers: [{type: ReLU, name: r}, {type: Add, name: s, from: [r, right]}], outputs: [s]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u, from: {left: x, right: x}}
        """,
        [
            "1:46 missing-input: 'u.r' (ReLU) comes first in a block with 2 inputs and does not say which it takes | add 'from' with one of 'left', 'right'",
        ],
    ),
    "each wrong name at its place": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Add, name: a, from: [x, y, x, z]}
          - {type: LSTM, name: b, units: 3, from: {sequences: x, initial_state: [s, x]}}
        """,
        [
            "3:36 unknown-name: 'a' (Add): there is no layer \"y\" | names here: x, b",
            "3:42 unknown-name: 'a' (Add): there is no layer \"z\" | names here: x, b",
            "4:74 unknown-name: 'b' (LSTM): there is no layer \"s\" | names here: x, a",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
