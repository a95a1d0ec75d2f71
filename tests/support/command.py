"""Runs a command line of specc in this process."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import NamedTuple

from specc import cli


class Out(io.TextIOWrapper):
    """Standard output, and whether it is a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


class Result(NamedTuple):
    """What a command printed, and its exit code; bytes that are no text stand in ``out`` as surrogates."""

    code: int
    out: str
    err: str


def specc(*arguments: str, folder: Path | None = None) -> Result:
    """Run ``specc`` with those arguments, in that folder."""
    out, err = Out(io.BytesIO(), "utf-8", newline=""), io.StringIO()
    before = Path.cwd()
    try:
        if folder is not None:
            os.chdir(folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(list(arguments))
    finally:
        os.chdir(before)
    out.flush()
    printed: bytes = out.buffer.getvalue()  # type: ignore[attr-defined]
    return Result(code, printed.decode("utf-8", "surrogateescape"), err.getvalue())
