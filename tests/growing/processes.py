"""A command on a text that grows, in a process of its own within limits."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import pkgutil
import resource
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple, NoReturn

import specc
from specc import cli
from tests.growing.repeating import KINDS


class Ended(NamedTuple):
    """How a command on a text ended."""

    name: str
    code: int
    """The exit code; a negative one is the signal that killed it."""
    seconds: float
    """Of the processor."""
    mebibytes: int
    """The most memory, that of a process that does nothing left out."""
    said: str

    @property
    def well(self) -> bool:
        """Whether it was answered: sound, or with errors."""
        return self.code in (0, 1)


def answered(name: str, size: int, seconds: int, mebibytes: int, *command: str) -> Ended:
    """Run a command on a text of a kind, in a fork of this process that may take so much and no more."""
    text = KINDS[name](size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "spec.json" if text.startswith('{"') else "spec.yaml")
        path.write_text(text, encoding="utf-8")
        said = Path(folder, "said")
        child = os.fork()
        if not child:
            _limited(path, said, seconds, mebibytes, command)
        _, status, used = os.wait4(child, 0)
        spent = used.ru_utime + used.ru_stime
        more = (used.ru_maxrss - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
        return Ended(name, os.waitstatus_to_exitcode(status), spent, max(0, more), said.read_text(errors="replace"))


def _limited(path: Path, said: Path, seconds: int, mebibytes: int, command: tuple[str, ...]) -> NoReturn:
    code = 70
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 1)
        os.dup2(out, 2)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + (mebibytes << 20),) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        gc.disable()  # as the command does
        code = cli.run([*command, str(path)])
        sys.stdout.flush()
    finally:
        os._exit(code)


def warm() -> None:
    """Import what commands import when they need it, so that the forks need not."""
    for module in pkgutil.walk_packages(specc.__path__, "specc."):
        importlib.import_module(module.name)
    importlib.import_module("networkx")
    root = Path(__file__).resolve().parents[2]
    with contextlib.redirect_stdout(io.StringIO()):
        for spec in sorted(root.glob("specs/*.*"))[:5]:
            cli.run(["check", str(spec)])
            cli.run(["summary", "--format", "json", str(spec)])
        for spec in sorted(root.glob("tests/invalid/unknown-*.yaml")):
            cli.run(["check", str(spec)])
            cli.run(["check", "--format", "json", str(spec)])
