"""Which functions a source has."""

from __future__ import annotations

import specc
from specc.backends.python.program.functions import Functions
from tests.support.checking import spec


def test_each_function_comes_after_those_that_it_calls() -> None:
    text = """
    blocks:
      outer: {inputs: [x], layers: [{type: middle, name: y}], outputs: [y]}
      middle: {inputs: [x], layers: [{type: inner, name: z}, {type: inner, name: y, nested: true}], outputs: [y]}
      inner: {inputs: [x], layers: [{type: Dense, name: y, units: 2}], outputs: [y]}
    layers: [{type: Input, name: x, shape: [2]}, {type: outer, name: y}]
    """
    graph = specc.compile(spec(text))
    assert graph.graph.program is not None
    found = Functions(graph, graph.graph.program, frozenset(), frozenset(), set())
    assert [function.name for function in found.called_first()] == ["inner", "inner_model", "middle", "outer"]
