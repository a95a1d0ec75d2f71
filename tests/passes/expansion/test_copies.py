"""``repeat`` and ``each``: how many copies there are, and the values of each."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.helps import helps
from tests.support.nodes import nodes

MADE = {
    "repeat counts from 0": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: $(8 // (index + 1)), repeat: 3}
        """,
        [
            "x: Input  shape=(4,)",
            "d_1: Dense  <- inputs: x  units=8",
            "d_2: Dense  <- inputs: d_1  units=4",
            "d_3: Dense  <- inputs: d_2  units=2",
            "d: Identity  <- inputs: d_3",
            "one of outputs: d = d",
        ],
    ),
    "each gives its values, and counts too": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: $(n + index), activation: $how, each: {n: [1, 2], how: [relu, tanh]}}
          - {type: Add, name: sum, from: [d_1, d_1]}
        outputs: [d, sum]
        """,
        [
            "x: Input  shape=(4,)",
            "d_1: Dense  <- inputs: x  units=1  activation=relu",
            "d_2: Dense  <- inputs: x  units=3  activation=tanh",
            "sum: Add  <- inputs: [d_1, d_1]",
            "list of outputs: d_1 = d_1, d_2 = d_2, sum = sum",
        ],
    ),
    "repeat gives values, in a chain": (
        """
        vars: {sizes: [8, 4, 2], some: {units: [3, 5]}, no: []}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: $(n + index), activation: $how, repeat: {n: $sizes, how: [relu, tanh, relu]}}
          - {type: Dense, name: none, units: $n, repeat: {n: $no}}
          - {type: Dense, name: e, units: $units, repeat: $some}
          - {type: Dense, name: f, units: $units, each: $some}
        """,
        [
            "x: Input  shape=(4,)",
            "d_1: Dense  <- inputs: x  units=8  activation=relu",
            "d_2: Dense  <- inputs: d_1  units=5  activation=tanh",
            "d_3: Dense  <- inputs: d_2  units=4  activation=relu",
            "e_1: Dense  <- inputs: d_3  units=3",
            "e_2: Dense  <- inputs: e_1  units=5",
            "f_1: Dense  <- inputs: e_2  units=3",
            "f_2: Dense  <- inputs: e_2  units=5",
            "list of outputs: f_1 = f_1, f_2 = f_2",
        ],
    ),
    "as many as a value says, and none": (
        """
        vars: {depth: 2, sizes: [5, 6]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: r, repeat: $depth}
          - {type: ReLU, name: s, repeat: $(depth - 2)}
          - {type: Dense, name: d, units: $n, each: {n: $sizes}}
        """,
        [
            "x: Input  shape=(4,)",
            "r_1: ReLU  <- inputs: x",
            "r_2: ReLU  <- inputs: r_1",
            "d_1: Dense  <- inputs: r_2  units=5",
            "d_2: Dense  <- inputs: r_2  units=6",
            "list of outputs: d_1 = d_1, d_2 = d_2",
        ],
    ),
}


@pytest.mark.parametrize(("text", "made"), MADE.values(), ids=MADE)
def test_what_copies_become(text: str, made: list[str]) -> None:
    assert nodes(text) == made


REFUSED = {
    "numbers of copies that are none": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: a, repeat: $(-1)}
          - {type: ReLU, name: b, repeat: $(3 / 2)}
          - {type: ReLU, name: c, repeat: $(1 == 1)}
          - {type: ReLU, repeat: $('' + 'x')}
        """,
        [
            "3:35 invalid-value: 'a': repeat must be an integer of 0 or more, not -1 | for details run 'specc explain invalid-value'",
            "4:35 invalid-value: 'b': repeat must be an integer of 0 or more, not 1.5 | for details run 'specc explain invalid-value'",
            "5:35 invalid-value: 'c': repeat must be an integer of 0 or more, not true | for details run 'specc explain invalid-value'",
            "6:26 invalid-value: 'ReLU': repeat must be an integer of 0 or more, not \"x\" | for details run 'specc explain invalid-value'",
        ],
    ),
    "lists of different lengths": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: $a, each: {a: [1, 2], b: [1]}}
          - {type: Dense, name: z, units: $a, repeat: {a: [1, 2], b: []}}
        """,
        [
            "3:45 invalid-value: 'y': the lists of 'each' differ in length: a has 2, b has 1 | give each name one value for each copy",
            "4:47 invalid-value: 'z': the lists of 'repeat' differ in length: a has 2, b has 0 | give each name one value for each copy",
        ],
    ),
    "values that are no lists": (
        """
        vars: {n: 3, both: [1, 2], one: 1}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: z, units: $a, each: {a: $n}}
          - {type: Dense, name: u, units: $a, repeat: {a: 4}}
          - {type: Dense, name: v, units: $a, repeat: $both}
          - {type: Dense, name: w, units: $a, each: $one}
        """,
        [
            "1:11 invalid-value: 'z': each.a must be a list of values, not 3 | write [3, ...]",
            "1:20 invalid-value: 'v': repeat must be an integer of 0 or more, not [1, 2] | give the values of a list a name: repeat: {f: ...}, and $f in each copy",
            "1:33 invalid-value: 'w': each must be a map of names to lists, not 1 | for details run 'specc explain invalid-value'",
            "5:51 invalid-value: 'u': repeat.a must be a list of values, not 4 | write [4, ...]",
        ],
    ),
    "a name that is none": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1, each: {a b: [1]}}
          - {type: Dense, name: z, units: 1, repeat: {index: [1]}}
        """,
        [
            "3:50 invalid-name: \"a b\" is not a valid name for a value | for details run 'specc explain invalid-name'",
            '4:54 invalid-name: "index" is not a valid name for a value | $index is the number of the copy; choose another name',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(("each", "help"), [
    ("{n: [4, 8], m: [1]}", "give each name one value for each copy"), ("{n: 3}", "write [3, ...]"),
])  # fmt: skip
def test_lists_of_each(each: str, help: str) -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
    assert helps(f"{text}  - {{type: Dense, name: y, units: $n, each: {each}}}\n") == [help]
