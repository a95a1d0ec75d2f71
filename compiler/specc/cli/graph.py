"""`specc graph`: a spec's picture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Unpack

import click

from specc.cli import specs
from specc.cli.options import FILE, Choices, form_option, output_options, spec_options
from specc.cli.pictures import Command, picture_options
from specc.cli.problems import refusals
from specc.cli.terminal import printable, say_written

if TYPE_CHECKING:
    from specc.backends.pictures.options import Chosen


@click.command("graph", cls=Command)
@click.argument("file", type=FILE)
@output_options("graph")
@picture_options
@click.option(
    "--against",
    metavar="OLD",
    type=FILE,
    help="Draw what has changed since OLD, another spec. --variant and --set are for the new one.",
)
@click.option("--against-variant", metavar="NAME", help="The variant of OLD; without --against, of FILE.")
@form_option
@spec_options
def command(
    file: str,
    output: str | None,
    to: str | None,
    form: Any,
    picture: Chosen,
    against: str | None,
    against_variant: str | None,
    **choices: Unpack[Choices],
) -> None:
    """Draw a spec.

    The picture shows the layers with the arguments that shape the computation, their parameters, and the shapes between
    them. Blocks are open as far as everything can still be read; a block that repeats is one card "x N".
    """
    if file == against == "-":
        raise click.UsageError("standard input is one spec: give --against a file")
    spec = specs.read(file)
    graph = specs.compile(spec, choices, "text", sys.stderr)
    old = None
    if against is not None or against_variant is not None:
        old = specs.compile_older(spec if against in (None, file) else specs.read(against), against_variant)
    from specc.backends import emit

    said: list[str] = []
    with refusals():
        written = emit.draw(graph.in_form(form), output, to=to, against=old, say=said.append, **picture)
    say_written(written, choices["quiet"])
    if not choices["quiet"]:
        for line in said:
            click.echo(printable(line), err=True)
