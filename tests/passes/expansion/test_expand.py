"""What an expansion makes, and that it ends at once where it would make too much, whatever the spec says."""

from __future__ import annotations

import time

import pytest

import specc
from specc.budget import Budget
from tests.support.checking import codes, spec

X = "  - {type: Input, name: x, shape: [4]}\n"


def block(name: str, inner: str, count: str = "10") -> str:
    return (
        f"  {name}:\n    args: {{n: 1}}\n    inputs: [x]\n    layers:\n"
        f"      - {{type: {inner}, name: a, repeat: {count}}}\n    outputs: [a]\n"
    )


def tower(depth: int, count: str) -> str:
    """Blocks that each repeat the one before."""
    blocks = "".join(block(f"b{level}", f"b{level - 1}" if level else "ReLU", count) for level in range(depth))
    return f"blocks:\n{blocks}layers:\n{X}  - {{type: b{depth - 1}, name: top}}\n"


BOMBS = {
    "a tower of blocks": tower(12, "1000"),
    "a high tower": tower(60, "2"),
    "one repetition": f"layers:\n{X}  - {{type: ReLU, name: a, repeat: 1000000000000}}\n",
    "a computed one": f"vars: {{n: $(10 ** 15)}}\nlayers:\n{X}  - {{type: ReLU, name: a, repeat: $(n * 9)}}\n",
    "sizes that depend on the index": "blocks:\n"
    "  unit: {args: {n: 1}, inputs: [x], layers: [{type: ReLU, name: a, repeat: $(2 ** n)}], outputs: [a]}\n"
    f"layers:\n{X}  - {{type: unit, name: u, n: $index, repeat: 40}}\n",
    "each of repetitions": "blocks:\n"
    "  unit: {args: {n: 1}, inputs: [x], layers: [{type: ReLU, name: a, repeat: 9999}], outputs: [a]}\n"
    f"layers:\n{X}  - {{type: unit, name: u, each: {{n: $(range(9999))}}, from: x}}\n",
    "nested models": "blocks:\n"
    "  unit: {inputs: [x], layers: [{type: ReLU, name: a, repeat: 9999}], outputs: [a]}\n"
    f"layers:\n{X}  - {{type: unit, name: u, nested: true, repeat: 9999}}\n",
    "blocks inside wrappers": "blocks:\n"
    "  unit: {inputs: [x], layers: [{type: ReLU, name: a, repeat: 9999}], outputs: [a]}\n"
    f"layers:\n{X}  - {{type: TimeDistributed, layer: {{type: unit}}, name: u, repeat: 9999}}\n",
    "many steps with different arguments": "blocks:\n"
    "  a: {args: {n: 1}, inputs: [x], layers: [{type: b, name: y, n: $(n * 100 + index), repeat: 100}], outputs: [y]}\n"
    "  b: {args: {n: 1}, inputs: [x], layers: [{type: c, name: y, n: $(n * 100 + index), repeat: 100}], outputs: [y]}\n"
    "  c: {args: {n: 1}, inputs: [x], layers: [{type: d, name: y, n: $(n * 100 + index), repeat: 100}], outputs: [y]}\n"
    "  d: {args: {n: 1}, inputs: [x], layers: [{type: ReLU, name: y, when: $(n > 0)}], outputs: [y]}\n"
    f"layers:\n{X}  - {{type: a, name: top}}\n",
    "many steps of different sizes": "blocks:\n"
    "  a: {args: {n: 1}, inputs: [x], layers: [{type: b, name: y, n: $(n * 100 + index), repeat: 100}], outputs: [y]}\n"
    "  b: {args: {n: 1}, inputs: [x], layers: [{type: ReLU, name: y, repeat: $(1 + n % 3)}], outputs: [y]}\n"
    f"layers:\n{X}  - {{type: a, name: y, n: $index, repeat: 100}}\n",
    "blocks in a list of inner layers": "blocks:\n"
    "  unit: {inputs: [x], layers: [{type: ReLU, name: a, repeat: 9999}], outputs: [a]}\n"
    f"layers:\n{X}  - {{type: Pipeline, layers: [{', '.join(['unit'] * 30)}], name: u}}\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_at_once(name: str) -> None:
    start = time.process_time()
    assert codes(BOMBS[name]) == ["too-large"]
    assert time.process_time() - start < 4


SOUND = {
    "most copies absent": (
        "  unit: {inputs: [x], layers: [{type: ReLU, name: a, repeat: 400}], outputs: [a]}\n",
        "{type: unit, name: u, repeat: 1000, when: $(index % 500 == 0)}",
        802,
    ),
    "arguments that decide no size": (
        "  unit: {args: {n: null}, inputs: [x], layers: [{type: Dense, name: a, units: $n}], outputs: [a]}\n",
        "{type: unit, name: u, n: $(index + 1), repeat: 3000}",
        3002,
    ),
    "sizes by a default that uses another argument": (
        "  unit: {args: {n: null, m: $(n + 1)}, inputs: [x], layers: [{type: ReLU, name: a, repeat: $m}], outputs: [a]}\n",
        "{type: unit, name: u, n: $index, repeat: 3}",
        8,
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_not_too_large(name: str) -> None:
    blocks, item, nodes = SOUND[name]
    assert len(specc.compile(spec(f"blocks:\n{blocks}layers:\n{X}  - {item}\n")).nodes) == nodes


def test_instances_that_are_written_out_do_not_count() -> None:
    block = "  unit: {args: {n: null}, inputs: [x], layers: [{type: ReLU, name: a, repeat: $n}], outputs: [a]}\n"
    items = "".join(f"  - {{type: unit, n: {index % 2}}}\n" for index in range(3000))
    assert len(specc.compile(spec(f"blocks:\n{block}layers:\n{X}{items}")).nodes) == 1501


def test_layers_that_are_written_out_do_not_count() -> None:
    items = "".join(f"  - {{type: ReLU, name: r{index}}}\n" for index in range(3000))
    graph = specc.compile(spec(f"layers:\n{X}{items}"))
    assert len(graph.nodes) == 3001


def test_the_largest_expansion() -> None:
    text = f"""
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: ReLU, name: r, repeat: {Budget.layers + 10}}}
    """
    assert codes(text) == ["too-large"]
