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
from specc.files import STDOUT

if TYPE_CHECKING:
    from specc.backends.pictures.drawn import Drawn
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
@click.option(
    "--broken",
    is_flag=True,
    help="Draw a spec with errors as far as it is known, with the errors at their layers; the exit code is 0 then.",
)
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
    broken: bool,
    **choices: Unpack[Choices],
) -> None:
    """Draw a spec.

    The picture shows the layers with the arguments that shape the computation, their parameters, and the shapes between
    them. Blocks are open as far as everything can still be read; a block that repeats is one card "x N".
    """
    if file == against == "-":
        raise click.UsageError("standard input is one spec: give --against a file")
    if broken and (against is not None or against_variant is not None):
        raise click.UsageError("a change is drawn of specs without errors: choose --broken or --against")
    said: list[str] = []
    with refusals():
        drawn = _drawn(file, form, against, against_variant, broken, choices)
        from specc.backends import emit

        written = emit.draw(drawn, output, to=to, say=said.append, **picture)
    say_written(written, choices["quiet"])
    if not choices["quiet"]:
        for line in [*_summary(drawn, written), *said]:
            click.echo(printable(line), err=True)


def _drawn(
    file: str, form: Any, against: str | None, against_variant: str | None, broken: bool, choices: Choices
) -> Drawn:
    """What is to be drawn: the graph of a spec, the change to it, or what is known of it."""
    specs.need_stdin(choices, file, against)
    if broken:
        return specs.attempt(file, choices, sys.stderr)
    spec = specs.read(file, choices)
    graph = specs.compile(spec, choices, "text", sys.stderr).in_form(form)
    if against is None and against_variant is None:
        return graph
    from specc.alignment import align

    older = spec if against in (None, file) else specs.read(against or file, choices)
    return align(specs.compile_older(older, against_variant), graph)


def _summary(drawn: Drawn, written: str) -> list[str]:
    """A line about a change, unless it stands in what was printed."""
    from specc.alignment import Alignment
    from specc.backends.pictures.marked.change import summary

    return [summary(drawn)] if isinstance(drawn, Alignment) and written != STDOUT else []
