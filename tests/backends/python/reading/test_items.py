"""What items are: their kinds, conditions, copies and automatic names."""

from __future__ import annotations

import specc
from specc.backends.python.program.as_program import _File
from specc.backends.python.reading.items import automatic, needed
from tests.support.checking import spec

TEXT = """
    vars: {n: 2, deep: true, rate: 0.1}
    defaults: {Dropout: {rate: $rate}}
    blocks:
      b: {inputs: [x], layers: [{type: Dense, name: d, units: 4}], outputs: [d]}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, units: 4}
      - {type: Dropout, when: $deep}
      - {type: Dropout, when: false}
      - {type: ops.exp}
      - {type: b, repeat: $n}
      - {type: b, nested: true}
      - {type: Dense, units: 4}
      - {type: Dense, name: y, units: 4, each: {u: [1, 2]}}
"""


def test_parts() -> None:
    graph = specc.compile(spec(TEXT))
    assert graph.graph.program is not None
    parts = _File(graph, graph.graph.program, frozenset())._root.scope.parts
    assert [(part.kind, part.copies, part.absent, part.number) for part in parts[1:]] == [
        ("layer", "one", False, 0),
        ("layer", "one", False, 0),
        ("layer", "one", True, None),
        ("operation", "one", False, 0),
        ("instance", "chain", False, None),
        ("model", "one", False, None),
        ("layer", "one", False, 1),
        ("layer", "side", False, None),
    ]
    assert automatic(parts[7]) == "dense_1"
    unit = graph.graph.program.units[0]
    assert needed(parts[2].item, unit) == {"deep", "rate"}
