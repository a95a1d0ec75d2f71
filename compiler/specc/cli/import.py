"""`specc import`: the spec of a Keras model."""  # noqa: N999 - the name of the command

from __future__ import annotations

import click

from specc.cli import specs
from specc.cli.options import plugins_option
from specc.cli.problems import BUG, FilesFailed, refusals
from specc.cli.terminal import printable, say_written


@click.command("import")
@click.argument("model", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(),
    help="Where to write; the ending selects YAML or JSON, and - is standard output.  [default: standard output]",
)
@click.option("--flat", is_flag=True, help="Write every layer as an item of its own: fold no repeats.")
@click.option("--stub", is_flag=True, help="Leave a marked hole for each layer that is not one of Keras's.")
@plugins_option
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
def command(model: str, output: str | None, flat: bool, stub: bool, plugins: tuple[str, ...], quiet: bool) -> None:
    """Write the spec of a Keras model.

    MODEL is a .keras archive or the JSON of an architecture. It is read without Keras, and nothing in it is run. The spec is
    compiled and compared with the model before it is written. Its weights stay in their file: 'specc build spec.yaml
    --weights model.keras' puts them into the model that it builds.

    \b
    The ending of OUT selects the format:
      .yaml  YAML (the default); also .yml
      .json  JSON
    """
    from specc import files
    from specc.backends.formats import Format
    from specc.backends.targets import choose
    from specc.importing.pipeline import UnprovenError, import_file

    formats = tuple(Format(name, "source", "", "a spec", is_shown=True) for name in ("yaml", "yml", "json"))
    with refusals():
        target, format = choose(output, None, formats, "")
        specs.load_plugins(plugins)
        files.need_writable(target, [model])
    try:
        imported = import_file(model, "json" if format.name == "json" else "yaml", flat=flat, stub=stub)
    except UnprovenError as error:
        said = f"specc: {printable(str(error))}\nnothing was written; please report it, with the model's architecture"
        click.echo(said, err=True)
        raise FilesFailed(BUG) from None
    for note in imported.notes:
        click.echo(f"note: {printable(note)}", err=True)
    files.write_text(target, imported.text)
    say_written(target, quiet)
