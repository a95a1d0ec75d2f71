"""Every module can be imported by itself, whichever a user comes to first, and imports go in one direction."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "compiler" / "specc"

IMPORT_EACH = """
import os, sys
import click, networkx, pydantic, yaml  # what is not specc's is imported once for all

def alone(name):
    "Import a module in a process of its own; returns the modules that it needs."
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            __import__(name)
        except BaseException as error:
            print(f"{name}: {error}", flush=True)
        os.write(writing, " ".join(each for each in sys.modules if each.partition(".")[0] == "specc").encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        needed = set(pipe.read().split())
    os.wait()
    return needed

waiting, needs, tried = sys.argv[1:], {}, set()
while waiting:
    name = waiting.pop()
    if name in tried:
        continue
    tried.add(name)
    needs[name] = alone(name)
    waiting += needs[name] - tried
    # Modules that need none but modules that were tried, each as the first, are the same to all others.
    for name in [name for name in needs if needs[name] <= tried]:
        try:
            __import__(name)
        except BaseException:  # it was said
            pass
        del needs[name]
"""


def test_every_module_can_be_imported_by_itself() -> None:
    paths = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in paths]
    names = [name.removesuffix(".__init__") for name in names]
    assert "specc.source" in names
    done = subprocess.run([sys.executable, "-c", IMPORT_EACH, *names], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


# -- In which direction imports go -----------------------------------------------------------------

ROOMS = (
    ("budget", "source", "words"),
    ("diagnostics",),
    ("automatic_names", "dtypes", "expressions", "files", "keras_signatures", "reading", "shapes"),
    ("arguments",),
    ("calls",),
    ("layers", "objects", "operations", "plugins", "training"),
    ("frontend",),
    ("ir",),
    ("passes", "suggestions"),
    ("fixing", "pipeline"),
    ("backends",),
    ("__init__", "typed_graph"),
    ("cli",),
)
"""What stands further down may import what stands above it, and its own row; late imports and those for types too."""


def imports() -> Iterator[tuple[str, str]]:
    """Every import of one module of specc in another: names below the package, ``passes.infer`` and ``ir``."""
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "specc":
                below = (node.module or "").partition(".")[2]
                yield from ((module, below or alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (
                    (module, name.name.partition(".")[2]) for name in node.names if name.name.startswith("specc.")
                )


def test_imports_go_in_one_direction() -> None:
    row = {room: index for index, rooms in enumerate(ROOMS) for room in rooms}
    found = {(one.partition(".")[0], other.partition(".")[0]) for one, other in imports()}
    known = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert known <= set(row)
    names = {(one, other if other in row else "__init__") for one, other in found}  # `from specc import __version__`
    names -= {("layers", "passes")}  # AutomaticNames, which is on its way down
    assert sorted(f"{one} imports {other}" for one, other in names if row[other] > row[one]) == []
