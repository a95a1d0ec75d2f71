"""``specc check --fix``: the certain fixes are made, whole or not at all; nothing else changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.support.command import specc

OLD = """# my network
layers:
  - {type: Input, name: x, shape: (8,)}   # eight numbers
  - Linear: {out_features: 4}
  - {type: Dense, name: y, units: 1, W_regularizer: l2, init: he_norml}
"""
NEW = """# my network
layers:
  - {type: Input, name: x, shape: [8]}   # eight numbers
  - {type: Dense, units: 4}
  - {type: Dense, name: y, units: 1, kernel_regularizer: l2, kernel_initializer: he_normal}
"""


def test_fixes_are_shown_and_made(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(OLD)
    file.chmod(0o640)
    result = specc("check", "--fix", "--yes", "net.yaml", folder=tmp_path)
    assert file.read_text() == NEW
    assert file.stat().st_mode & 0o777 == 0o640
    assert (result.code, result.out.splitlines()[0][:10]) == (0, "net.yaml: ")
    assert "\n-  - Linear: {out_features: 4}\n" in result.err
    assert "\n+  - {type: Dense, units: 4}\n" in result.err
    assert result.err.endswith("places in net.yaml\n")
    assert os.listdir(tmp_path) == ["net.yaml"]


def test_without_a_terminal_nothing_is_written_unasked(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(OLD)
    result = specc("check", "--fix", "net.yaml", folder=tmp_path)
    assert (result.code, file.read_text()) == (2, OLD)
    assert "add --yes" in result.err


def test_standard_input_is_refused() -> None:
    assert specc("check", "--fix", "-").code == 2


def test_line_ends_and_byte_order_marks_stay(tmp_path: Path) -> None:
    for name, encoding in (("a.yaml", "utf-8-sig"), ("b.yaml", "utf-16"), ("c.yaml", "utf-8")):
        file = tmp_path / name
        file.write_bytes(OLD.replace("\n", "\r\n").encode(encoding))
        specc("check", "--fix", "--yes", name, folder=tmp_path)
        assert file.read_bytes() == NEW.replace("\n", "\r\n").encode(encoding)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(OLD)
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    specc("check", "--fix", "--yes", "link.yaml", folder=tmp_path)
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == NEW


def test_a_sound_spec_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(NEW)
    before = file.stat().st_mtime_ns
    assert specc("check", "--fix", "--yes", "net.yaml", folder=tmp_path).err == ""
    assert file.stat().st_mtime_ns == before


def test_what_is_not_certain_is_left_and_said(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text('{"layers": [{"type": "Dense", "units": 1, "input_shape": [3],}]}')
    result = specc("check", "--fix", "--yes", "net.json", folder=tmp_path)
    assert json.loads((tmp_path / "net.json").read_text())["layers"][0]["input_shape"] == [3]
    assert result.code == 1
    assert "an Input item above has the shape" in result.out
