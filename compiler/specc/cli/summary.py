"""`specc summary`: the layers of specs in a table."""

from __future__ import annotations

import sys
from typing import Any, Unpack

import click

from specc.cli import specs
from specc.cli.options import FILE, Choices, form_option, format_option, spec_options
from specc.cli.problems import for_each, refusals
from specc.cli.terminal import columns


@click.command("summary")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--expand", is_flag=True, help="Show the layers inside block instances and nested models too.")
@form_option
@spec_options
@format_option("text", "json")
def command(files: tuple[str, ...], expand: bool, form: Any, format: str, **choices: Unpack[Choices]) -> None:
    """Show the layers of specs in a table.

    Each layer with its type, output shape, parameters and inputs. With --format json, prints one object per file, each on one line, block members and nested layers included.
    A folder means all .json, .yaml and .yml files in it, at any depth. For a file that only contains blocks, prints their names, with --format text.
    """

    def summarize(file: str) -> None:
        spec = specs.read(file, choices)
        names = specs.check_blocks(file, spec, choices, "text", sys.stderr)
        if names is not None:
            if format == "text" and not choices["quiet"]:
                specs.say_blocks(file, names, choices)
            return
        graph = specs.compile(spec, choices, "text", sys.stderr)
        from specc.backends import summary

        with refusals():
            graph = graph.in_form(form)
        if choices["quiet"]:
            return
        as_json = format == "json"
        click.echo(summary.as_json(graph) if as_json else summary.as_text(graph, expand, columns(sys.stdout)))

    for_each(specs.files(files, choices), summarize, "text", sys.stderr)
