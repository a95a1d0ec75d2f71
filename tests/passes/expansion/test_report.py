"""What is wrong with items is told once, at the place that decided it, with the values that led there."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import said, spec, told

REFUSED = {
    "each copy's error once": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: $(1 // 0), repeat: 5}
          - {type: Dense, name: side, unit: 3, repeat: 3}
        """,
        [
            "3:42 expression: 'hidden_1' (Dense): \"1 // 0\" divides by zero | divide by another value, or guard it: a // b if b else 0",
            "4:31 unknown-argument: 'side_1' (Dense) has no argument \"unit\" | did you mean 'units'?",
        ],
    ),
    "a fraction where an integer is wanted": (
        """
        vars: {n: 9}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: $(n / 2)}
        """,
        [
            "4:35 argument-value: 'y' (Dense): units must be a positive integer, not 4.5 | write $(int(n / 2)) or $(round(n / 2)); // makes an integer of integers only",
        ],
    ),
    "the bare name of a value": (
        """
        vars: {width: 9}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: width}
        """,
        [
            "4:35 argument-value: 'y' (Dense): units must be a positive integer, not \"width\" | write $width, the value",
        ],
    ),
    "a default, at its own place": (
        """
        vars: {width: 9}
        defaults: {Dense: {units: $(width - 9)}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y}
          - {type: Conv1D, name: z}
        """,
        [
            "2:27 argument-value: Dense: units must be a positive integer, not 0 | set units to a positive integer",
            "6:5 missing-argument: 'z' (Conv1D) needs 'filters' and 'kernel_size' | add 'filters': a positive integer; 'kernel_size': a positive integer",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


UNIT = """blocks:
  unit:
    args: {n: null, m: $(n * 2)}
    inputs: [x]
    layers:
      - {type: Dense, units: $n}
      - {type: Dense, name: y, units: $m, rate: 3}
    outputs: [y]
layers:
  - {type: Input, name: x, shape: [4]}
"""


def test_instances_answer_each_for_their_values() -> None:
    sound = UNIT.replace(", rate: 3", "")
    found = said(f"{sound}  - {{type: unit, name: a, n: -1, repeat: 3}}\n  - {{type: unit, name: b, n: 0}}\n")
    assert found == [
        "11:30 argument-value: 'a_1.dense' (Dense): units must be a positive integer, not -1",
        "12:30 argument-value: 'b.dense' (Dense): units must be a positive integer, not 0",
    ]


def test_a_mistake_of_the_block_itself_is_told_once() -> None:
    found = said(f"{UNIT}  - {{type: unit, name: a, n: 1, repeat: 3}}\n  - {{type: unit, name: b, n: 2}}\n")
    assert found == ["7:43 unknown-argument: 'a_1.y' (Dense) has no argument \"rate\""]


def test_an_error_has_the_copies_and_instances_that_led_to_it() -> None:
    (found,) = specc.check(spec(f"{UNIT}  - {{type: unit, name: a, n: 1, repeat: 3}}\n"))
    assert [it.message for it in found.related] == ["in 'a_1' with index = 0, n = 1"]
