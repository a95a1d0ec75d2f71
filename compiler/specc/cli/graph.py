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
@form_option
@spec_options
def command(
    file: str, output: str | None, to: str | None, form: Any, picture: Chosen, **choices: Unpack[Choices]
) -> None:
    """Draw a spec.

    The picture shows the layers with the arguments that shape the computation, their parameters, and the shapes between
    them. Blocks are open as far as everything can still be read; a block that repeats is one card "x N".
    """
    graph = specs.compile(specs.read(file), choices, "text", sys.stderr)
    from specc.backends import emit

    said: list[str] = []
    with refusals():
        written = emit.draw(graph.in_form(form), output, to=to, say=said.append, **picture)
    say_written(written, choices["quiet"])
    if not choices["quiet"]:
        for line in said:
            click.echo(printable(line), err=True)
