"""How many tensors an input of a block takes, wherever an expression can ask; shapes are in test_known_shapes."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import told
from tests.support.nodes import nodes

DECODER = """
    blocks:
      join:
        args: {units: null, deepest: $(len(skips) - 1)}
        inputs: [x, {name: skips, many: true}]
        layers:
          - {type: Dense, name: first, units: $(units * len(skips)), from: x}
          - {type: Add, name: up, repeat: $(len(skips)), from: [first, "skips[$(deepest - index)]"]}
          - {type: Concatenate, name: both, from: [up, skips], when: $(len(skips) > 2), else: up}
          - {type: Dense, name: level, units: 1, each: {level: $(range(len(skips)))}, from: "skips[$level]"}
          - {type: Concatenate, name: out, from: [both, level]}
        outputs: [out]
      around:
        inputs: [x, {name: all, many: true}]
        layers: [{type: join, name: inner, units: 2, from: {x: x, skips: all}}]
        outputs: [inner]
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: q, units: 4, each: {n: [1, 2]}}
      - {type: Dense, name: r, units: 6, each: {n: [1, 2, 3]}, from: x}
      - {type: join, name: a, units: 2, from: [x, q]}
      - {type: around, name: b, from: [a, r]}
      - {type: Dense, name: y, units: 1}
"""


def test_how_many_tensors_there_are() -> None:
    assert [line.partition("  ")[0] + line[line.index("  <-") :] for line in nodes(DECODER)[6:-1]] == [
        "a.first: Dense  <- inputs: x  units=4",
        "a.up_1: Add  <- inputs: [a.first, q_2]",
        "a.up_2: Add  <- inputs: [a.up_1, q_1]",
        "a.level_1: Dense  <- inputs: q_1  units=1",
        "a.level_2: Dense  <- inputs: q_2  units=1",
        "a.out: Concatenate  <- inputs: [a.up_2, a.level_1, a.level_2]",
        "b.inner.first: Dense  <- inputs: a.out  units=6",
        "b.inner.up_1: Add  <- inputs: [b.inner.first, r_3]",
        "b.inner.up_2: Add  <- inputs: [b.inner.up_1, r_2]",
        "b.inner.up_3: Add  <- inputs: [b.inner.up_2, r_1]",
        "b.inner.both: Concatenate  <- inputs: [b.inner.up_3, r_1, r_2, r_3]",
        "b.inner.level_1: Dense  <- inputs: r_1  units=1",
        "b.inner.level_2: Dense  <- inputs: r_2  units=1",
        "b.inner.level_3: Dense  <- inputs: r_3  units=1",
        "b.inner.out: Concatenate  <- inputs: [b.inner.both, b.inner.level_1, b.inner.level_2, b.inner.level_3]",
        "y: Dense  <- inputs: b.inner.out  units=1",
    ]


def test_what_is_called_again_was_made_for_a_number_of_tensors() -> None:
    again = DECODER + "      - {share: a, name: again, from: [x, r]}\n      - {share: a, name: same, from: [x, q]}\n"
    assert told(again) == [
        "23:5 shape-mismatch: 'again' (join) was made for 2 tensors at 'skips', and has 3 in this call | "
        "make a separate one for each number of tensors, without 'share'",
    ]


JOIN = """
    blocks:
      join:
        inputs: [x, {name: skips, many: true}]
        layers:
          - {type: Add, name: sum, from: [x, skips]}
          - {type: Dense, name: out, units: VALUE}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: join, name: a, from: [x, SKIP]}
      - {type: Dense, name: later, units: 8, from: x}
"""


@pytest.mark.parametrize(
    ("value", "skip", "expected"),
    [
        ('"$(skips[0])"', "x", 'there is no value "skips" | \'skips\' is an input of the block: len(skips) is how many tensors it has'),
        ("$(len(x))", "x", 'there is no value "x" | add it to \'vars\''),
        ("$(len(skips))", "later", "how many tensors 'skips' has depends on 'later', which does not stand above the instance | write that item above"),
        ("$(len(skips))", "other", "there is no layer \"other\" | names here: x, later"),
    ],
)  # fmt: skip
def test_refused(value: str, skip: str, expected: str) -> None:
    (found,) = told(JOIN.replace("VALUE", value).replace("SKIP", skip))
    assert found.split(": ", 2)[2] == expected


def test_the_emitted_source_counts_them_too() -> None:
    assert "for index in range(len(skips)):" in specc.compile(specc.Spec.from_text(DECODER)).source()
