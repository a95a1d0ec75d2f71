"""`specc layers`: the layer types and the other objects of Keras, listed or described."""

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
        from specc.language import type_pages

        return [CompletionItem(name) for name in type_pages.names() if name.lower().startswith(incomplete.lower())]


@click.command("layers")
@click.argument("type", type=_Types(), required=False)
@plugins_option
@format_option("text", "json")
def command(type: str | None, plugins: tuple[str, ...], format: str) -> None:
    """List the layer types, or describe one.

    A description has the type's arguments, ports, shape rule and an example. Optimizers, losses, metrics, initializers, regularizers, constraints,
    activations and learning rate schedules are listed and described, too. With --format json, prints one object per type, each on one line.
    """
    import json

    from specc.language import type_pages

    load_plugins(plugins)
    if type is None and format == "text":
        say(type_pages.overview())
        return
    found = list(type_pages.entries()) if type is None else type_pages.find(type)
    if not found:
        raise click.ClickException(printable(type_pages.unknown(type or "")))
    if format == "json":
        for entry in found:
            click.echo(json.dumps(type_pages.as_dict(entry)))
        return
    say("\n\n".join(type_pages.describe(entry, type or "") for entry in found))
    if type is not None and (meant := type_pages.today(type)) is not None:
        say(f"\nThe layer that others call {printable(type)} is {meant}: 'specc layers {meant}' describes it.")
