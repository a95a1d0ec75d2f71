"""In which order items are written, and what is read of them."""

from __future__ import annotations

import specc
from specc.backends.python.program.as_program import _File
from specc.backends.python.reading.order import Reading
from specc.backends.python.reading.references import Use
from tests.support.checking import spec

TEXT = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Add, name: late, from: [a, b]}
      - {type: Dense, name: a, units: 4, from: x}
      - {type: Dense, name: b, units: 4, from: gone}
      - {type: Dense, name: gone, units: 4, from: a, when: false}
      - {type: Dense, name: y, units: 1, from: late}
"""


def test_what_is_read_comes_first() -> None:
    graph = specc.compile(spec(TEXT))
    assert graph.graph.program is not None
    scope = _File(graph, graph.graph.program, frozenset())._root.scope
    reading = Reading(scope, [Use(scope.names["late"])])
    assert [part.label for part in reading.order] == ["x", "a", "b", "late"]
    assert not reading.is_in_order
    assert {part.label: ports for part, ports in reading.last.items()} == {"x": {0}, "a": {0}, "b": {0}, "late": {0}}
    assert {part.label for part in reading.before[scope.names["b"]]} == {"a"}
