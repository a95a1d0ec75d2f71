"""`specc schema`: the JSON Schema of the language."""

from __future__ import annotations

import click

from specc.cli.options import plugins_option
from specc.cli.problems import refusals
from specc.cli.specs import load_plugins
from specc.cli.terminal import say_written


@click.command("schema")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write it to a file that ends in .json.  [default: standard output]",
)
@plugins_option
def command(output: str | None, plugins: tuple[str, ...]) -> None:
    """Print the JSON Schema of the language.

    Editors use it for completion and checks. In VS Code, map it to your specs under json.schemas, or with the YAML extension under yaml.schemas; or begin a YAML spec
    with the line "# yaml-language-server: $schema=specc.schema.json".
    """
    from specc.language import json_schema

    load_plugins(plugins)
    text = json_schema.text()
    if output is None or output == "-":
        click.echo(text)
        return
    from specc.backends.formats import Format
    from specc.backends.targets import choose
    from specc.files import write_text

    schema = Format("json", "source", "", "the JSON Schema of the language")
    with refusals():
        choose(output, None, (schema,), "specc.schema")
        written = write_text(output, text + "\n")
    say_written(written)
