"""The project that a spec belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from specc import project


def test_the_nearest_folder_with_a_table_of_specc(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert project.root_of(inside) is None
    (tmp_path / "pyproject.toml").write_text("[tool.specc]\n")
    assert project.root_of(inside) == tmp_path
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert project.root_of(inside) == tmp_path
    (inside / "pyproject.toml").write_text("[tool.specc]\nplugins = ['p']\n")
    assert project.root_of(inside) == inside
    assert project.settings(inside) == {"plugins": ["p"]}


@pytest.mark.parametrize("text", ["", "[tool", "tool = 3", "[tool]\nspecc = 3\n", "\xff"])
def test_what_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert project.settings(tmp_path) is None
