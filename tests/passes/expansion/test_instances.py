"""What an instance gives its block: the arguments, and what is handed on to the layers inside."""

from __future__ import annotations

import pytest

from specc.passes.expansion.instances import DEEPEST_INSTANCES
from tests.support.checking import codes, told
from tests.support.helps import helps
from tests.support.nodes import nodes

MADE = {
    "arguments, defaults, and defaults that use other arguments": (
        """
        blocks:
          b:
            args: {n: null, m: $(n * 2), how: relu}
            inputs: [i]
            layers: [{type: Dense, name: p, units: $n, activation: $how}, {type: Dense, name: q, units: $m}]
            outputs: [q]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u, n: 3}
          - {type: b, name: v, n: 3, m: 5, how: tanh}
        """,
        [
            "x: Input  shape=(4,)",
            "u.p: Dense  <- inputs: x  units=3  activation=relu",
            "u.q: Dense  <- inputs: u.p  units=6",
            "v.p: Dense  <- inputs: u.q  units=3  activation=tanh",
            "v.q: Dense  <- inputs: v.p  units=5",
            "v: Identity  <- inputs: v.q",
            "one of outputs: v = v",
        ],
    ),
    "a block without inputs gives constants": (
        """
        blocks:
          grid:
            args: {n: null}
            inputs: []
            layers: [{type: ops.eye, name: one, N: $n}, {type: ops.roll, name: out, shift: 1}]
            outputs: [out]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: grid, name: g, n: 4}
          - {type: ops.matmul, name: y, from: [x, g]}
        """,
        [
            "x: Input  shape=(4,)",
            "g.one: ops.eye  N=4",
            "g.out: ops.roll  <- x: g.one  shift=1",
            "y: ops.matmul  <- x1: x, x2: g.out",
            "one of outputs: y = y",
        ],
    ),
    "dtype and trainable go to the layers that do not say them": (
        """
        blocks:
          inner: {inputs: [i], layers: [{type: Dense, name: p, units: 4}], outputs: [p]}
          outer:
            inputs: [i]
            layers: [{type: Dense, name: q, units: 4, trainable: true}, {type: inner, name: deep}, {type: ops.abs, name: r}]
            outputs: [r]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: outer, name: u, trainable: false, dtype: float64}
        """,
        [
            "x: Input  shape=(4,)",
            "u.q: Dense  <- inputs: x  trainable=True  dtype=float64  units=4",
            "u.deep.p: Dense  <- inputs: u.q  trainable=False  dtype=float64  units=4",
            "u.r: ops.abs  <- x: u.deep.p",
            "u: Identity  <- inputs: u.r  dtype=float64",
            "one of outputs: u = u",
        ],
    ),
}


@pytest.mark.parametrize(("text", "made"), MADE.values(), ids=MADE)
def test_what_the_layers_inside_get(text: str, made: list[str]) -> None:
    assert nodes(text) == made


