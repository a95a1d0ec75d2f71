"""Command lines in processes of their own, to be killed, starved or run side by side, without an import of Keras for each.

A server imports Keras once, before TensorFlow has any threads, and forks itself for each command.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SERVER = r"""
import json, os, resource, signal, sys, zipfile
from specc.backends.keras_model import load_keras
load_keras()
from specc.cli import main

OPERATIONS = {"tempfile.mkdtemp", "os.mkdir", "open", "os.rename", "shutil.rmtree", "os.rmdir"}

def run(job):
    os.chdir(job["folder"])
    for number, path in ((0, os.devnull), (1, job["out"]), (2, job["err"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
    if job["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"],) * 2)
    if job["signal"]:
        sent_at(*job["signal"])
    sys.argv = ["specc", *job["arguments"]]
    main()

def sent_at(number, moment):
    "Send a signal to this process just before its nth operation on the temporary folder, or halfway through the writing."
    if moment == "writing":
        write = zipfile.ZipFile.writestr
        def interrupted(*arguments, **named):
            write(*arguments, **named)
            os.kill(os.getpid(), number)
        zipfile.ZipFile.writestr = interrupted
        return
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        if event in OPERATIONS and ".specc-" in str(arguments[0]):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), number)
    sys.addaudithook(hook)

print("ready", flush=True)
for line in sys.stdin:
    job = json.loads(line)
    if "wait" in job:
        print(os.waitstatus_to_exitcode(os.waitpid(job["wait"], 0)[1]), flush=True)
    elif child := os.fork():
        print(child, flush=True)
    else:
        break
if "wait" not in job and not child:
    run(job)
"""


class Done(NamedTuple):
    """How a command ended; a negative code is the signal that killed it."""

    code: int
    out: str
    err: str


class Running(NamedTuple):
    """A command that was started."""

    server: Apart
    pid: int
    printed: Path

    def done(self) -> Done:
        """Wait for its end."""
        code = int(self.server.ask(wait=self.pid))
        return Done(code, *(self.printed.with_suffix(suffix).read_text() for suffix in (".out", ".err")))


class Apart:
    """The server."""

    def __init__(self, process: subprocess.Popen[str], printed: Path) -> None:
        self.process = process
        self.printed = printed
        self.count = 0

    def ask(self, **job: object) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def start(
        self,
        folder: Path,
        *arguments: str,
        signal: tuple[int, int | str] | None = None,
        largest_file: int | None = None,
    ) -> Running:
        """Start ``specc``; with a signal that it gets at a moment, or with a bound for the files that it may write."""
        self.count += 1
        printed = self.printed / str(self.count)
        pid = self.ask(
            folder=str(folder),
            out=str(printed.with_suffix(".out")),
            err=str(printed.with_suffix(".err")),
            arguments=arguments,
            signal=signal,
            largest_file=largest_file,
        )
        return Running(self, int(pid), printed)


@contextmanager
def server(printed: Path) -> Iterator[Apart]:
    """A server; what its commands print is kept in a folder."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
    ) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) != "ready\n":
            assert line, "it ended before it was ready"
        yield Apart(process, printed)
        assert process.stdin is not None
        process.stdin.close()
