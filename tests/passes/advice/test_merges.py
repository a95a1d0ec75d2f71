"""A merge that gets the only tensor of one layer."""

from __future__ import annotations

import pytest

from tests.support.checking import told

TOLD = {
    "the item above": (
        """
        layers:
          - {type: Input, name: a, shape: [3]}
          - {type: Input, name: b, shape: [3]}
          - {type: Dense, name: left, units: 4, from: a}
          - {type: Dense, name: right, units: 4, from: b}
          - {type: Concatenate, name: both}
        """,
        [
            "6:5 merge-of-one: 'both' (Concatenate) gets only one tensor: 'right', the item directly above it | write from: [left, right], or remove it",
        ],
    ),
    "a name without a list": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: a, units: 4}
          - {type: Add, name: sum, from: a}
        """,
        [
            "4:34 merge-of-one: 'sum' (Add) gets only one tensor: 'a' | list the tensors to join: from: [a, ...], or remove it",
        ],
    ),
    "a list of one is meant": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: a, units: 4}
          - {type: Add, name: sum, from: [a]}
        """,
        [],
    ),
    "an input of several tensors that is given one here": (
        """
        blocks:
          join: {inputs: [{name: parts, many: true}], layers: [{type: Concatenate, name: all, from: parts}], outputs: [all]}
          deep: {inputs: [part], layers: [{type: Concatenate, name: all, from: part}], outputs: [all]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: a, units: 4}
          - {type: join, name: b, from: [a]}
          - {type: deep, name: c, from: a}
        """,
        [
            "3:72 merge-of-one: 'c.all' (Concatenate) gets only one tensor: 'part' | list the tensors to join: from: [part, ...], or remove it",
        ],
    ),
    "in a nested model": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 3}, {type: Add, name: sum, from: d}], outputs: [sum]}}
        layers: [{type: Input, name: x, shape: [3]}, {type: b, name: u, nested: true}]
        """,
        [
            "1:99 merge-of-one: 'sum' (Add) gets only one tensor: 'd' | list the tensors to join: from: [d, ...], or remove it",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_what_is_told(text: str, expected: list[str]) -> None:
    assert told(text) == expected
