"""TypedGraph to Keras source: a Python file that builds the model without specc."""

from __future__ import annotations

from specc.backends.python.graph import as_graph
from specc.backends.python.program import as_program
from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.rehearsal import makes_the_same
from specc.ir import TypedGraph

FORGIVEN: tuple[type[Exception], ...] = (Unwritable, Exception)
"""What only costs a source its form, as the graph itself can still be written: faults of this room, too, but not in tests."""


def source(graph: TypedGraph) -> str:
    """The source of a Python file whose ``build_model`` returns the graph's model.

    It has the form of the spec that the graph was expanded from, if there is one that Python has a form for.
    """
    plain = as_graph.source(graph)
    try:
        written = as_program.source(graph)
        return written if makes_the_same(written, plain, graph) else plain
    except FORGIVEN:
        return plain
