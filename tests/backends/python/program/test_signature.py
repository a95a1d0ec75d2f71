"""How the functions of blocks begin."""

from __future__ import annotations

import specc
from specc.backends.python.program.functions import Functions
from specc.backends.python.program.signature import beginning, computed_defaults
from specc.backends.python.writing.statements import lines
from tests.support.checking import spec

TEXT = """
    vars: {width: 4}
    blocks:
      # two layers in a row
      b:
        args:
          units: null  # as many as it has outputs
          inner: $(2 * width + units)
        inputs: [x]
        layers: [{type: Dense, name: wide, units: $inner}, {type: Dense, name: y, units: $units}]
        outputs: [y]
    layers: [{type: Input, name: x, shape: [3]}, {type: b, name: y, units: 2, trainable: false}]
"""


def test_a_function_begins_with_what_it_takes() -> None:
    graph = specc.compile(spec(TEXT))
    assert graph.graph.program is not None
    (function,) = Functions(graph, graph.graph.program, frozenset(), frozenset(), set()).called_first()
    text = "\n".join([*beginning(function), *lines(computed_defaults(function), 4)])
    assert (
        text
        == '''\
def b(units, inner=None, *, width, trainable=True, name):
    """Two layers in a row.

    Args:
        units: As many as it has outputs.
    """
    if inner is None:
        inner = 2 * width + units'''
    )
