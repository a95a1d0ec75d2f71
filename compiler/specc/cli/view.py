"""`specc view`: pages of specs in a browser, drawn anew when a spec is saved."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Unpack

import click

from specc.cli import specs
from specc.cli.options import FILE, Choices, spec_options
from specc.cli.terminal import say, shown

if TYPE_CHECKING:
    from socket import socket

PORT = 8421


@click.command("view")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=f"The port; 0 for a free one.  [default: {PORT}, or a free one]",
)
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser, or only print its address.")
@spec_options
def command(files: tuple[str, ...], port: int | None, browser: bool, **choices: Unpack[Choices]) -> None:
    """Show specs in the browser, and follow their changes.

    The page is the one that 'specc graph -o model.html' writes, drawn anew whenever a spec is saved. A spec with errors
    is drawn as far as it is known, with the errors beside it. Only this computer can open the address. Ctrl-C ends it. A folder means all .json, .yaml and .yml files in
    it, at any depth.
    """
    if "-" in files:
        raise click.UsageError("standard input cannot be saved again; give a file")
    found = specs.files(files, choices)
    for file in found:
        if not os.path.exists(file):
            raise click.UsageError(f"there is no file {shown(file)}")
    from specc.viewer import server
    from specc.viewer.watched import watched_of

    specs.load_plugins(choices["plugins"])
    values = specs.values(choices["values"])
    watched = watched_of(found, choices["variant"], values, strict=choices["strict"], root=choices["root"])
    listening = _listen(port)
    address = server.address_of(listening)
    if not choices["quiet"]:
        say(f"{address} shows {', '.join(map(shown, found))}; Ctrl-C ends it")
    if browser:
        _open(address)
    with suppress(KeyboardInterrupt):  # as a user ends it
        server.serve(watched, listening)


def _listen(port: int | None) -> socket:
    from specc.viewer import server

    if port is not None:
        try:
            return server.listen(port)
        except OSError as error:
            raise click.ClickException(
                f"port {port}: {os.strerror(error.errno or 0)}; --port 0 takes a free one"
            ) from None
    try:
        return server.listen(PORT)
    except OSError:
        return server.listen(0)


def _open(address: str) -> None:
    """Open a browser. It may take a while, or there may be none: the address is printed in any case."""
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
