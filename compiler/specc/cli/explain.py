"""`specc explain`: what an error code means."""

from __future__ import annotations

import sys

import click
from click.shell_completion import CompletionItem

from specc.cli.options import format_option
from specc.cli.terminal import columns, printable, say


class _Codes(click.ParamType[str]):
    """An error code, completed by the shell."""

    name = "code"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from specc.diagnostics import pages

        return [CompletionItem(code) for code in pages.codes() if code.startswith(incomplete)]


@click.command("explain")
@click.argument("code", type=_Codes(), required=False)
@format_option("text", "json")
def command(code: str | None, format: str) -> None:
    """Explain an error code, or list them.

    An explanation says what the error means, why it is one, and how to fix it, with an example. With --format json, prints one object per code, each on one line.
    """
    import json

    from specc.diagnostics import pages
    from specc.diagnostics.suggest import did_you_mean

    wanted = pages.codes() if code is None else [code.removeprefix("error[").removeprefix("warning[").removesuffix("]")]
    if pages.page(wanted[0]) is None:
        hint = did_you_mean(wanted[0], pages.codes()) or _as_type(wanted[0]) or "'specc explain' lists the codes"
        raise click.ClickException(f"there is no error code {printable(code or '')!r}; {hint}")
    if format == "json":
        for known in wanted:
            click.echo(json.dumps(pages.as_dict(known)))
    elif code is None:
        for known in wanted:
            say(f"{known:24}  {pages.title(known)}")
    else:
        text = pages.page(wanted[0]) or ""
        say(text if columns(sys.stdout) is None else pages.flowing(text))


def _as_type(name: str) -> str | None:
    """A help for a name that is not an error code but that of a layer or another object of Keras."""
    from specc.language import type_pages

    meant = type_pages.today(name)
    if meant is not None:
        return f"{meant} is the layer that others call that: 'specc layers {meant}' describes it"
    return f"'specc layers {printable(name)}' describes it" if type_pages.find(name) else None
