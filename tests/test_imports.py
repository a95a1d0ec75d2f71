"""In which direction imports go: a module imports from its own room and from rooms to the left, and without cycles.

Imports inside functions and those for types alone count as the others do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import pytest

PACKAGE = Path(__file__).parent.parent / "compiler" / "specc"
ROOMS = (
    ("budget", "source", "files", "words", "project"),
    ("diagnostics",),
    ("reading", "expressions", "printing"),
    # What Keras has, up to training: it knows nothing of specs.
    ("keras_version", "keras_signatures", "automatic_names", "shapes", "dtypes", "policies"),
    ("arguments",),
    ("calls",),
    ("objects",),
    ("layers", "operations"),
    ("training", "plugins", "formulas"),
    ("frontend",),
    ("ir",),
    ("passes", "suggestions", "alignment"),
    ("sketch",),
    ("pipeline", "fixing"),
    ("archive",),
    ("importing",),
    ("backends", "language"),
    ("typed_graph", "viewer"),
    ("cli", "specc"),
)
"""From left to right. Rooms of one place may import from each other, as long as their modules form no cycle."""
PLACE = {room: place for place, rooms in enumerate(ROOMS) for room in rooms}
EXCEPTIONS = {
    ("specc.diagnostics.diagnostic", "specc.diagnostics.text"): "str() of a diagnostic is its text, rendered then",
}
"""Deliberate imports that form a cycle, or go to the right: from one module, to another, and why."""


class Import(NamedTuple):
    """An import of a module by another."""

    module: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.imported}"


@cache
def modules() -> dict[str, Path]:
    """Every module of specc."""
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


@cache
def imports() -> tuple[Import, ...]:
    """Every import of a module of specc by another."""
    return tuple(found for name, path in modules().items() for found in imports_of(name, path.read_text("utf-8")))


def imports_of(name: str, text: str) -> Iterator[Import]:
    """What a module's text imports of specc."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            inside = (f"{node.module}.{it.name}" for it in node.names)
            imported = [it if it in modules() else node.module for it in inside]
        elif isinstance(node, ast.Import):
            imported = [it.name for it in node.names]
        else:
            continue
        for one in dict.fromkeys(imported):
            if one in modules() and one != name:
                yield Import(name, one, node.lineno)


def room(module: str) -> str:
    """The room of a module: the folder or the file in specc, "specc" of the package itself."""
    return module.split(".")[1] if "." in module else "specc"


def to_the_right(found: tuple[Import, ...]) -> list[str]:
    """The imports from rooms to the right, in words."""
    rightward = [it for it in found if PLACE[room(it.imported)] > PLACE[room(it.module)]]
    return [f"{it}, which is further to the right" for it in rightward if it[:2] not in EXCEPTIONS]


def cycles(found: tuple[Import, ...]) -> list[str]:
    """Cycles of modules, in words: one for each connected group."""
    graph = nx.DiGraph([it[:2] for it in found if it[:2] not in EXCEPTIONS])
    groups = [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return [
        f"{' -> '.join(start for start, _ in nx.find_cycle(graph, group[0]))} -> ... ({len(group)} modules in all)"
        for group in sorted(groups)
    ]


def test_every_room_has_a_place() -> None:
    assert {room(name) for name in modules()} == set(PLACE)


def test_imports_go_to_the_left() -> None:
    assert to_the_right(imports()) == []


def test_modules_import_without_cycles() -> None:
    assert cycles(imports()) == []


def test_exceptions_are_needed() -> None:
    assert set(EXCEPTIONS) <= {it[:2] for it in imports()}


@pytest.mark.parametrize("text", [
    "import specc.frontend.read",
    "from specc.frontend import read",
    "def f():\n    from specc.frontend.read import read_text",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from specc.frontend.read import read_text",
])  # fmt: skip
def test_every_form_of_import_is_seen(text: str) -> None:
    found = tuple(imports_of("specc.diagnostics.text", text))
    line = len(text.splitlines())
    assert to_the_right(found) == [
        f"specc.diagnostics.text:{line} imports specc.frontend.read, which is further to the right"
    ]
    back = Import("specc.frontend.read", "specc.diagnostics.text", 1)
    assert len(cycles((*found, back))) == 1


def test_the_architecture_shows_the_rooms() -> None:
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    assert "```text\n" + "".join(f"{'  '.join(rooms)}\n" for rooms in ROOMS) + "```\n" in page
