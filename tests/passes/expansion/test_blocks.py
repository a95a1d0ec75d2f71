"""Blocks are sound whatever uses them: their names, arguments and inputs, and none holds itself."""

from __future__ import annotations

import pytest

from specc.passes.expansion.blocks import DEEPEST_BLOCKS
from tests.support.checking import codes, said, told

X = "  - {type: Input, name: x, shape: [4]}\n"

REFUSED = {
    "two inputs of one name": (
        """
        blocks:
          unit:
            inputs: [a, a]
            layers:
              - {type: Dense, name: y, units: 1, from: a}
            outputs: [z]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u}
        """,
        [
            "3:17 duplicate-name: block 'unit' has two inputs named 'a' | rename one of the two",
        ],
    ),
    "names that layer types have": (
        """
        allow: [unused-block]
        blocks:
          Dense: {inputs: [i], layers: [{type: ReLU, name: r}], outputs: [r]}
          Lambda: {inputs: [i], layers: [{type: ReLU, name: r}], outputs: [r]}
        layers: [{type: Input, name: x, shape: [4]}, ReLU]
        """,
        [
            "3:3 block-name: 'Dense' is a layer type and cannot name a block | choose another name for the block",
            "4:3 block-name: 'Lambda' is a layer type and cannot name a block | choose another name for the block",
        ],
    ),
    "arguments named as keys of items, and as layers": (
        """
        blocks:
          b:
            args: {name: 1, trainable: true, Dense: 2}
            inputs: [i]
            layers: [{type: ReLU, name: r}]
            outputs: [r]
        layers: [{type: Input, name: x, shape: [4]}, {type: b}]
        """,
        [
            "3:12 block-argument: block 'b' cannot have an argument named 'name': every item has a key of that name | choose another name",
            "3:21 block-argument: block 'b' cannot have an argument named 'trainable': every item has a key of that name | choose another name",
            "3:38 block-argument: block 'b' cannot have an argument named 'Dense': it is a layer type | choose another name",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


RECURSIVE = {
    "itself": ("  a: {inputs: [x], layers: [{type: a, name: y}], outputs: [y]}\n", "a -> a"),
    "through another": (
        "  a: {inputs: [x], layers: [{type: b, name: y}], outputs: [y]}\n"
        "  b: {inputs: [x], layers: [{type: a, name: y}], outputs: [y]}\n",
        "a -> b -> a",
    ),
    "nested": ("  a: {inputs: [x], layers: [{type: a, name: y, nested: true}], outputs: [y]}\n", "a -> a"),
    "in a wrapper": (
        "  a: {inputs: [x], layers: [{type: TimeDistributed, layer: {type: a}, name: y}], outputs: [y]}\n",
        "a -> a",
    ),
    "in a wrapper, by its name alone": (
        "  a: {inputs: [x], layers: [{type: TimeDistributed, layer: a, name: y}], outputs: [y]}\n",
        "a -> a",
    ),
    "in a wrapper in a wrapper": (
        "  a: {inputs: [x], layers: [{type: TimeDistributed, layer: {type: TimeDistributed, layer: a}, name: y}], outputs: [y]}\n",
        "a -> a",
    ),
    "absent": ("  a: {inputs: [x], layers: [{type: a, name: y, when: false}], outputs: [y]}\n", "a -> a"),
    "by a value": (
        "  a: {args: {t: a}, inputs: [x], layers: [{type: $t, name: y}], outputs: [y]}\n",
        "a -> a",
    ),
    "by a value in a wrapper": (
        "  a: {args: {t: {type: a}}, inputs: [x], layers: [{type: TimeDistributed, layer: $t, name: y}], outputs: [y]}\n",
        "a -> a",
    ),
}


@pytest.mark.parametrize("name", RECURSIVE)
def test_no_block_contains_itself(name: str) -> None:
    blocks, chain = RECURSIVE[name]
    found = said(f"blocks:\n{blocks}layers:\n{X}  - {{type: a, name: top}}\n")
    assert [line.split(" ", 1)[1] for line in found] == [f"recursive-block: block 'a' contains itself: {chain}"]


def test_a_block_that_nobody_uses_must_be_sound_too() -> None:
    blocks = "  a: {inputs: [x], layers: [{type: a, name: y}], outputs: [y]}\n"
    assert codes(f"blocks:\n{blocks}layers:\n{X}  - {{type: ReLU, name: top}}\n") == ["recursive-block"]


def nested(depth: int) -> str:
    """Blocks that each hold the one before; none of them is used."""
    blocks = "  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    for level in range(1, depth):
        blocks += f"  b{level}: {{inputs: [x], layers: [{{type: b{level - 1}, name: y}}], outputs: [y]}}\n"
    return f"allow: [unused-block]\nblocks:\n{blocks}layers:\n{X}  - ReLU\n"


def test_blocks_hold_each_other_so_deep_and_no_deeper() -> None:
    assert codes(nested(DEEPEST_BLOCKS)) == []
    assert said(nested(DEEPEST_BLOCKS + 1)) == [
        f"203:3 too-deep: block 'b{DEEPEST_BLOCKS}' contains blocks nested more than {DEEPEST_BLOCKS} deep"
    ]
