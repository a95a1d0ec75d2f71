"""Prints results so that they fit the terminal, and are safe to show."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import IO

import click


def printable(text: str) -> str:
    """`specc.diagnostics.text_safety.printable`."""
    from specc.diagnostics import text_safety

    return text_safety.printable(text)


def say(text: str) -> None:
    """Print a result, wrapped between words on a terminal."""
    from specc.diagnostics.columns import fit

    click.echo(fit(text, columns(sys.stdout)))


def say_written(target: str, quiet: bool = False) -> None:
    """Print the name of the file that was written; standard output has only the result."""
    if target != "-" and not quiet:
        click.echo(f"wrote {printable(target)}")


def columns(stream: IO[str]) -> int | None:
    """The width of the terminal that a stream is shown on; None if it is not a terminal."""
    return get_terminal_size().columns if stream.isatty() else None


def shown(file: str) -> str:
    """The name of a file that was read."""
    return "<stdin>" if file == "-" else printable(file)
