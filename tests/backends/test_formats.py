"""The table of formats: every one is written, and another one is a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from specc.backends.formats import FORMATS, Format
from tests.support.command import specc

BEGINS = {
    "keras": b"PK", "json": b"{\n", "py": b"# -*- coding: utf-8", "onnx": b"\x08", "svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF",
    "dot": b"digraph specc {", "mmd": b"---\ntitle: \"net\"\n", "text": b"net\n", "html": b"<!DOCTYPE html>",
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_is_written(tmp_path: Path, format: Format) -> None:
    (tmp_path / "net.yaml").write_text(
        "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
    )
    target = f"net{format.ending}"
    out = ["-o", target] if format.is_shown else []
    assert specc(format.command, "net.yaml", "--to", format.name, *out, folder=tmp_path) == (0, f"wrote {target}\n", "")
    if format.is_folder:
        assert (tmp_path / target / "saved_model.pb").is_file()
        return
    content = (tmp_path / target).read_bytes()
    assert content.startswith(BEGINS[format.name])
    assert format.is_text == (b"\0" not in content)


ANOTHER = """
import sys
from specc.backends import formats
formats.FORMATS += (formats.Format("txt", "source", "summary:as_text", "the table of layers"),)
from specc.cli import run
sys.exit(max(run(line.split()) for line in sys.argv[1:]))
"""


def test_another_format_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
    )
    commands = ("build --help", "build net.yaml -o net.txt", "build net.yaml -q --to txt -o -")
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER, *commands], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ".txt     the table of layers\n" in done.stdout
    assert done.stdout.endswith("wrote net.txt\n" + (tmp_path / "net.txt").read_text())


def test_a_package_that_is_missing() -> None:
    here = Format("txt", "source", "python.source:source", "a poem", ("json",), ("no_such_package", "nor_this"))
    with pytest.raises(
        ValueError,
        match=r"^writing a poem needs the packages no_such_package and nor_this: pip install 'specc-keras\[txt\]'$",
    ):
        here.load()
    assert here._replace(optional=()).load().__name__ == "source"
