"""Runs a command line of specc, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

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

    def objects(self) -> list[dict[str, Any]]:
        """What it printed for a program: JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


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


def process(
    *arguments: str, folder: Path, stdin: bytes = b"", stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """Run ``specc`` in a process of its own, for what a process has: its streams, signals and imports."""
    command = [sys.executable, "-c", "from specc.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=folder, input=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=60
    )
