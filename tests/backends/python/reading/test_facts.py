"""What became of items."""

from __future__ import annotations

import specc
from specc.backends.python.reading.facts import Facts, arguments_of, lists_of
from tests.support.checking import spec

TEXT = """
    vars: {sizes: [3, 5]}
    blocks:
      b: {args: {n: 2, wide: $(n * 2)}, inputs: [x], layers: [{type: Dense, name: d, units: $wide}], outputs: [d]}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: b, name: c, n: $size, each: {size: $sizes}}
      - {type: Concatenate, name: all, from: c}
"""


def test_members_and_their_values() -> None:
    graph = specc.compile(spec(TEXT))
    program = graph.graph.program
    assert program is not None
    facts, unit = Facts(graph, program), program.units[0]
    members = facts.of(unit, ("layers", 1))
    assert [member.it.name for member in members] == ["c_1", "c_2"]
    assert arguments_of(members[1]) == {"n": 5, "wide": 10}
    item = program.spec.layers[1]
    assert lists_of(item) == {"size": "$sizes"}
    assert facts.values(members[1], item, unit) == {"sizes": [3, 5], "size": 5, "index": 1}
    (dense, other) = facts.of(unit, ("blocks", "b", "layers", 0))
    assert (dense.it.name, dense.arguments, other.arguments["n"]) == ("c_1.d", {"n": 3, "wide": 6}, 5)
