"""Names of items: unique in their scope, also beside copies, inputs of the block and automatic names."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.nodes import nodes

MADE = {
    "automatic names avoid those of copies": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: dense, units: 1, repeat: 2}
          - {type: Dense, units: 1}
        """,
        [
            "x: Input  shape=(3,)",
            "dense_1: Dense  <- inputs: x  units=1",
            "dense_2: Dense  <- inputs: dense_1  units=1",
            "dense_3 (automatic): Dense  <- inputs: dense_2  units=1",
            "one of outputs: dense_3 = dense_3",
        ],
    ),
    "a name may be a value": (
        """
        vars: {part: head}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: $part, units: 1}
          - {type: Dense, name: $(part + '_b'), units: 1, from: head}
        """,
        [
            "x: Input  shape=(3,)",
            "head: Dense  <- inputs: x  units=1",
            "head_b: Dense  <- inputs: head  units=1",
            "one of outputs: head_b = head_b",
        ],
    ),
    "a name in two blocks, and in any script": (
        """
        blocks:
          b: {inputs: [बिंदु], layers: [{type: Dense, name: हिन्दी, units: 1}], outputs: [हिन्दी]}
          c: {inputs: [i], layers: [{type: Dense, name: हिन्दी, units: 1}], outputs: [हिन्दी]}
        layers: [{type: Input, name: बिंदु, shape: [3]}, {type: b, name: u}, {type: c, name: v}]
        """,
        [
            "बिंदु: Input  shape=(3,)",
            "u.हिन्दी: Dense  <- inputs: बिंदु  units=1",
            "v.हिन्दी: Dense  <- inputs: u.हिन्दी  units=1",
            "v: Identity  <- inputs: v.हिन्दी",
            "one of outputs: v = v",
        ],
    ),
}


@pytest.mark.parametrize(("text", "made"), MADE.values(), ids=MADE)
def test_names_of_nodes(text: str, made: list[str]) -> None:
    assert nodes(text) == made


REFUSED = {
    "two items": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 1}
          - {type: Dense, name: d, units: 2}
        """,
        [
            "4:25 duplicate-name: the name 'd' is taken by another layer | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "two that are alike: perhaps one layer is to be called twice": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: Dense, name: d, units: 3}
        """,
        [
            "4:25 duplicate-name: the name 'd' is taken by another layer | rename one of the two; to call the same layer again, write {share: d, name: d_again, from: ...}",
        ],
    ),
    "an item and a copy": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d_2, units: 3}
          - {type: Dense, name: d, units: 3, repeat: 2}
        """,
        [
            "4:25 duplicate-name: the name 'd_2' of a copy of 'd' is taken by another layer | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "an item and an input of its block": (
        """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: i}, {type: ReLU, name: r}], outputs: [r]}}
        layers: [{type: Input, name: x, shape: [3]}, {type: b, name: u}]
        """,
        [
            "1:55 duplicate-name: the name 'i' is taken by an input of the block | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "a computed name that is none": (
        """
        vars: {part: a b}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: $part, units: 1}
        """,
        [
            "1:14 invalid-name: a name cannot contain \" \", as \"a b\" does | a name has letters, digits, '_' and '-'; for instance 'a_b'",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
