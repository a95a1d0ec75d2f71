"""The text of emitted sources, without what is the same in all of them."""

from __future__ import annotations

from textwrap import indent

import specc
from specc.backends.python.graph import as_graph
from specc.backends.python.program import as_program
from specc.backends.python.rehearsal import makes_the_same
from specc.backends.python.writing.file import HELPERS
from tests.support.checking import spec


def functions(text: str) -> str:
    """The functions of the source in the form of a spec, as tests indent them; it must make the graph."""
    graph = specc.compile(spec(text))
    source = as_program.source(graph)
    assert makes_the_same(source, as_graph.source(graph), graph)
    sections = source.split("\n\n\n")[1:-1]
    own = [section for section in sections if section not in map(str.strip, HELPERS.values())]
    return indent("\n\n\n".join(own), "        ", lambda line: bool(line.strip())).strip()
