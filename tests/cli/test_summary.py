"""`specc summary`."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import specc


def test_the_table_of_a_file(folder: Path) -> None:
    assert specc("summary", "good.yaml", "--variant", "tiny", folder=folder) == (0, """\
good: sequential

 layer  type   output shape  parameters
 ──────────────────────────────────────
 x      Input  (None, 4)              0
 y      Dense  (None, 2)             10

parameters: 10 (40.00 B)
trainable: 10, not trainable: 0
""", "")  # fmt: skip


def test_as_data_it_names_its_file(folder: Path) -> None:
    (found,) = specc("summary", "good.yaml", "--format", "json", folder=folder).objects()
    assert (found["file"], found["name"], found["form"], found["params"]) == ("good.yaml", "good", "sequential", 40)
    assert found["layers"][1]["arguments"] == {"units": 8}
