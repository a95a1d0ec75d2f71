"""What silences a warning, what makes it count, and what a folder stands for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import specc as api
from tests.support.checking import codes, said
from tests.support.command import specc

WARNED = "{type: Dense, name: größe, units: 1%s}"
SPEC = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - %s\n"
BLOCKS = "blocks:\n  head:%s\n    inputs: [i]\n    layers:\n      - %s\n    outputs: [größe]\n"
PLACES = {
    "at the item": SPEC % (WARNED % ", allow: [name-for-tensorflow]"),
    "at the top": "allow: [name-for-tensorflow]\n" + SPEC % (WARNED % ""),
    "at a shared call's first": SPEC % (WARNED % ", allow: [name-for-tensorflow]") + "  - {share: größe, name: y, from: x}\n",
    "at an item of a block": BLOCKS % ("", WARNED % ", allow: [name-for-tensorflow]") + SPEC % "{type: head, name: y}",
    "at a block": BLOCKS % ("\n    allow: [name-for-tensorflow]", WARNED % "") + SPEC % "{type: head, name: y}",
    "at an instance": BLOCKS % ("", WARNED % "") + SPEC % "{type: head, name: y, allow: [name-for-tensorflow]}",
    "at a nested instance": BLOCKS % ("", WARNED % "") + SPEC % "{type: head, name: y, nested: true, allow: [name-for-tensorflow]}",
    "at copies": SPEC % "{type: Dense, name: größe, units: 4, repeat: 2, allow: [name-for-tensorflow]}",
}  # fmt: skip


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_allow_silences(text: str) -> None:
    assert codes(text) == []
    assert codes(text.replace("allow: [name-for-tensorflow]", "allow: []")) == ["name-for-tensorflow"]


def test_allow_elsewhere_silences_nothing() -> None:
    text = SPEC % (WARNED % "") + "  - {type: Dense, name: y, units: 1, allow: [name-for-tensorflow]}\n"
    assert codes(text) == ["name-for-tensorflow"]
    assert codes("vars: {allow: [name-for-tensorflow]}\nexpect: {params: $(len(allow) + 4)}\n" + SPEC % (WARNED % "")) == ["name-for-tensorflow"]  # fmt: skip


def test_an_included_file_allows_for_itself_and_the_spec_for_all(tmp_path: Path) -> None:
    spec, blocks = tmp_path / "spec.yaml", tmp_path / "blocks.yaml"
    spec.write_text("include: [blocks.yaml]\n" + SPEC % "{type: head, name: y}")
    blocks.write_text(BLOCKS % ("", WARNED % ""))
    assert [it.code for it in api.check(spec)] == ["name-for-tensorflow"]
    blocks.write_text("allow: [name-for-tensorflow]\n" + BLOCKS % ("", WARNED % ""))
    assert api.check(spec) == []
    blocks.write_text(BLOCKS % ("", WARNED % ""))
    spec.write_text("allow: [name-for-tensorflow]\ninclude: [blocks.yaml]\n" + SPEC % "{type: head, name: y}")
    assert api.check(spec) == []


def test_only_codes_of_warnings_can_be_allowed() -> None:
    text = "allow: [name-for-tensorfow, shape-mismatch]\n" + SPEC % (WARNED % ", allow: deep-model")
    assert said(text) == [
        '1:9 unknown-warning: there is no warning "name-for-tensorfow" to allow',
        '1:29 unknown-warning: "shape-mismatch" is an error; only warnings can be allowed',
        "4:49 invalid-value: 'größe' (Dense): allow must be a list of warnings, as in [unused-var], not \"deep-model\"",
    ]
    assert codes("blocks: {b: {args: {allow: 1}, inputs: [i], layers: [{type: ReLU, name: o}], outputs: [o]}}\n" + SPEC % "{type: b, name: y}") == ["block-argument"]  # fmt: skip


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


def test_no_example_gives_a_warning() -> None:
    assert specc("check", "--strict", "--quiet", "specs", folder=Path(__file__).parent.parent) == (0, "", "")
