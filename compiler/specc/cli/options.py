"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from typing import Any, TypedDict

import click

from specc.backends.formats import listed, written_by

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE = click.Path(allow_dash=True)


class Choices(TypedDict):
    """What the user chooses for a compilation: the values of `spec_options`."""

    variant: str | None
    values: tuple[str, ...]
    plugins: tuple[str, ...]
    root: str | None
    named: str | None
    strict: bool
    quiet: bool


plugins_option = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="MODULE",
    help="Import a module, or its file (./my_layers.py), with types of your own. Can be repeated.",
)

form_option = click.option(
    "--form",
    type=click.Choice(["auto", "sequential", "functional"]),
    default="auto",
    show_default=True,
    metavar="FORM",
    help="functional: also for a chain of layers. sequential: only a chain is accepted.",
)


def spec_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that compiles a spec takes: `Choices`."""
    options = [
        click.option("--variant", metavar="NAME", help="Use the values of one of the spec's variants."),
        click.option(
            "--set",
            "values",
            multiple=True,
            metavar="NAME=VALUE",
            help="Give a var another value, written as YAML. Can be repeated.",
        ),
        plugins_option,
        click.option(
            "--root",
            metavar="FOLDER",
            type=click.Path(exists=True, file_okay=False),
            help="The folder that included files must be in; default: the project's, or else the spec's.",
        ),
        click.option(
            "--as",
            "named",
            metavar="NAME",
            help="The file that standard input (-) stands for, in messages and for what it includes.",
        ),
        click.option("--strict", is_flag=True, help="Treat warnings as errors."),
        click.option("-q", "--quiet", is_flag=True, help="Print only problems."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def format_option(*choices: str) -> Decorator:
    """How the result is printed; the first choice is the default."""
    return click.option(
        "--format",
        "format",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        metavar="FORMAT",
        help=f"How to print it: {', '.join(choices)}.",
    )


def output_options(command_name: str) -> Decorator:
    """Where the result goes, and which of the command's formats it has; the formats are described in the help."""
    formats = written_by(command_name)
    names = [format.name for format in formats]
    flags = ("--to", "--format", "to") if command_name == "graph" else ("--to",)

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            *flags,
            metavar="FORMAT",
            type=click.Choice(names, case_sensitive=False),
            help=f"The format, if OUT has no such ending: {', '.join(names)}.",
        )(command)
        endings = "".join(f"\n  {line}" for line in listed(formats))
        command.__doc__ = f"{cleandoc(command.__doc__ or '')}\n\n\b\nThe ending of OUT selects the format:{endings}"
        return click.option(
            "-o",
            "--output",
            metavar="OUT",
            type=click.Path(),
            help=f"Where to write; the ending selects the format, and - is standard output.  [default: <name>{formats[0].ending}]",
        )(command)

    return add
