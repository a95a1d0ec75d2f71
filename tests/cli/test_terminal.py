"""What commands print fits the terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from specc.cli.commands import COMMANDS
from specc.diagnostics.columns import width
from tests.support.command import specc


def test_help_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for command in ("", *COMMANDS):
        result = specc(*command.split(), "--help")
        assert [line for line in result.out.splitlines() if len(line) > 60 or line.endswith(" ...")] == []


@pytest.mark.parametrize("columns", [40, 60, 160])
def test_results_fit_the_terminal(folder: Path, columns: int) -> None:
    """In a terminal of its own: no line is longer, and no column is lost."""
    import fcntl
    import struct
    import termios

    (folder / "wide.yaml").write_text(
        "layers:\n  - {type: Input, name: 画像入力, shape: [28, 28, 1]}\n  - {type: Conv2D, name: 畳み込み, filters: 8, kernel_size: 3}\n"
        "  - {type: GlobalAveragePooling2D, name: mean}\n  - {type: Concatenate, name: 結合, from: [mean, 畳み込み]}\n"
    )
    (folder / "cut.yaml").write_text("\n".join((folder / "wide.yaml").read_text().split("\n")[:4]))
    commands = (
        "check wide.yaml",
        "check cut.yaml",
        "summary cut.yaml",
        "layers Conv2D",
        "layers",
        "explain",
        "explain cycle",
    )
    code = "import sys; from specc.cli import run\nfor command in sys.argv[1:]: run(command.split()); print('\\0')"
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = [sys.executable, "-c", code, *commands]
    with subprocess.Popen(process, cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs, env=environment):
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the end of a terminal's output
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r", "")
    *outputs, end = text.split("\0\n")
    assert end == ""
    for command, output in zip(commands, outputs, strict=True):
        lines = output.splitlines()
        assert lines, command
        too_long = [
            line for line in lines if width(line) > columns and " " in line.strip().removeprefix("see ").strip()
        ]
        assert too_long == [], command
        if command.startswith("summary"):
            for word in ("GlobalAveragePooling2D", "(None, 26, 26, 8)", "80", "画像入力"):
                assert word in "".join(lines)
