"""What references stand for: copies, members of instances, ports; and those that stand for nothing."""

from __future__ import annotations

import pytest

from tests.support.checking import codes, told
from tests.support.helps import helps
from tests.support.nodes import nodes

X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n"
PRICE = """
    blocks:
      head:
        inputs: [x]
        layers:
          - {type: Dense, name: hidden, units: 4}
          - {type: Dense, name: p, units: 1}
        outputs: [p]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: head, name: price}
"""

STANDS_FOR = {
    "a copy in a chain: the last; side by side: all": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, repeat: 2}
          - {type: Dense, name: b, units: 4, each: {n: [1, 2]}}
          - {type: Add, name: sum, from: [a, a_1, b]}
        """,
        [
            "x: Input  shape=(4,)",
            "a_1: Dense  <- inputs: x  units=4",
            "a_2: Dense  <- inputs: a_1  units=4",
            "b_1: Dense  <- inputs: a_2  units=4",
            "b_2: Dense  <- inputs: a_2  units=4",
            "sum: Add  <- inputs: [a_2, a_1, b_1, b_2]",
            "one of outputs: sum = sum",
        ],
    ),
    "outputs of layers by name and by number": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: LSTM, name: l, units: 4, return_state: true}
          - {type: Add, name: sum, from: [l, l.state_h, l.2]}
        """,
        [
            "x: Input  shape=(5, 4)",
            "l: LSTM  <- sequences: x  units=4  return_state=True",
            "sum: Add  <- inputs: [l, l[1], l[2]]",
            "one of outputs: sum = sum",
        ],
    ),
    "outputs and members of instances, at any depth": (
        """
        blocks:
          inner: {inputs: [i], layers: [{type: Dense, name: p, units: 4}, {type: ReLU, name: q}], outputs: {first: q, second: p}}
          outer: {inputs: [i], layers: [{type: inner, name: deep, repeat: 2}, {type: ReLU, name: r}], outputs: [r]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: outer, name: u}
          - {type: Add, name: sum, from: [u, u.0, u.deep.second, u.deep_1, u.deep_1.p]}
        """,
        [
            "x: Input  shape=(4,)",
            "u.deep_1.p: Dense  <- inputs: x  units=4",
            "u.deep_1.q: ReLU  <- inputs: u.deep_1.p",
            "u.deep_2.p: Dense  <- inputs: u.deep_1.q  units=4",
            "u.deep_2.q: ReLU  <- inputs: u.deep_2.p",
            "u.r: ReLU  <- inputs: u.deep_2.q",
            "sum: Add  <- inputs: [u.r, u.r, u.deep_2.p, u.deep_1.q, u.deep_1.p]",
            "one of outputs: sum = sum",
        ],
    ),
    "an output that its call switches on": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {query: x, value: x}}
          - {type: Flatten, name: y, from: a.scores}
        """,
        [
            "x: Input  shape=(5, 4)",
            "a: MultiHeadAttention  <- query: x, value: x  call {'return_attention_scores': True}  num_heads=1  key_dim=2",
            "y: Flatten  <- inputs: a[1]",
            "one of outputs: y = y",
        ],
    ),
    "the input of a block": (
        """
        blocks:
          skip: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: Add, name: sum, from: [i, d]}], outputs: [sum]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: skip, name: u}
          - {type: skip, name: v, nested: true}
        """,
        [
            "x: Input  shape=(4,)",
            "u.d: Dense  <- inputs: x  units=4",
            "u.sum: Add  <- inputs: [x, u.d]",
            "v: skip  <- i: u.sum",
            "    i: Input  batch_shape=()",
            "    d: Dense  <- inputs: i  units=4",
            "    sum: Add  <- inputs: [i, d]",
            "    one of outputs: sum = sum",
            "one of outputs: v = v",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), STANDS_FOR.values(), ids=STANDS_FOR)
def test_what_a_reference_stands_for(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "an output that a block does not have": (
        """
        blocks:
          unit:
            inputs: [a]
            layers:
              - {type: Dense, name: y, units: 1}
            outputs: [z]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u}
          - {type: Dense, name: y, units: 1}
        """,
        [
            "6:15 unknown-name: 'u' (unit): there is no layer \"z\" | names here: y, a",
        ],
    ),
    "an output of the input of a block": (
        """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: r, from: i.output}], outputs: [r]}}
        layers: [{type: Input, name: x, shape: [4]}, {type: b, name: u}]
        """,
        [
            "1:64 unknown-port: 'i' is an input of the block and has no outputs by name | write 'i'",
        ],
    ),
    "a way into copies side by side": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: LSTM, name: l, units: $n, return_state: true, each: {n: [3, 4]}}
          - {type: Dense, name: y, units: 1, from: l.state_h}
        """,
        [
            "4:44 ambiguous-name: 'y' (Dense): 'l' refers to 2 copies, each with a 'state_h' | name one of them: 'l_1.state_h', 'l_2.state_h', or all: 'l[*].state_h'",
        ],
    ),
    "an output that its call switches off": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {query: x, value: x}, call: {return_attention_scores: false}}
          - {type: Flatten, name: y, from: a.scores}
        """,
        [
            "4:36 unknown-port: 'a' (MultiHeadAttention) has no output \"scores\" | remove return_attention_scores: false from the call of 'a': a reference to 'scores' switches it on",
        ],
    ),
    "an input that its instance is not given": (
        """
        blocks: {b: {inputs: [i, j], layers: [{type: Add, name: sum, from: [i, j]}], outputs: [sum]}}
        layers: [{type: Input, name: x, shape: [4]}, {type: b, name: u}]
        """,
        [
            "2:46 missing-input: 'u' (b) has nothing for its input 'j' | it takes only 'x', the item directly above it: write from: {i: ..., j: ...}",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(("text", "name", "help"), [
    (PRICE, "price.result", "its outputs: price.p; its layers: price.hidden"),
    (PRICE, "price.p.logits", "it has one output: write price.p"),
    (f"{X}  - {{type: Dense, name: y, units: 3}}\n", "y.0.1", "it has one output: write y"),
    (f"{X}  - {{type: Dense, name: y, units: 3, repeat: 3}}\n", "y.1", "the copies of 'y' are 'y_1' to 'y_3'"),
    (f"{X}  - {{type: LSTM, name: l, units: 3, return_state: true}}\n", "l.cell", "its outputs: l.output, l.state_h, l.state_c"),
    (f"{X}  - {{type: LSTM, name: l, units: 3}}\n", "state_h",
     "it is an output of 'l' with return_state: true: set that, and write l.state_h"),
    (f"{X}  - {{type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {{query: x, value: x}}}}\n", "scores",
     "it is an output of 'a': write a.scores"),
])  # fmt: skip
def test_ports_and_members(text: str, name: str, help: str) -> None:
    indent = "    " if text.startswith("\n") else ""
    assert helps(f"{text}{indent}outputs: [{name}]\n") == [help]


@pytest.mark.parametrize("port", ["²", "٣", "1" * 5000, "9999999", "1_0"])
def test_ports_that_are_no_numbers_of_outputs(port: str) -> None:
    assert codes(f"{X}  - {{type: ReLU, from: x.{port}}}\n") == ["unknown-port"]
    block = f"blocks: {{b: {{inputs: [i], layers: [{{type: ReLU, name: y}}], outputs: [y]}}}}\n{X}  - {{type: b, name: z}}\n"
    assert codes(f"{block}  - {{type: ReLU, from: z.{port}}}\n") == ["unknown-port"]
