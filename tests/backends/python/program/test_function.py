"""What functions take, and arguments in the spec's words."""

from __future__ import annotations

import pytest

import specc
from specc.backends.python.program.as_program import _File
from specc.backends.python.program.function import WrittenCalls, filled
from specc.backends.python.program.functions import Functions
from specc.backends.python.reading.expressions import Fixed
from specc.backends.python.writing.text import flat
from tests.support.checking import spec

TEXT = """
    vars: {width: 4, act: relu, options: [{type: L2, l2: 0.5}]}
    blocks:
      b: {args: {n: 2}, inputs: [width], layers: [{type: Dense, name: d, units: $(n * width)}], outputs: [d]}
    layers:
      - {type: Input, name: x, shape: [4, $width]}
      - {type: b, name: first}
      - {type: Dense, name: y, units: $width, activation: $act, kernel_regularizer: "$(options[0])"}
"""


def test_names_inside_a_function() -> None:
    graph = specc.compile(spec(TEXT))
    program = graph.graph.program
    assert program is not None
    (function,) = Functions(graph, program, frozenset(), frozenset(), set()).called_first()
    assert (function.variables, function.parameters, function.needs) == ({"width": "width_in"}, {"n": "n"}, ("width",))
    assert function.vars["width"].text == "width"
    assert function.results == ["d"]


def test_arguments_as_the_spec_has_them() -> None:
    graph = specc.compile(spec(TEXT))
    assert graph.graph.program is not None
    file = _File(graph, graph.graph.program, frozenset())
    part = file._root.scope.names["y"]
    assert part.callee is not None
    calls = WrittenCalls(part, part.symbols)
    used: set[str] = set()
    template = calls.template("units", 4, "$width"), calls.template("activation", "relu", "$act")
    assert [flat(filled(it, used)) for it in template] == ["width", "act"]
    with pytest.raises(Fixed):  # an object cannot be computed in the source
        calls.layer(part.callee, '"y"', part.item.arguments)
