"""The instances and copies that led to where something is wrong, innermost first, each with the values it gives."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import specc
from specc.diagnostics.frames import MOST_GIVEN
from specc.diagnostics.text import render
from tests.support.checking import spec


def test_a_mistake_in_a_block_inside_a_block() -> None:
    text = """
        blocks:
          inner:
            args: {units: 2, act: relu}
            inputs: [x]
            layers:
              - {type: Dense, name: d, units: $units, activation: $act}
              - {type: Reshape, name: r, target_shape: [3]}
            outputs: [r]
          outer:
            args: {width: 4}
            inputs: [x]
            layers:
              - {type: inner, name: i, units: $width, repeat: 2}
            outputs: [i]
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: outer, name: o, width: $w, each: {w: [3, 5]}}
          - {type: Concatenate, from: o}
        """
    assert (
        render(specc.check(spec(text)))
        == dedent("""\
        error[shape-mismatch]: 'o_2.i_1.r' (Reshape) cannot make (3,) of (None, 5): 3 values for 5
          --> spec.yaml:7:48
         7 |       - {type: Reshape, name: r, target_shape: [3]}
           |                                                ^^^
         6 |       - {type: Dense, name: d, units: $un...  'o_2.i_1.d' gives (None, 5)
        13 |       - {type: inner, name: i, units: $wi...  in 'o_2.i_1' with index = 0, units = 5
        17 |   - {type: outer, name: o, width: $w, eac...  in 'o_2' with w = 5, width = 5
           = help: both shapes, without the batch axis, must have the same number of values; -1 means the remaining size""")
    )


def test_of_many_values_only_the_first_are_shown() -> None:
    given: dict[str, Any] = {f"a{number}": number for number in range(MOST_GIVEN + 1)}
    reshape = {"type": "Reshape", "name": "r", "target_shape": [4]}
    block = {"args": dict.fromkeys(given), "inputs": ["x"], "layers": [reshape], "outputs": ["r"]}
    layers = [{"type": "Input", "name": "x", "shape": [3]}, {"type": "b", "name": "i", **given}]
    found = next(it for it in specc.check({"blocks": {"b": block}, "layers": layers}) if it.severity == "error")
    assert found.related[-1].message == (
        "in 'i' with a0 = 0, a1 = 1, a2 = 2, a3 = 3, a4 = 4, a5 = 5, a6 = 6, a7 = 7, a8 = 8, a9 = 9, a10 = 10, a11 = 11, ..."
    )
