"""Runs a command line of specc in this process."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import NamedTuple

from specc import cli


class Result(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def specc(*arguments: str, folder: Path | None = None) -> Result:
    """Run ``specc`` with those arguments, in that folder."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    try:
        if folder is not None:
            os.chdir(folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(list(arguments))
    finally:
        os.chdir(before)
    return Result(code, out.getvalue(), err.getvalue())
