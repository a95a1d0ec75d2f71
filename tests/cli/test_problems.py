"""No command can forget its exit code: it has none, and what stops it decides."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from specc.cli import options, problems, specs
from specc.cli.commands import COMMANDS
from tests.support.command import specc


@click.command()
@click.argument("files", nargs=-1)
@options.spec_options
def forgetful(files: tuple[str, ...], **choices: object) -> None:
    """Compile specs and care for nothing else."""
    for file in files:
        specs.compile(specs.read(file, choices), choices, "text", sys.stderr)  # type: ignore[arg-type]


@click.command()
@click.argument("files", nargs=-1)
@options.spec_options
def thorough(files: tuple[str, ...], **choices: object) -> None:
    """Read every spec, whatever is wrong with the others, and care for nothing else."""

    def read(file: str) -> None:
        print("read", specs.read(file, choices).document.source.name)  # type: ignore[arg-type]

    problems.for_each(files, read, "text", sys.stderr)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, command in (("forgetful", forgetful), ("thorough", thorough)):
        module = ModuleType(name)
        monkeypatch.setattr(module, "command", command, raising=False)
        monkeypatch.setitem(sys.modules, f"specc.cli.{name}", module)
        monkeypatch.setitem(COMMANDS, name, "")


def test_a_command_that_forgets_its_exit_code(folder: Path) -> None:
    assert specc("forgetful", "good.yaml", folder=folder) == (0, "", "")
    wrong = specc("forgetful", "good.yaml", "bad.yaml", folder=folder)
    assert (wrong.code, wrong.out, wrong.err.count("error[unknown-layer]")) == (1, "", 1)
    missing = specc("forgetful", "missing.yaml", folder=folder)
    assert (missing.code, missing.err) == (2, "specc: cannot read missing.yaml: No such file or directory\n")
    assert specc("forgetful", "good.yaml", "--set", "width", folder=folder).code == 2
    assert specc("forgetful", "good.yaml", "--plugin", "no_such_module", folder=folder).code == 2


def test_the_worst_of_many_files(folder: Path) -> None:
    (folder / "broken.yaml").write_text("layers: [")
    result = specc("thorough", "broken.yaml", "missing.yaml", "good.yaml", folder=folder)
    assert (result.code, result.out) == (2, "read good.yaml\n")
    assert "error[syntax]" in result.err
    assert specc("thorough", "broken.yaml", "good.yaml", folder=folder).code == 1
