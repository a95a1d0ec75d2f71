"""A command line from its start to its exit code: no traceback, and no import that it does not need."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import process, specc


@pytest.mark.parametrize("arguments", [["layers"], ["check", "good.yaml"], ["summary", "good.yaml"], ["explain"]])
def test_a_closed_pipe(folder: Path, arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        result = process(*arguments, folder=folder, stdout=write)
    finally:
        os.close(write)
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr
    assert result.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = process("schema", folder=folder, stdout=full.fileno())
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


def test_interrupted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("specc.pipeline.compile", interrupt)
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.out, result.err.strip()) == (130, "", "specc: interrupted")


_SAYS_THAT_IT_READS = """
import sys
from specc.cli import main

class Input:
    def __init__(self, stdin):
        self.buffer, self.stdin = self, stdin

    def read(self, *size):
        print("ready", file=sys.stderr, flush=True)
        return self.stdin.buffer.read(*size)

sys.stdin = Input(sys.stdin)
main()
"""


def test_interrupted_while_it_waits(folder: Path) -> None:
    command = [sys.executable, "-c", _SAYS_THAT_IT_READS, "check", "-"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stderr is not None
        while (line := running.stderr.readline()) != b"ready\n":
            assert line, "it ended before it read anything"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 130
        assert running.stderr.read().strip() == b"specc: interrupted"


def test_a_bug_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("\x1b[31m")

    monkeypatch.setattr("specc.pipeline.compile", fail)
    monkeypatch.delenv("SPECC_TRACEBACK", raising=False)
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("specc: this is a bug in specc, not in your spec: ZeroDivisionError: \\x1b[31m\n")
    monkeypatch.setenv("SPECC_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        specc("check", "good.yaml", folder=folder)


def test_no_keras_for_what_needs_none(folder: Path) -> None:
    commands = (
        "check good.yaml", "check bad.yaml", "summary good.yaml", "summary good.yaml --format json", "graph good.yaml -o out.dot",
        "graph good.yaml -o out.svg", "schema", "explain", "explain cycle", "layers Dense",
        "build good.yaml -o out.json", "import out.json",
    )  # fmt: skip
    code = (
        "import sys; from specc.cli import run\n"
        "for command in sys.argv[1:]:\n"
        "    run(command.split()); print('IMPORTED', sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *commands]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert result.stderr.splitlines() == ["IMPORTED []"] * len(commands)
