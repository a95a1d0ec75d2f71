"""`specc build`: a spec's Keras model, or its source."""

from __future__ import annotations

import gc
import sys
from typing import Any, Unpack

import click

from specc.cli import specs
from specc.cli.options import FILE, form_option, output_options, spec_options
from specc.cli.problems import refusals
from specc.cli.terminal import printable, say_written
from specc.cli.weights import Weights, given, weights_options


@click.command("build")
@click.argument("file", type=FILE)
@output_options("build")
@form_option
@click.option("--seed", metavar="N", type=click.IntRange(0, 2**32 - 1), help="Make the weights reproducible.")
@weights_options
@click.option(
    "--via",
    metavar="WAY",
    type=click.Choice(("native", "keras")),
    help="Let Keras write the file (keras), or insist that specc does (native).",
)
@click.option("--any-size", is_flag=True, help="Build even if the weights may not fit into memory.")
@spec_options
def command(
    file: str,
    output: str | None,
    to: str | None,
    form: Any,
    seed: int | None,
    via: Any,
    any_size: bool,
    **choices: Unpack[Weights],
) -> None:
    """Build the Keras model of a spec."""
    specs.need_stdin(choices, file)
    loaded = given(choices)
    graph = specs.compile(specs.read(file, choices), choices, "text", sys.stderr)
    from specc.backends import emit

    gc.enable()  # Keras makes a lot of garbage
    said: list[str] = []
    with refusals():
        written = emit.write(
            graph.in_form(form), output, to=to, seed=seed, weights=loaded, any_size=any_size, via=via, say=said.append
        )
    for line in said:
        click.echo(printable(line), err=True)
    say_written(written, choices["quiet"])
