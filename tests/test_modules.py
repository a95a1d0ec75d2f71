"""Every module can be imported by itself, whichever a user comes to first; and none is too large to read."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "compiler" / "specc"
LONGEST_FILE, LONGEST_FUNCTION = 450, 50
"""In lines."""

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


def test_no_file_and_no_function_is_too_long() -> None:
    long = [path.name for path in [*TESTS.rglob("*.py"), *PACKAGE.rglob("*.py")] if lines(path) > LONGEST_FILE]
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                long.append(f"{path.name}: {node.name}")
    assert long == []


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text().splitlines())
