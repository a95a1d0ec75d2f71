"""`specc summary`."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import specc


def test_a_summary_names_its_file(folder: Path) -> None:
    (found,) = specc("summary", "good.yaml", "--format", "json", folder=folder).objects()
    assert (found["file"], found["name"]) == ("good.yaml", "good")
    assert found["layers"][1]["arguments"] == {"units": 8}
