"""Sources beside what a good engineer wrote for the same models: as long, and the same model."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import specc
from specc.backends.python.program import as_program

FOLDER = Path(__file__).parents[1] / "by_hand"
MODELS = ["wavenet", "pointnet", "mobilevit"]
MOST = 1.3
"""How much longer than by hand a source may be."""


def lines_of_code(text: str) -> int:
    """The lines of a source without those that are empty or comments, and without docstrings."""
    said: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node) is not None:
            said.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    numbered = enumerate(map(str.strip, text.split("\n")), 1)
    return sum(bool(line) and not line.startswith("#") and number not in said for number, line in numbered)


@pytest.mark.parametrize("name", MODELS)
def test_length(name: str) -> None:
    source = as_program.source(specc.compile(FOLDER / f"{name}.yaml"))
    assert lines_of_code(source) <= MOST * lines_of_code((FOLDER / f"{name}.py.txt").read_text())


@pytest.mark.parametrize("name", MODELS)
def test_the_same_model(name: str) -> None:
    from tests.support.canonical import same, weightless
    from tests.support.emitted import run

    graph = specc.compile(FOLDER / f"{name}.yaml")
    text = graph.source()
    with weightless():
        ours = run(_untrained(text))
        theirs = run(_untrained((FOLDER / f"{name}.py.txt").read_text()))
        same(ours, theirs)
        assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]


def _untrained(text: str) -> str:
    """A source whose model is not compiled: an optimizer has weights with values."""
    return text.replace("model.compile(", "dict(")
