"""`specc layers`: the layer types, the other objects of Keras and specc's own blocks, listed or described."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from specc.cli.options import format_option, plugins_option
from specc.cli.specs import load_plugins
from specc.cli.terminal import printable, say


class _Types(click.ParamType[str]):
    """A layer type or an object of Keras, completed by the shell."""

    name = "type"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from specc.frontend import std
        from specc.language import type_pages

        names = [*type_pages.names(), *std.names(), *std.blocks()]
        return [CompletionItem(name) for name in names if name.lower().startswith(incomplete.lower())]


@click.command("layers")
@click.argument("type", type=_Types(), required=False)
@click.option("--source", is_flag=True, help="Print one of specc's own blocks as YAML, to copy it.")
@plugins_option
@format_option("text", "json")
def command(type: str | None, source: bool, plugins: tuple[str, ...], format: str) -> None:
    """List the layer types, or describe one.

    A description has the type's arguments, ports, shape rule and an example. Optimizers, losses, metrics, initializers, regularizers, constraints,
    activations and learning rate schedules are listed and described, too, and so are specc's own blocks: 'specc layers std/parameters' lists those of a
    file. With --format json, prints one object per type, each on one line.
    """
    import json

    from specc.language import std_pages, type_pages

    load_plugins(plugins)
    if source:
        say(_source(type))
        return
    if type is None and format == "text":
        say(type_pages.overview())
        return
    blocks = std_pages.named(type)
    found = list(type_pages.entries()) if type is None else type_pages.find(type)
    if not found and not blocks:
        raise click.ClickException(printable(type_pages.unknown(type or "")))
    if format == "json":
        for entry in (*map(type_pages.as_dict, found), *map(std_pages.as_dict, blocks)):
            click.echo(json.dumps(entry))
        return
    if type in std_pages.groups():
        say(std_pages.listed(type))
        return
    say("\n\n".join([*(type_pages.describe(it, type or "") for it in found), *map(std_pages.describe, blocks)]))
    if type is not None and (meant := type_pages.today(type)) is not None:
        say(f"\nThe layer that others call {printable(type)} is {meant}: 'specc layers {meant}' describes it.")


def _source(type: str | None) -> str:
    """One of specc's own blocks as it is written."""
    from specc.language import std_pages, type_pages

    block = None if type is None else std_pages.find(type)
    if block is not None:
        return std_pages.source(block)
    if type is None or type in std_pages.groups():
        raise click.ClickException("--source prints one block: name it, as in 'specc layers layer_scale --source'")
    if type_pages.find(type):
        raise click.ClickException(
            f"{printable(type)} is Keras's own; --source prints blocks, which 'specc layers' lists"
        )
    raise click.ClickException(printable(type_pages.unknown(type)))
