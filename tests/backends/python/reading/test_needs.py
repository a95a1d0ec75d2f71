"""The vars that functions take."""

from __future__ import annotations

import specc
from specc.backends.python.reading.needs import Needs
from specc.passes.expansion.blocks import blocks_of
from tests.support.checking import spec

TEXT = """
    vars: {a: 1, b: $(a + 1), c: 3, d: 4, unused: 5}
    blocks:
      inner: {args: {c: 2}, inputs: [x], layers: [{type: Dense, name: y, units: $(b * c)}], outputs: [y]}
      outer: {inputs: [x], layers: [{type: inner, name: i}, {type: Dropout, name: y, rate: $(c / 10)}], outputs: [y]}
    layers:
      - {type: Input, name: x, shape: [$d]}
      - {type: outer, name: o, trainable: false}
"""


def test_needs() -> None:
    program = specc.compile(spec(TEXT)).graph.program
    assert program is not None
    blocks = blocks_of(list(program.units))
    inner, outer = (blocks[program.units[0]][name] for name in ("inner", "outer"))
    needs = Needs(program, blocks, frozenset())
    assert (needs.vars(inner), needs.vars(outer), needs.vars(None)) == (("b",), ("b", "c"), ("a", "b", "c", "d"))
    assert needs.handed(inner) == needs.handed(outer) == ("trainable",)
    assert Needs(program, blocks, frozenset([(program.units[0], "b")])).vars(None) == (
        "c",
        "d",
    )  # and what it is computed from
