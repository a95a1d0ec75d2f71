"""`specc graph`, and what it shares with the other commands that write a file."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from specc.backends.pictures import render
from tests.support.command import process, specc

LONG = """
blocks: {unit: {inputs: [x], layers: [{type: Dense, units: 4, from: x}, {type: ReLU}, {type: Dense, name: y, units: 4}], outputs: [y]}}
name: long
layers: [{type: Input, name: x, shape: [4]}, {type: unit, name: unit, repeat: 40}]
"""


def test_a_picture(folder: Path) -> None:
    assert specc("graph", "good.yaml", "-o", "out.dot", folder=folder) == (0, "wrote out.dot\n", "")
    assert (folder / "out.dot").read_text().startswith("digraph")


def test_options_of_the_picture(folder: Path) -> None:
    assert specc("graph", "good.yaml", *"--format png --dpi 72 -o out.png".split(), folder=folder).code == 0
    width, height = struct.unpack(">II", (folder / "out.png").read_bytes()[16:24])
    assert 50 < width < height < 600
    specc("graph", "good.yaml", *"--format svg --direction right -o right.svg".split(), folder=folder)
    specc("graph", "good.yaml", *"-o down.svg".split(), folder=folder)
    assert (folder / "right.svg").read_text() != (folder / "down.svg").read_text()


def test_what_is_folded_is_said_beside_the_file(folder: Path) -> None:
    (folder / "long.yaml").write_text(LONG)
    written = specc("graph", "long.yaml", "--fold", folder=folder)
    assert (written.code, written.out) == (0, "wrote long.svg\n")
    assert written.err.startswith("folded: unit × 40 (--expand unit")  # noqa: RUF001
    assert len(written.err.splitlines()) == 1
    assert specc("graph", "long.yaml", "--fold", "-q", folder=folder) == (0, "", "")
    shown = specc("graph", "long.yaml", "--fold", "-o", "-", folder=folder)
    assert shown.out == (folder / "long.svg").read_text()
    assert shown.err == written.err
    opened = specc("graph", "long.yaml", "--fold", "--expand", "unit", "-o", "open.svg", folder=folder)
    assert opened == (0, "wrote open.svg\n", "")
    assert (folder / "open.svg").read_text().count("<g") > shown.out.count("<g")


def test_a_name_that_nothing_has(folder: Path) -> None:
    (folder / "long.yaml").write_text(LONG)
    result = specc("graph", "long.yaml", "--expand", "unt", folder=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "specc: error: no block, instance or nested model is named 'unt'; did you mean 'unit'?; names: unit, "
    )


def test_a_renderer_that_fails_is_an_error_in_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "bundle", lambda _: "const specc = { render() { throw new Error('no room') } };")
    assert specc("graph", "good.yaml", folder=folder) == (
        2,
        "",
        "specc: error: no picture of 3 nodes and 2 edges (Error: no room): "
        "fold blocks (depth 0), or write .dot or .mmd, which need no layout\n",
    )
    assert not (folder / "good.svg").exists()


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_pictures_go_to_a_pipe(folder: Path, format: str) -> None:
    done = process("graph", "good.yaml", "--to", format, "-o", "-", folder=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    specc("graph", "good.yaml", "-o", f"out.{format}", folder=folder)
    assert done.stdout == (folder / f"out.{format}").read_bytes()


def test_a_picture_needs_neither_keras_nor_tensorflow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "first").mkdir()
    for name in ("keras", "tensorflow"):
        (folder / "first" / f"{name}.py").write_text("raise SystemExit('imported')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder / "first"), *sys.path]))
    for target in ("out.svg", "out.png", "out.html"):
        done = process("graph", "good.yaml", "-o", target, folder=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"wrote {target}\n".encode(), b"")


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


CHANGING = """
name: digits
vars: {width: 2}
variants: {wide: {width: 4}}
layers: [{type: Input, name: x, shape: [8]}, {type: Dense, name: h, units: $width}, {type: Dense, name: y, units: 1}]
"""


def test_a_change(folder: Path) -> None:
    (folder / "new.yaml").write_text(CHANGING)
    (folder / "old.yaml").write_text(CHANGING.replace("name: h", "name: hidden"))
    written = specc("graph", "new.yaml", "--variant", "wide", "--against", "old.yaml", folder=folder)
    assert written == (0, "wrote digits.svg\n", "1 changed · 1 renamed · 21 → 41 parameters\n")
    assert "units 2 → 4" in (folder / "digits.svg").read_text()
    shown = specc("graph", "new.yaml", "--against-variant", "wide", "--format", "text", folder=folder)
    assert (shown.code, shown.err) == (0, "")
    assert "units 4 → 2" in shown.out
    for target in ("change.dot", "change.mmd"):
        specc("graph", "new.yaml", "--against-variant", "wide", "-o", target, folder=folder)
        assert "units 4 → 2" in (folder / target).read_text()


def test_no_change(folder: Path) -> None:
    (folder / "new.yaml").write_text(CHANGING)
    same = specc("graph", "new.yaml", "--against", "new.yaml", folder=folder)
    assert same.err == "no difference · 21 parameters\n"


@pytest.mark.parametrize(("options", "code", "error"), [
    ("--against old.yaml", 1, "unknown-layer"),
    ("--against none.yaml", 2, "cannot read none.yaml"),
    ("--against-variant tall", 1, "unknown-variant"),
])  # fmt: skip
def test_a_change_that_cannot_be_drawn(folder: Path, options: str, code: int, error: str) -> None:
    (folder / "new.yaml").write_text(CHANGING)
    (folder / "old.yaml").write_text("layers: [{type: Input, shape: [8]}, Dens]")
    result = specc("graph", "new.yaml", *options.split(), folder=folder)
    assert (result.code, result.out) == (code, "")
    assert error in result.err
    assert not (folder / "digits.svg").exists()


def test_two_specs_from_standard_input(folder: Path) -> None:
    result = specc("graph", "-", "--against", "-", folder=folder)
    assert result.code == 2
    assert "standard input is one spec" in result.err


def test_a_spec_with_errors(folder: Path) -> None:
    result = specc("graph", "--broken", "bad.yaml", "-o", "bad.svg", folder=folder)
    assert (result.code, result.out) == (0, "wrote bad.svg\n")
    assert result.err.startswith("error[unknown-layer]: ")
    assert "Dens" in (folder / "bad.svg").read_text()
    assert specc("graph", "--broken", "good.yaml", "-o", "good.svg", folder=folder) == (0, "wrote good.svg\n", "")


@pytest.mark.parametrize("text", ["layers: [", "layers: []", "name: 3"])
def test_a_spec_of_which_nothing_is_known(folder: Path, text: str) -> None:
    (folder / "none.yaml").write_text(text)
    result = specc("graph", "--broken", "none.yaml", folder=folder)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("none.yaml: no picture, as these errors leave no layers to draw\n\nerror[")


def test_no_change_of_a_spec_with_errors(folder: Path) -> None:
    result = specc("graph", "--broken", "bad.yaml", "--against", "good.yaml", folder=folder)
    assert result.code == 2
    assert "choose --broken or --against" in result.err
