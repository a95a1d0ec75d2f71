"""The edges of a spec and of its blocks: which item each end is, and what an edge may not begin or end at."""

from __future__ import annotations

import pytest

from tests.support.checking import said, told
from tests.support.helps import helps
from tests.support.nodes import nodes

WIRED = {
    "a path is an edge for each step": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3}
          - {type: ReLU, name: b}
        edges: [[x, a, b]]
        """,
        [
            "x: Input  shape=(4,)",
            "a: Dense  <- inputs: x  units=3",
            "b: ReLU  <- inputs: a",
            "one of outputs: b = b",
        ],
    ),
    "edges into one argument keep their order": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 3]}
          - {type: LSTM, name: enc, units: 4, return_state: true}
          - {type: LSTM, name: dec, units: 4}
        edges:
          - [x, enc]
          - [x, dec]
          - {from: enc.state_h, to: dec.initial_state}
          - {from: enc.state_c, to: dec.initial_state}
        """,
        [
            "x: Input  shape=(5, 3)",
            "enc: LSTM  <- sequences: x  units=4  return_state=True",
            "dec: LSTM  <- sequences: x, initial_state: [enc[1], enc[2]]  units=4",
            "one of outputs: dec = dec",
        ],
    ),
    "into copies side by side: each takes it": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: a, units: $u, each: {u: [1, 2]}}
          - {type: Concatenate, name: b}
        edges: [[x, a, b]]
        """,
        [
            "x: Input  shape=(3,)",
            "a_1: Dense  <- inputs: x  units=1",
            "a_2: Dense  <- inputs: x  units=2",
            "b: Concatenate  <- inputs: [a_1, a_2]",
            "one of outputs: b = b",
        ],
    ),
    "an end may be a value": (
        """
        vars: {from: x}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: y, units: 1}
        edges: [[$from, y]]
        """,
        [
            "x: Input  shape=(3,)",
            "y: Dense  <- inputs: x  units=1",
            "one of outputs: y = y",
        ],
    ),
    "in a block they begin at its inputs, once for each instance": (
        """
        blocks:
          unit:
            inputs: [i]
            layers: [{type: Dense, name: d, units: 4}, {type: Add, name: sum}]
            edges: [[i, d, sum], [i, sum]]
            outputs: [sum]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u, repeat: 2}
        """,
        [
            "x: Input  shape=(4,)",
            "u_1.d: Dense  <- inputs: x  units=4",
            "u_1.sum: Add  <- inputs: [u_1.d, x]",
            "u_2.d: Dense  <- inputs: u_1.sum  units=4",
            "u_2.sum: Add  <- inputs: [u_2.d, u_1.sum]",
            "u: Identity  <- inputs: u_2.sum",
            "one of outputs: u = u",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), WIRED.values(), ids=WIRED)
def test_who_feeds_whom(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "ends that take nothing": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: h, units: 3, repeat: 2}
          - {type: Dense, name: y, units: 3}
        edges: [[x, h], [x, h_2], [y, x], [h, y.mask], [h, y.inputs, z]]
        """,
        [
            "5:21 surplus-input: an edge ends at 'h_2', one copy of 'h' | let it end at 'h'",
            "5:31 surplus-input: 'x' (Input) takes no input | data enters here; remove the edge",
            "5:39 unknown-input: 'y' (Dense) has no call argument \"mask\" for a tensor | call arguments that take tensors: inputs",
            '5:62 unknown-name: there is no layer "z" | names here: x, h_1, h_2, h, y',
        ],
    ),
    "an end at an input of the block": (
        """
        blocks:
          unit:
            inputs: [i]
            layers: [{type: Dense, name: d, units: 4}]
            edges: [[i, d], [d, i]]
            outputs: [d]
        layers: [{type: Input, name: x, shape: [4]}, {type: unit, name: u}]
        """,
        [
            "5:25 surplus-input: an edge ends at 'i', an input of the block | edges begin at inputs and end at layers",
        ],
    ),
    "an unknown name in the middle of a path is told once": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: 3}
          - {type: Dense, name: y, units: 3}
        edges: [[x, hiden, y], [hiden, y]]
        """,
        [
            "5:13 unknown-name: there is no layer \"hiden\" | did you mean 'hidden'?",
        ],
    ),
    "with edges, nothing is taken from above": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3}
          - {type: Dense, name: b, units: 3}
        edges: [[x, b]]
        outputs: [b, a]
        """,
        [
            "3:5 missing-input: 'a' (Dense) has no input | add an edge that ends at it: [..., a]",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_one_error_for_a_missing_edge() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: h, units: 3}\n  - {type: Dense, name: y, units: 3}\nedges: [[h, y]]\n"
    assert said(text) == ["3:5 missing-input: 'h' (Dense) has no input"]
    assert helps(text) == ["add an edge that ends at it: [x, h]"]
