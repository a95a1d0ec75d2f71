"""The wiring of a graph is sound: what each rule finds, and that none speaks of what another one has said."""

from __future__ import annotations

import pytest

from tests.support.checking import said

X = "  - {type: Input, name: x, shape: [4]}\n"

FOUND: dict[str, tuple[str, list[str]]] = {
    "no input": (
        "layers:\n  - {type: Dense, name: a, units: 1}\n  - {type: Add, name: b, from: [a, a]}\n",
        ["1:1 no-input: the spec has no Input"],
    ),
    "nothing at all": ("layers: []\n", ["1:1 no-input: the spec has no Input"]),
    "no output": (f"layers:\n{X}", ["1:1 no-output: the spec has no layer that gives an output"]),
    "no layer": (
        f"layers:\n{X}  - {{type: Dense, name: y, units: 1, when: false}}\n",
        ["1:1 no-output: the spec has no layer that gives an output"],
    ),
    "a layer that feeds itself": (
        f"layers:\n{X}  - {{type: Add, name: a, from: [x, a]}}\n",
        ["3:32 cycle: the layers feed each other in a cycle: 'a' -> 'a'"],
    ),
    "a cycle of three, reported from its first in the file": (
        f"layers:\n{X}"
        "  - {type: Dense, name: c, units: 4, from: b}\n"
        "  - {type: Add, name: a, from: [x, c]}\n"
        "  - {type: Dense, name: b, units: 4, from: a}\n",
        ["3:44 cycle: the layers feed each other in a cycle: 'c' -> 'a' -> 'b' -> 'c'"],
    ),
    "two cycles": (
        f"layers:\n{X}"
        "  - {type: Add, name: a, from: [x, b]}\n  - {type: Dense, name: b, units: 4, from: a}\n"
        "  - {type: Add, name: c, from: [x, d]}\n  - {type: Dense, name: d, units: 4, from: c}\n",
        [
            "3:32 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a'",
            "5:32 cycle: the layers feed each other in a cycle: 'c' -> 'd' -> 'c'",
        ],
    ),
    "a cycle through edges": (
        f"layers:\n{X}  - {{type: Add, name: a}}\n  - {{type: Dense, name: b, units: 4}}\nedges: [[x, a, b, a]]\n",
        ["3:5 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a'"],
    ),
    "a cycle inside a block": (
        "blocks:\n  unit:\n    inputs: [x]\n    layers:\n      - {type: Add, name: a, from: [x, b]}\n"
        f"      - {{type: Dense, name: b, units: 4, from: a}}\n    outputs: [b]\nlayers:\n{X}  - {{type: unit, name: u}}\n",
        ["5:36 cycle: the layers feed each other in a cycle: 'u.a' -> 'u.b' -> 'u.a'"],
    ),
    "a cycle inside a nested model": (
        "blocks:\n  unit:\n    inputs: [x]\n    layers:\n      - {type: Add, name: a, from: [x, b]}\n"
        f"      - {{type: Dense, name: b, units: 4, from: a}}\n    outputs: [b]\nlayers:\n{X}  - {{type: unit, name: u, nested: true}}\n",
        ["5:36 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a'"],
    ),
    "a cycle through an absent layer": (
        f"layers:\n{X}  - {{type: Dense, name: a, units: 4, when: false, from: b}}\n  - {{type: Dense, name: b, units: 4, from: a}}\n",
        ["4:44 cycle: the layers feed each other in a cycle: 'b' -> 'b'"],
    ),
    "layers without input": (
        f"layers:\n{X}  - {{type: Dense, name: a, units: 1}}\n  - {{type: Add, name: b}}\nedges: [[x, b]]\noutputs: [a, b]\n",
        ["3:5 missing-input: 'a' (Dense) has no input"],
    ),
    "a layer above the first Input": (
        f"layers:\n  - {{type: Dense, name: a, units: 1}}\n{X}  - {{type: Add, name: b, from: [a, x]}}\n",
        ["2:5 missing-input: 'a' (Dense) has no input"],
    ),
    "too few": (
        f"layers:\n{X}  - {{type: Dot, name: a, axes: 1, from: x}}\n  - {{type: Attention, name: b, from: [x]}}\noutputs: [a, b]\n",
        [
            "3:41 missing-input: 'a' (Dot) takes 2 inputs, not 1",
            "4:38 missing-input: 'b' (Attention) takes 2 to 3 inputs, not 1",
        ],
    ),
    "too many": (
        f"layers:\n{X}  - {{type: Subtract, name: a, from: [x, x, x]}}\n",
        ["3:37 surplus-input: 'a' (Subtract) takes 2 inputs, not 3"],
    ),
    "an attention without value": (
        f"layers:\n{X}  - {{type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 1, from: {{value: x}}}}\n",
        ["3:5 missing-input: 'a' (MultiHeadAttention) has no tensor for 'query'"],
    ),
    "what leads nowhere, told where each branch ends": (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Input, name: z, shape: [4]}\n"
        "  - {type: Dense, name: a, units: 1, from: x}\n  - {type: Dense, name: b, units: 1, from: a}\n"
        "  - {type: Dense, name: y, units: 1, from: x}\noutputs: [y]\n",
        [
            "3:5 unused-input: the input 'z' leads to no output",
            "5:5 unused-layer: 'b' (Dense) leads to no output",
        ],
    ),
    "an input that an absent layer would use": (
        "vars: {both: false}\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Input, name: z, shape: [4]}\n"
        "  - {type: Dense, name: y, units: 1, from: x}\n  - {type: Dense, name: w, units: 1, from: z, when: $both}\n",
        ["4:5 unused-input: the input 'z' leads to no output"],
    ),
    "an instance that leads to no given output": (
        "blocks: {b: {inputs: [x], layers: [{type: Dense, name: d, units: 3}], outputs: [d]}}\n"
        f"layers:\n{X}  - {{type: b, name: i}}\n  - {{type: Dense, name: z, units: 1, from: x}}\noutputs: [z]\n",
        ["4:5 unused-layer: 'i' leads to no output"],
    ),
    "an unused copy of an instance": (
        "blocks: {unit: {inputs: [a], layers: [{type: Dense, name: y, units: 1}], outputs: [y]}}\n"
        f"layers:\n{X}  - {{type: unit, name: u, from: x}}\n  - {{type: unit, name: v, from: x, repeat: 2}}\noutputs: [u]\n",
        ["5:5 unused-layer: 'v_2' leads to no output"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_rules(name: str) -> None:
    text, wanted = FOUND[name]
    assert said(text) == wanted


def test_parallel_edges_are_not_a_cycle_and_none_is_lost() -> None:
    assert said(f"layers:\n{X}  - {{type: Add, name: y}}\nedges: [[x, y], [x, y], [x, y]]\n") == []
