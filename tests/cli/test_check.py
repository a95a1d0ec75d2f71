"""`specc check`: exit codes, what goes to which stream, and in which form."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import BAD, GOOD
from tests.support.command import process, specc


def test_a_sound_spec(folder: Path) -> None:
    assert specc("check", "good.yaml", folder=folder) == (
        0, "good.yaml: Sequential, x (None, 4) -> y (None, 8), 1 layer, 40 parameters\n", "",
    )  # fmt: skip


def test_a_spec_with_errors(folder: Path) -> None:
    result = specc("check", "bad.yaml", folder=folder)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("error[unknown-layer]: 'y': unknown layer type \"Dens\"\n --> bad.yaml:3:12\n")


@pytest.mark.parametrize(("files", "code"), [
    (["good.yaml", "good.yaml"], 0), (["good.yaml", "bad.yaml"], 1), (["bad.yaml", "good.yaml"], 1),
    (["missing.yaml", "bad.yaml", "good.yaml"], 2),
])  # fmt: skip
def test_several_files_and_the_worst_code(folder: Path, files: list[str], code: int) -> None:
    result = specc("check", *files, folder=folder)
    assert result.code == code
    assert result.out.count("good.yaml: Sequential") == files.count("good.yaml")
    assert result.out.count("error[") == files.count("bad.yaml")


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    assert specc("check", "missing.yaml", folder=folder) == (
        2,
        "",
        "specc: cannot read missing.yaml: No such file or directory\n",
    )
    result = specc("check", "a\x1b[31m.yaml", folder=folder)
    assert (result.code, "\x1b" in result.err) == (2, False)


def test_variants_and_values(folder: Path) -> None:
    assert "y (None, 2)" in specc("check", "good.yaml", "--variant", "tiny", folder=folder).out
    assert "y (None, 5)" in specc("check", "good.yaml", "--set", "width=5", folder=folder).out
    assert (
        "y (None, 6)" in specc("check", "good.yaml", "--variant", "tiny", "--set", "width=$(2 * 3)", folder=folder).out
    )
    assert specc("check", "good.yaml", "--variant", "tyni", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "widht=5", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "width=five", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "width=[", folder=folder).code == 1
    wrong = specc("check", "good.yaml", "--set", "width", folder=folder)
    assert (wrong.code, "--set expects NAME=VALUE, not 'width'" in wrong.err) == (2, True)


def test_formats(folder: Path) -> None:
    found = [
        json.loads(line) for line in specc("check", "bad.yaml", "--format", "json", folder=folder).out.splitlines()
    ]
    assert [(it["code"], it["file"], it["line"], it["column"]) for it in found] == [
        ("unknown-layer", "bad.yaml", 3, 12)
    ]
    assert specc("check", "bad.yaml", "--format", "github", folder=folder).out.startswith(
        "::error file=bad.yaml,line=3,col=12,"
    )
    assert specc("check", "good.yaml", "--format", "json", folder=folder) == (0, "", "")
    assert specc("check", "good.yaml", "--format", "xml", folder=folder).code == 2


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (BAD, 1), ("", 1), ('{"layers": []}', 1), ("\xff", 1)])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str, code: int) -> None:
    given = text.encode("latin-1")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    result = specc("check", "-", folder=folder)
    assert (result.code, result.err) == (code, "")
    assert "<stdin>" in result.out
    if text == "\xff":
        alone = process("check", "-", folder=folder, stdin=given)
        assert (alone.returncode, alone.stdout.decode(), alone.stderr) == (code, result.out, b"")


def test_a_file_that_cannot_be_read_is_a_record(folder: Path) -> None:
    result = specc("check", "missing.yaml", "good.yaml", "bad.yaml", "--format", "json", folder=folder)
    assert (result.code, result.err) == (2, "")
    missing, wrong = result.objects()
    assert missing.keys() == wrong.keys()
    assert {
        key: missing[key] for key in ("severity", "code", "message", "file", "line", "column", "path", "related")
    } == {
        "severity": "error",
        "code": "unreadable",
        "message": "cannot read missing.yaml: No such file or directory",
        "file": "missing.yaml",
        "line": 1,
        "column": 1,
        "path": [],
        "related": [],
    }
    github = specc("check", "missing.yaml", "--format", "github", folder=folder)
    assert github.out.startswith(
        "::error file=missing.yaml,line=1,col=1,endLine=1,endColumn=1,title=specc unreadable::cannot read"
    )
    text = specc("check", "missing.yaml", folder=folder)
    assert (text.out, text.err) == ("", "specc: cannot read missing.yaml: No such file or directory\n")


@pytest.mark.parametrize(("wrong", "last"), [
    (300, "300 errors; 200 are not shown: 'specc check --format json' lists all"),
    (20_000, "at least 2,000 errors; 1,900 are not shown: 'specc check --format json' lists all"),
])  # fmt: skip
def test_a_long_report_is_cut_and_counted(tmp_path: Path, wrong: int, last: str) -> None:
    items = "".join(f"  - {{type: Dense, name: d{number}, unts: 3}}\n" for number in range(wrong))
    (tmp_path / "net.yaml").write_text(f"layers:\n  - {{type: Input, name: x, shape: [3]}}\n{items}")
    result = specc("check", "net.yaml", folder=tmp_path)
    assert (result.code, result.out.count("error["), len(result.out) < 30_000) == (1, 100, True)
    assert result.out.rstrip().split("\n")[-1] == last
    as_json = specc("check", "net.yaml", "--format", "json", folder=tmp_path).objects()
    assert [it["line"] for it in as_json] == [3 + number for number in range(min(wrong, 2_000))]
    assert specc("check", "net.yaml", "--format", "github", folder=tmp_path).out.count("\n") == 101
