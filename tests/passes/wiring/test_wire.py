"""Whole specs in tests/passes/wiring/wired, and the nodes that each becomes, in ``<name>.expected``.

After wiring was changed on purpose, ``SPECC_UPDATE=1 pytest tests/passes/wiring/test_wire.py -n0`` writes the expected
nodes anew: read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import specc
from tests.support.checking import said
from tests.support.nodes import lines

FOLDER = Path(__file__).parent / "wired"
SPECS = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_nodes(path: Path) -> None:
    found = "\n".join(lines(specc.compile(path).graph)) + "\n"
    expected = path.with_suffix(".expected")
    if os.environ.get("SPECC_UPDATE"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


# -- What a user chooses ---------------------------------------------------------------------------


# -- What is refused -------------------------------------------------------------------------------


# -- Size ------------------------------------------------------------------------------------------


# -- One mistake, one error ------------------------------------------------------------------------


def test_what_is_wrong_in_items_and_in_their_wiring_is_said_at_once() -> None:
    text = """
        blocks:
          unit:
            args: {n: null}
            inputs: [x]
            layers:
              - {type: Dense, name: hidden, unts: $n}
              - {type: Dense, name: y, units: 3, from: hiden}
            outputs: [y]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 0, from: y}
          - {type: Dense, name: b, units: 3, from: [a, c_3.state]}
          - {type: Dense, name: c, units: $nothing, repeat: $n}
          - {type: unit, name: d, from: b.state}
          - {type: unit, name: e, n: 3, from: z}
          - {share: c, name: f, from: x}
          - {type: Dense, name: a, units: 3, from: [d, e.hidden, d.hidden]}
        outputs: [a, e.yy]
        compile: {optimizer: adm}
    """
    assert [line.split(" ", 1)[1] for line in said(text)] == [
        "unknown-argument: 'e.hidden' (Dense) has no argument \"unts\"",
        "unknown-name: 'e.y' (Dense): there is no layer \"hiden\"",
        "argument-value: 'a' (Dense): units must be a positive integer, not 0",
        "unknown-name: 'a' (Dense): there is no layer \"y\"",
        'unknown-value: there is no value "n"',
        "missing-argument: 'd' (unit) needs 'n'",
        "unknown-port: 'b' (Dense) has no output \"state\"",
        "unknown-name: 'e' (unit): there is no layer \"z\"",
        "duplicate-name: the name 'a' is taken by another layer",
        "unknown-port: 'e' (unit) has no output or member \"yy\"",
        'unknown-optimizer: unknown optimizer "adm"',
    ]


@pytest.mark.parametrize("wrong", ["{type: Dense, name: p, unit: 3}", "{type: Dense, name: p, units: 3, from: y}"])
def test_who_refers_to_an_output_of_a_nested_model_with_errors_is_not_to_blame(wrong: str) -> None:
    text = """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: p, units: 3}, {type: ReLU, name: q}], outputs: [q, p]}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: b, name: u, nested: true}
          - {type: Add, name: sum, from: [u.p, u]}
    """
    assert said(text) == []
    assert len(said(text.replace("{type: Dense, name: p, units: 3}", wrong))) == 1
    assert said(text.replace("name: d, units: 3", "name: d, units: 0")) == [
        "4:35 argument-value: 'd' (Dense): units must be a positive integer, not 0"
    ]
