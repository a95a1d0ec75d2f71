"""`specc graph`, and what it shares with the other commands that write a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.command import specc


def test_a_picture(folder: Path) -> None:
    assert specc("graph", "good.yaml", "-o", "out.dot", folder=folder) == (0, "wrote out.dot\n", "")
    assert (folder / "out.dot").read_text().startswith("digraph")


def test_output_that_cannot_be_written(folder: Path) -> None:
    for target in ("missing/out.svg", "good.yaml/out.svg"):
        result = specc("graph", "good.yaml", "-o", target, folder=folder)
        assert (result.code, result.out) == (2, "")
        assert len(result.err.strip().splitlines()) <= 4
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "good.yaml"]


def test_the_file_on_standard_input_is_not_replaced(folder: Path) -> None:
    text = (folder / "good.yaml").read_text()
    with open(folder / "good.yaml", "rb") as opened:
        result = subprocess.run(
            [sys.executable, "-c", "from specc.cli import main; main()", "graph", "-", "--to", "svg", "-o", "./good.yaml"],
            cwd=folder, stdin=opened, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert (
        result.stderr == "specc: error: ./good.yaml is standard input, and would be replaced; write to another file\n"
    )
    assert (folder / "good.yaml").read_text() == text


def test_nothing_is_written_for_a_spec_with_errors(folder: Path) -> None:
    for command in (
        ["graph", "bad.yaml", "-o", "out.dot"],
        ["build", "bad.yaml", "-o", "out.keras"],
        ["summary", "bad.yaml"],
    ):
        result = specc(*command, folder=folder)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("error[unknown-layer]")
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "good.yaml"]
