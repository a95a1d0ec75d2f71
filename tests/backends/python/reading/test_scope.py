"""What items take, by the references as they are written."""

from __future__ import annotations

import specc
from specc.backends.python.program.as_program import _File
from specc.backends.python.reading.scope import Scope
from tests.support.checking import spec

TEXT = """
    vars: {n: 2}
    blocks:
      two: {inputs: [a, b], layers: [{type: Dense, name: d, units: 4, from: a}, {type: Dense, name: e, units: 4, from: b}], outputs: {p: d, q: e}}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: two, name: t, from: {b: x, a: x}}
      - {type: Dense, name: c, units: 4, repeat: $n}
      - {type: Dense, name: s, units: 4, each: {u: [1, 2]}, from: c}
      - {type: Add, name: y, from: [t.q, t.e, c_1, s, s_2, c]}
    outputs: [y, t.p]
"""


def scope() -> Scope:
    graph = specc.compile(spec(TEXT))
    assert graph.graph.program is not None
    return _File(graph, graph.graph.program, frozenset())._root.scope


def test_uses() -> None:
    found = scope()
    parts = found.names
    uses = found.taken[parts["y"]].bound["inputs"]
    assert [(use.part and use.part.label, use.port, use.copy) for use in uses] == [
        ("t", "q", None), ("t", "q", None), ("c", None, 0), ("s", None, None), ("s", None, 1), ("c", None, None)
    ]  # fmt: skip
    assert list(found.taken[parts["t"]].bound) == ["a", "b"]
    assert found.taken[parts["c"]].carried == {"inputs": None}
