"""`specc graph`: a spec's picture."""

from __future__ import annotations

import sys
from typing import Any, Unpack

import click

from specc.backends.formats import MOST_READABLE
from specc.cli import specs
from specc.cli.options import FILE, Choices, form_option, output_options, spec_options
from specc.cli.problems import refusals
from specc.cli.terminal import say_written


@click.command("graph")
@click.argument("file", type=FILE)
@output_options("graph")
@click.option(
    "--direction",
    type=click.Choice(["down", "right"]),
    default="down",
    show_default=True,
    help="The direction of the graph.",
)
@click.option(
    "--expand/--fold",
    default=None,
    help="Show block instances and nested models with their layers, or as one box each.  "
    f"[default: one box each, from {MOST_READABLE} layers on]",
)
@form_option
@spec_options
def command(
    file: str,
    output: str | None,
    to: str | None,
    direction: str,
    expand: bool | None,
    form: Any,
    **choices: Unpack[Choices],
) -> None:
    """Draw a spec.

    The picture shows the layers with their main arguments and parameters, and the shapes between them. A system-wide Graphviz is not needed.
    """
    graph = specs.compile(specs.read(file), choices, "text", sys.stderr)
    from specc.backends import emit

    with refusals():
        written = emit.draw(graph.in_form(form), output, to=to, direction=direction, expand=expand)
    say_written(written, choices["quiet"])
