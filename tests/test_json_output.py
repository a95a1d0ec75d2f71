"""What commands print for programs: JSON objects, one a line, for every outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from specc.diagnostics import pages
from tests.support.command import Result, specc

GOOD = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_a_file_that_cannot_be_read_is_a_record(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "wrong.yaml").write_text(GOOD.replace("Dense", "Dens"))
    result = specc("check", "missing.yaml", "good.yaml", "wrong.yaml", "--format", "json", folder=tmp_path)
    assert (result.code, result.err) == (2, "")
    missing, wrong = objects(result)
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
    github = specc("check", "missing.yaml", "--format", "github", folder=tmp_path)
    assert github.out.startswith(
        "::error file=missing.yaml,line=1,col=1,endLine=1,endColumn=1,title=specc unreadable::cannot read"
    )
    text = specc("check", "missing.yaml", folder=tmp_path)
    assert (text.out, text.err) == ("", "specc: cannot read missing.yaml: No such file or directory\n")


def test_a_summary_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (found,) = objects(specc("summary", "good.yaml", "--format", "json", folder=tmp_path))
    assert (found["file"], found["name"]) == ("good.yaml", "good")
    assert found["layers"][1]["arguments"] == {"units": 8}


def test_explain() -> None:
    listed = objects(specc("explain", "--format", "json"))
    assert [it["code"] for it in listed] == pages.codes()
    assert {it["severity"] for it in listed} == {"error", "warning"}
    (one,) = objects(specc("explain", "error[cycle]", "--format", "json"))
    assert one == {"code": "cycle", "severity": "error", "title": pages.title("cycle"), "page": pages.page("cycle")}
    assert one in listed


def test_layers() -> None:
    listed = objects(specc("layers", "--format", "json"))
    (dense,) = objects(specc("layers", "Dense", "--format", "json"))
    assert dense in listed
    assert dense["arguments"][0] == {
        "name": "units",
        "description": "How many values come out on the last axis",
        "value": "a positive integer",
        "required": True,
        "default": None,
    }
    assert {
        "layer",
        "operation",
        "optimizer",
        "loss",
        "metric",
        "initializer",
        "regularizer",
        "constraint",
        "activation",
        "schedule",
    } == {it["kind"] for it in listed}
    assert [it["kind"] for it in objects(specc("layers", "softmax", "--format", "json"))] == ["activation", "layer"]


def test_layers_describes_objects() -> None:
    shown = specc("layers", "adam").out
    assert shown.startswith("Adam: an optimizer\n")
    assert "  learning_rate " in shown
    wrong = specc("layers", "adma", "--format", "json")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'Adam'?" in wrong.err
