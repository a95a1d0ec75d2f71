"""Whatever a spec says, it is answered within bounded time and memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = ("check", "check --format json", "summary --format json")
PARTS = len(COMMANDS)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_kind_of_growth_is_answered(part: int) -> None:
    """A part of a mebibyte of each kind, so that the suite stays quick; ``python -m tests.growing`` takes all of it."""
    command = COMMANDS[part]
    limits = [
        "--size",
        str(1 << 14),
        "--seconds",
        "2",
        "--mebibytes",
        "256",
        "--part",
        f"{part}/{PARTS}",
        "--command",
        command,
    ]
    done = subprocess.run([sys.executable, "-m", "tests.growing", *limits], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stdout.splitlines() if "WRONG" in line]
    assert (done.returncode, wrong) == (0, []), done.stderr
