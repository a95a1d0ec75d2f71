"""`specc check`: what is wrong with specs."""

from __future__ import annotations

import sys
from typing import Unpack

import click

from specc.cli import specs
from specc.cli.options import FILE, Choices, format_option, spec_options
from specc.cli.problems import for_each
from specc.cli.terminal import printable, say


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--fix", is_flag=True, help="Make the fixes that are certain, after showing them and asking.")
@click.option("--yes", is_flag=True, help="With --fix: do not ask.")
@spec_options
@format_option("text", "json", "github")
def command(files: tuple[str, ...], format: str, fix: bool, yes: bool, **choices: Unpack[Choices]) -> None:
    """Check specs, without TensorFlow.

    Prints one line for each correct spec: its form, inputs, outputs, layers and parameters. For the others, prints every
    error with its place, its cause and what to do; for details run 'specc explain CODE'. A folder means all .json,
    .yaml and .yml files in it, at any depth.
    """
    if fix and "-" in files:
        raise click.UsageError("standard input cannot be fixed; give a file")

    def check(file: str) -> None:
        if fix:
            _fix(file, choices, yes)
        _check(file, choices, format)

    for_each(specs.files(files, choices), check, format, sys.stdout)


def _check(file: str, choices: Choices, format: str) -> None:
    is_told = format == "text" and not choices["quiet"]
    spec = specs.read(file, choices)
    names = specs.check_blocks(file, spec, choices, format, sys.stdout)
    if names is not None:
        if is_told:
            specs.say_blocks(file, names, choices)
        return
    graph = specs.compile(spec, choices, format, sys.stdout)
    if is_told:
        from specc.backends import summary

        say(f"{specs.called(file, choices)}: {summary.one_line(graph)}")


def _fix(file: str, choices: Choices, yes: bool) -> None:
    """Show the certain fixes of a file and make them, if confirmed."""
    from specc import fixing
    from specc.passes.vars import Settings
    from specc.words import count_of

    specs.load_plugins(choices["plugins"])
    fixed = fixing.fix_file(file, Settings(choices["variant"], specs.values(choices["values"])), choices["root"])
    if not fixed.count:
        return
    click.echo(fixed.diff(printable(file)), err=True)
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("--fix asks before it writes; without a terminal add --yes")
    if yes or click.confirm(f"write {printable(file)}?", err=True):
        fixing.write(file, fixed)
        click.echo(f"fixed {count_of(fixed.count, 'place')} in {printable(file)}", err=True)
