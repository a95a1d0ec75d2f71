"""What comes from outside: files that are none, folders that are not the spec's, surroundings that want to change the result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import specc
from specc.frontend import read

SPEC = "layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: y, units: 2}]"
BACKWARDS = "layers: [{type: Dense, name: y, units: 2, from: x}, {type: Input, name: x, shape: [3]}]"
BLOCKS = "blocks: {b: {inputs: [x], layers: [{type: ReLU, name: r}], outputs: [r]}}"


def including(name: str) -> str:
    return f"include: [{name}]\nlayers: [{{type: Input, name: x, shape: [3]}}, {{type: b, name: z}}]"


def codes(path: Path) -> list[str]:
    return [diagnostic.code for diagnostic in specc.check(path)]


def test_an_included_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "spec.yaml").write_text(including("pipe.yaml"))
    assert codes(tmp_path / "spec.yaml") == ["include"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text(BLOCKS)
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "spec.yaml").write_text(including("link.yaml"))
    assert codes(folder / "spec.yaml") == ["include"]


def test_a_file_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_FILE", 1 << 20)
    with pytest.raises(specc.UnreadableError, match="larger than"):
        specc.check("/dev/zero")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_and_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(SPEC.replace(", {", ",\r\n {").encode(encoding))
    assert specc.compile(path).params == 8


def specc_command(
    folder: Path, *arguments: str, stdout: int | None = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("specc")
    return subprocess.run(
        [command, *arguments], cwd=folder, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )


def test_modules_in_the_working_folder_are_not_imported(tmp_path: Path) -> None:
    for module in ("networkx", "yaml", "pydantic", "json"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit(7)")
    (tmp_path / "spec.yaml").write_text(BACKWARDS)  # its order is networkx's to find
    done = specc_command(tmp_path, "check", "spec.yaml")
    assert (done.returncode, done.stdout) == (
        0,
        "spec.yaml: Sequential, x (None, 3) -> y (None, 2), 1 layer, 8 parameters\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    with open("/dev/full", "w") as full:
        done = specc_command(tmp_path, "check", "spec.yaml", stdout=full.fileno())
    assert (done.returncode, done.stderr) == (2, "specc: error: No space left on device\n")


def test_a_link_at_the_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "old.txt").write_text("old")
    (tmp_path / "model.py").symlink_to(tmp_path / "old.txt")
    assert specc_command(tmp_path, "build", "spec.yaml", "-o", "model.py").returncode == 0
    assert (tmp_path / "old.txt").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "old.txt", "spec.yaml"]
