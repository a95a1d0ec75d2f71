"""The specs that a command line names: files and folders, and which of their warnings count."""

from __future__ import annotations

import io
import json
import sys
from functools import partial
from pathlib import Path

import pytest

import specc as api
from tests.support.command import Result, specc
from tests.support.warned import BLOCKS, SPEC, WARNED


@pytest.mark.parametrize("command", [["check"], ["build", "-o", "out.json"], ["graph", "-o", "out.dot"], ["summary"]])
def test_strict_makes_warnings_count(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "warned.yaml").write_text(SPEC % (WARNED % ""))
    (tmp_path / "sound.yaml").write_text(SPEC % (WARNED % ", allow: [name-for-tensorflow]"))
    lenient = specc(command[0], "warned.yaml", *command[1:], folder=tmp_path)
    assert lenient.code == 0
    assert (lenient.out + lenient.err).count("warning[name-for-tensorflow]") == 1
    for path in tmp_path.glob("out.*"):
        path.unlink()
    strict = specc(command[0], "warned.yaml", *command[1:], "--strict", folder=tmp_path)
    assert strict.code == 1
    assert (strict.out + strict.err).count("warning[name-for-tensorflow]") == 1
    assert list(tmp_path.glob("out.*")) == []
    assert specc(command[0], "sound.yaml", *command[1:], "--strict", folder=tmp_path).code == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of specs: sound ones in it and below it, a file of blocks, and hidden ones that are wrong."""
    for name in ("specs/blocks", "specs/.git", "specs/a", "empty"):
        (tmp_path / name).mkdir(parents=True)
    sound = SPEC % "{type: Dense, name: y, units: 1}"
    for name in ("z.yaml", "a/b.YML", "c.json"):
        (tmp_path / "specs" / name).write_text(
            json.dumps(api.Spec.from_text(sound).document.data) if name == "c.json" else sound
        )
    for name in (".git/no.yaml", ".no.yaml", "a/no.txt"):
        (tmp_path / "specs" / name).write_text("no: spec")
    return tmp_path


def test_a_folder_is_all_specs_in_it(folder: Path) -> None:
    expected = ["specs/a/b.YML", "specs/c.json", "specs/z.yaml"]
    result = specc("check", "specs", folder=folder)
    assert (result.code, [line.split(": ")[0] for line in result.out.splitlines()]) == (0, expected)
    result = specc("summary", "--format", "json", "specs/", folder=folder)
    assert (result.code, len(result.out.splitlines())) == (0, 3)
    assert specc("check", "-q", "specs", "specs/c.json", folder=folder) == (0, "", "")


def test_the_worst_of_a_folder_is_the_answer(folder: Path) -> None:
    (folder / "specs" / "b.yaml").write_text(SPEC % "{type: Dens, name: y}")
    result = specc("check", "--quiet", "specs", folder=folder)
    assert result.code == 1
    assert result.out.count("error[") == 1
    assert " --> specs/b.yaml:3:12\n" in result.out


def test_summary_leaves_out_files_of_blocks(folder: Path) -> None:
    (folder / "specs" / "blocks" / "b.yaml").write_text(BLOCKS % ("", WARNED % ""))
    result = specc("summary", "--format", "json", "specs", folder=folder)
    assert (result.code, len(result.out.splitlines())) == (0, 3)
    assert result.err.count("warning[name-for-tensorflow]") == 0
    assert "specs/blocks/b.yaml: blocks, 1 block (head)\n" in specc("summary", "specs", folder=folder).out


def test_a_folder_without_specs_is_an_error(folder: Path) -> None:
    message = "specc: error: empty: the folder has no specs (.json, .yaml or .yml files)\n"
    assert specc("check", "empty", folder=folder) == (2, "", message)
    assert specc("check", "missing", folder=folder).code == 2


@pytest.mark.parametrize("command", ["check", "summary", "build", "graph"])
def test_a_saved_model_is_no_spec(tmp_path: Path, command: str) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").touch()
    result = specc(command, "saved", folder=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("specc: cannot read saved: it is a TensorFlow SavedModel, not a spec; ")


# -- Standard input, and what it includes ----------------------------------------------------------

INCLUDING = "include: [../b.yaml]\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: %s, name: y}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file of blocks at its top, which a spec below it may include."""
    (tmp_path / "nets").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.specc]\n")
    (tmp_path / "b.yaml").write_text(
        "blocks:\n  b:\n    inputs: [x]\n    layers:\n      - {type: Dense, name: out, units: 2}\n    outputs: [out]\n"
    )
    (tmp_path / "nets" / "a.yaml").write_text(INCLUDING % "b")
    return tmp_path


def piped(folder: Path, text: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return specc(*arguments, folder=folder)


def test_standard_input_has_the_name_of_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = partial(piped, project, monkeypatch=monkeypatch)
    assert run(INCLUDING % "b", "check", "-").code == 1
    sound = run(INCLUDING % "b", "check", "-", "--as", "nets/a.yaml")
    assert sound == (0, "nets/a.yaml: Sequential, x (None, 4) -> y (None, 2), 1 layer, 10 parameters\n", "")
    wrong = run(INCLUDING % "c", "check", "-", "--as", "nets/a.yaml")
    assert " --> nets/a.yaml:4:12\n" in wrong.out
    assert (
        json.loads(run(INCLUDING % "b", "summary", "-", "--as", "nets/a.yaml", "--format", "json").out)["name"] == "a"
    )
    changed = run(
        INCLUDING % "b", "graph", "nets/a.yaml", "--against", "-", "--as", "nets/a.yaml", "-o", "-", "--to", "mmd"
    )
    assert changed.code == 0
    blocks = run((project / "b.yaml").read_text(), "check", "-", "--as", "b.yaml")
    assert blocks.out == "b.yaml: blocks, 1 block (b)\n"


@pytest.mark.parametrize("command", [["check"], ["summary"], ["build"], ["graph"]])
def test_a_name_for_standard_input_needs_that(project: Path, command: list[str]) -> None:
    found = specc(*command, "nets/a.yaml", "--as", "x.yaml", folder=project)
    assert (found.code, found.out) == (2, "")
    assert "--as names what is read from standard input: give - as the file" in found.err


@pytest.mark.parametrize(
    "command", [["check"], ["check", "--fix", "--yes"], ["summary"], ["graph", "-o", "-", "--to", "mmd"]]
)
def test_a_root_for_what_is_included(project: Path, command: list[str]) -> None:
    assert specc(*command, "nets/a.yaml", "--root", ".", folder=project).code == 0
    assert specc(*command, "nets/a.yaml", "--root", "nets", folder=project).code == 1
    assert specc(*command, "nets/a.yaml", "--root", "nowhere", folder=project).code == 2
