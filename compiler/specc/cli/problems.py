"""What stops a command: shown, and turned into its exit code.

A command raises what stops it, and `specc.cli.run` shows it. A command that takes several files processes them with
`for_each`, which shows what stops each and raises `FilesFailed` at the end. So no command can forget its exit code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import IO, TYPE_CHECKING

import click

from specc.cli.terminal import columns, printable

if TYPE_CHECKING:
    from specc.diagnostics import CompileError, Diagnostic
    from specc.frontend.read import UnreadableError

DONE, ERRORS, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit codes."""


class FilesFailed(Exception):
    """Some files of a command have problems, which have been shown; ``code`` is the worst of their exit codes."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def for_each(files: Iterable[str], do: Callable[[str], None], format: str, stream: IO[str]) -> None:
    """Do something with each file, even if others fail. FilesFailed at the end, if any did."""
    from specc.diagnostics import CompileError
    from specc.frontend.read import UnreadableError

    worst = DONE
    for file in files:
        try:
            do(file)
        except (CompileError, UnreadableError) as problem:
            worst = max(worst, show(problem, format, stream))
    if worst != DONE:
        raise FilesFailed(worst)


def show(problem: CompileError | UnreadableError, format: str, stream: IO[str]) -> int:
    """Print what is wrong with a file; returns the exit code.

    An unreadable file is not a finding about a spec: it is reported on standard error, for a person.
    """
    from specc.diagnostics import CompileError

    if isinstance(problem, CompileError):
        show_diagnostics(problem.diagnostics, format, stream)
        return ERRORS
    if format == "text":
        print(f"specc: {printable(str(problem))}", file=sys.stderr)
    else:
        show_diagnostics([problem.diagnostic()], format, stream)
    return USAGE


def show_diagnostics(diagnostics: list[Diagnostic], format: str, stream: IO[str]) -> None:
    """Print findings with the renderer of that name in `specc.diagnostics`."""
    if not diagnostics:
        return
    renderer = import_module(f"specc.diagnostics.{format}")
    if format == "text":
        color = stream.isatty() and "NO_COLOR" not in os.environ
        print(renderer.render(diagnostics, color=color, columns=columns(stream)) + "\n", file=stream)
    else:
        print(renderer.render(diagnostics), file=stream)


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be done with a valid spec: wrong usage, or a result that cannot be made."""
    try:
        yield
    except (ValueError, MemoryError) as error:
        raise click.ClickException(printable(str(error))) from None
