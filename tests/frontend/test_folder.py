"""Which files of a folder are specs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from specc.frontend.folder import holds_blocks_only, specs_in


def test_specs_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.yml",
        "a.JSON",
        "notes.txt",
        ".hidden.yaml",
        "z/inner/c.yaml",
        "z-1.yaml",
        ".git/d.yaml",
        "elsewhere/e.yaml",
    ):
        Path("specs", name).parent.mkdir(parents=True, exist_ok=True)
        Path("specs", name).touch()
    Path("elsewhere").mkdir()
    Path("elsewhere/f.yaml").touch()
    os.symlink(tmp_path / "elsewhere", "specs/link")
    found = ["a.JSON", "b.yml", "elsewhere/e.yaml", "z/inner/c.yaml", "z-1.yaml"]
    assert [Path(path).as_posix() for path in specs_in("specs")] == [f"specs/{name}" for name in found]
    assert specs_in("no-folder") == []


@pytest.mark.parametrize(("data", "holds"), [
    ({"blocks": {}}, True),
    ({"blocks": {}, "layers": []}, False),
    ({"vars": {}}, False),
    (None, False),
])  # fmt: skip
def test_a_file_of_blocks(data: object, holds: bool) -> None:
    assert holds_blocks_only(data) == holds