REFUSED = {
    "all that are missing at once": (
        """
        blocks: {unit: {args: {a: null, b: null, c: 1}, inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u}
        """,
        [
            "4:5 missing-argument: 'u' (unit) needs 'a' and 'b' | add 'a' and 'b', which the block has no default for",
        ],
    ),
    "those that are only values of the copies": (
        """
        blocks: {unit: {args: {a: null, b: null}, inputs: [x], layers: [{type: Dense, name: y, units: $a}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u, repeat: {a: [1], b: [2]}}
        """,
        [
            "4:5 missing-argument: 'u_1' (unit) needs 'a' and 'b' | write a: $a, b: $b: each copy then gives its own to the block",
        ],
    ),
    "a model of no inputs": (
        """
        blocks: {grid: {inputs: [], layers: [{type: ops.eye, name: out, N: 4}], outputs: [out]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: grid, name: g, nested: true}
          - {type: TimeDistributed, name: t, layer: grid}
        """,
        [
            "4:35 nested-layer: 'g' (grid): a block without inputs cannot be a nested model | remove 'nested: true', or give the block an input",
            "5:45 nested-layer: 't' (TimeDistributed): a block without inputs cannot be a nested model | give the block an input",
        ],
    ),
    "one that is misspelt is not missing too": (
        """
        blocks: {unit: {args: {width: null}, inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u, widht: 3}
        """,
        [
            "4:27 unknown-argument: 'u' (unit) has no argument \"widht\" | did you mean 'width'?",
        ],
    ),
    "what no layer takes is not handed on": (
        """
        blocks: {unit: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u, trainable: 3, dtype: flaot32}
        """,
        [
            "4:38 argument-value: 'u' (unit): trainable must be true or false, not 3 | set trainable to true or false",
            "4:48 argument-value: 'u' (unit): dtype must be one of bool, uint8, uint16, uint32, uint64, int16, int32, int64, float16, bfloat16, float32, float64, complex64, complex128, string, mixed_float16, mixed_bfloat16, not \"flaot32\" | did you mean 'float32'?",
        ],
    ),
    "what some layers do not take is told where it is handed on, once": (
        """
        blocks:
          pair:
            inputs: [x]
            layers: [{type: Dense, name: a, units: 4}, {type: BatchNormalization, name: n}, {type: ReLU, name: y, dtype: float32}]
            outputs: [y]
          four:
            inputs: [x]
            layers: [{type: pair, name: one}, {type: Dropout, name: d, rate: 0.5}, {type: pair, name: y, nested: true}]
            outputs: [y]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: four, name: u, dtype: int8_from_float32, repeat: 2}
          - {type: pair, name: v, nested: true, dtype: int8_from_float32}
          - {type: RepeatVector, n: 2}
          - {type: TimeDistributed, layer: {type: pair, dtype: int8_from_float32}}
        """,
        [
            f"{place} argument-value: {handed} cannot have dtype int8_from_float32: Keras has no int8 computation for it | "
            "give it to layers that Keras quantizes: defaults: {Dense: {dtype: int8_from_float32}}"
            for place, handed in (
                ("12:34", "'u_1' (four) cannot hand its dtype on: 'u_1.one.n' (BatchNormalization)"),
                ("13:48", "'v' (pair) cannot hand its dtype on: 'n' (BatchNormalization)"),
                ("15:56", "'pair' (pair) cannot hand its dtype on: 'n' (BatchNormalization)"),
            )
        ],
    ),
    "of a nested model and of an inner layer too": (
        """
        blocks: {unit: {args: {n: null}, inputs: [x], layers: [{type: Dense, name: y, units: $n}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: unit, name: u, nested: true, m: 3}
          - {type: TimeDistributed, layer: {type: unit, k: 3}}
        """,
        [
            "4:5 missing-argument: 'u' (unit) needs 'n' | add 'n', which the block has no default for",
            "4:41 unknown-argument: 'u' (unit) has no argument \"m\" | the block takes n",
            "5:36 missing-argument: 'time_distributed' (unit) needs 'n' | add 'n', which the block has no default for",
            "5:49 unknown-argument: 'time_distributed' (unit) has no argument \"k\" | the block takes n",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def tower(depth: int) -> str:
    """Blocks that each hold the one before, and an instance of the last."""
    blocks = "  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    for level in range(1, depth):
        blocks += f"  b{level}: {{inputs: [x], layers: [{{type: b{level - 1}, name: y}}], outputs: [y]}}\n"
    return (
        f"blocks:\n{blocks}layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: b{depth - 1}, name: top}}\n"
    )


def test_instances_are_nested_so_deep_and_no_deeper() -> None:
    assert codes(tower(DEEPEST_INSTANCES)) == []
    assert codes(tower(DEEPEST_INSTANCES + 1)) == ["too-deep"]


def test_arguments_of_a_block_in_a_map() -> None:
    assert helps("""
        blocks:
          b: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: o, units: $units}], outputs: [o]}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: b, args: {units: 4}}
    """) == ["write the arguments next to 'type': {type: b, units: 4}"]
