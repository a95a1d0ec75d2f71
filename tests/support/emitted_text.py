"""The text of emitted sources, without what is the same in all of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import specc
from specc.backends.python import as_graph, as_program
from specc.backends.python.file import HELPERS
from specc.backends.python.rehearsal import makes_the_same
from tests.support.checking import spec


def functions(text: str, folder: Path | None = None, **included: str) -> str:
    """The functions of the source in the form of a spec, as tests indent them; it must make the graph.

    ``included`` are further files, by their names without an ending, which are written into ``folder``.
    """
    if folder is None:
        graph = specc.compile(spec(text))
    else:
        for name, content in {**included, "model": text}.items():
            (folder / f"{name}.yaml").write_text(dedent(content))
        graph = specc.compile(folder / "model.yaml")
    source = as_program.source(graph)
    assert source is not None
    assert makes_the_same(source, as_graph.source(graph), graph)
    sections = source.split("\n\n\n")[1:-1]
    own = [section for section in sections if section not in map(str.strip, HELPERS.values())]
    return indent("\n\n\n".join(own), "        ", lambda line: bool(line.strip())).strip()
