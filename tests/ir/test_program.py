"""The spec that a graph was expanded from."""

from __future__ import annotations

import specc
from tests.support.checking import spec

TEXT = """
    vars: {width: 8, wide: $(width * 2)}
    variants: {tiny: {width: 2}}
    layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $wide}]
"""


def test_vars_are_as_they_are_set() -> None:
    program = specc.compile(spec(TEXT), variant="tiny").graph.program
    assert program is not None
    assert program.vars == {"width": 2, "wide": "$(width * 2)"}
    assert dict(program.values[program.units[0]]) == {"width": 2, "wide": 4}
    assert program.spec.layers[1].arguments == {"units": "$wide"}
