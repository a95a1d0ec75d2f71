"""Options that commands share: what their help says, what they take, and what a command gets."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from specc.backends.formats import written_by
from specc.cli import options
from tests.support.command import specc


@click.command()
@click.argument("file", type=options.FILE)
@options.output_options("build")
@options.format_option("text", "json")
@options.spec_options
@options.form_option
def example(**given: object) -> None:
    """Do something with a spec."""
    print(given)


HELP = """\
Usage: example [OPTIONS] FILE

  Do something with a spec.

  The ending of OUT selects the format:
    .keras   the model with its weights (the default)
    .json    Keras's architecture JSON
    .py      readable Keras source, which needs no specc
    .onnx    ONNX, if onnx and tf2onnx are installed
    folder/  a TensorFlow SavedModel; also without the /

Options:
  -o, --output OUT  Where to write; the ending selects the format, and - is standard output.
                    [default: <name>.keras]
  --to FORMAT       The format, if OUT has no such ending: keras, json, py, onnx, savedmodel.
  --format FORMAT   How to print it: text, json.  [default: text]
  --variant NAME    Use the values of one of the spec's variants.
  --set NAME=VALUE  Give a var another value, written as YAML. Can be repeated.
  --plugin MODULE   Import a module, or its file (./my_layers.py), with types of your own. Can be
                    repeated.
  --root FOLDER     The folder that included files must be in; default: the project's, or else the
                    spec's.
  --as NAME         The file that standard input (-) stands for, in messages and for what it
                    includes.
  --strict          Treat warnings as errors.
  -q, --quiet       Print only problems.
  --form FORM       functional: also for a chain of layers. sequential: only a chain is accepted.
                    [default: auto]
  --help            Show this message and exit.
"""


def run(*arguments: str) -> str:
    return CliRunner().invoke(example, arguments, terminal_width=100).output


# -- All of them -----------------------------------------------------------------------------------


def test_the_help() -> None:
    assert run("--help") == HELP


def test_nothing_given() -> None:
    assert eval(run("net.yaml")) == {
        "file": "net.yaml", "output": None, "to": None, "format": "text", "variant": None, "values": (), "plugins": (),
        "root": None, "named": None, "strict": False, "quiet": False, "form": "auto",
    }  # fmt: skip


def test_everything_given() -> None:
    arguments = "- -o x --to KERAS --format json --variant big --set a=1 --set b=[2] --plugin p --plugin q --root . --as a.yaml --strict -q"
    assert eval(run(*arguments.split(), "--form", "functional")) == {
        "file": "-", "output": "x", "to": "keras", "format": "json", "variant": "big", "values": ("a=1", "b=[2]"),
        "plugins": ("p", "q"), "root": ".", "named": "a.yaml", "strict": True, "quiet": True, "form": "functional",
    }  # fmt: skip


@pytest.mark.parametrize(("arguments", "error"), [
    ("--to svg", "Invalid value for '--to': 'svg' is not one of 'keras', 'json', 'py', 'onnx', 'savedmodel'."),
    ("--format yaml", "Invalid value for '--format': 'yaml' is not one of 'text', 'json'."),
    ("--form chain", "Invalid value for '--form': 'chain' is not one of 'auto', 'sequential', 'functional'."),
])  # fmt: skip
def test_a_choice_that_is_none(arguments: str, error: str) -> None:
    assert run("net.yaml", *arguments.split()).splitlines()[-1] == f"Error: {error}"


# -- In the commands -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["build", "graph"])
def test_the_help_of_a_command_says_what_it_writes(command: str) -> None:
    shown = " ".join(specc(command, "--help").out.split())
    formats = written_by(command)
    for format in formats:
        assert f"{'folder/' if format.is_folder else format.ending} {format.holds}" in shown
    assert f"[default: <name>{formats[0].ending}]" in shown


@pytest.mark.parametrize("command", [["check"], ["summary"], ["build", "-o", "out.py"], ["graph", "-o", "out.dot"]])
def test_quiet_prints_problems_only(folder: Path, command: list[str]) -> None:
    assert specc(command[0], "-q", "good.yaml", *command[1:], folder=folder) == (0, "", "")
    result = specc(command[0], "--quiet", "bad.yaml", *command[1:], folder=folder)
    assert (result.code, (result.out + result.err).count("error[unknown-layer]")) == (1, 1)
