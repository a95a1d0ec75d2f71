"""A folder with a sound spec and a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

GOOD = "vars: {width: 8}\nvariants: {tiny: {width: 2}}\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: $width}\n"
BAD = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dens, name: y, units: 1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path
