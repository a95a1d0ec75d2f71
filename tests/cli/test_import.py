"""`specc import`: where a spec goes, and what is said of a model that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specc.cli.problems import BUG
from tests.support.command import specc
from tests.support.importing import saved

SPEC = """\
name: small
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: Dense, name: y, units: 2}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(saved(SPEC)))
    return path


def test_a_spec_is_printed_and_written(model: Path) -> None:
    folder = model.parent
    assert specc("import", str(model)) == specc("import", str(model), "-o", "-") == (0, SPEC, "")
    assert specc("import", str(model), "-o", "spec.yml", folder=folder) == (0, "wrote spec.yml\n", "")
    assert (folder / "spec.yml").read_text() == SPEC
    assert specc("import", str(model), "-o", "spec.json", "-q", folder=folder) == (0, "", "")
    assert json.loads((folder / "spec.json").read_text())["layers"][1] == {"type": "Dense", "name": "y", "units": 2}


def changed(model: Path, old: str, new: str) -> str:
    text = model.read_text()
    assert old in text
    path = model.with_name("changed.json")
    path.write_text(text.replace(old, new))
    return str(path)


def test_what_is_not_keras_own_becomes_a_hole(model: Path) -> None:
    other = changed(model, '"class_name": "Dense"', '"class_name": "Mine"')
    refused = specc("import", other)
    assert (refused.code, refused.out) == (1, "")
    assert 'unknown layer "Mine"' in refused.err
    stub = specc("import", other, "--stub")
    assert stub.code == 0
    assert "{type: Identity, name: y, description:" in stub.out


def test_a_bug_is_told_and_nothing_is_written(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(*_: Any) -> Any:
        return iter(["it differs"])

    monkeypatch.setattr("specc.importing.pipeline.differences", prove)
    found = specc("import", str(model), "-o", "spec.yaml", folder=model.parent)
    assert found == (
        BUG,
        "",
        "specc: this is a bug in specc: the spec that it made is not of this model: it differs\n"
        "nothing was written; please report it, with the model's architecture\n",
    )
    assert not (model.parent / "spec.yaml").exists()


def test_wrong_usage(model: Path) -> None:
    for arguments, line in [
        (["absent.keras"], "cannot read absent.keras: No such file or directory"),
        ([str(model), "-o", "a.toml"], "error: unknown ending '.toml' of a.toml; endings: .yaml, .yml, .json"),
        (
            [str(model), "-o", str(model)],
            f"error: {model} is read by this command, and would be replaced; write to another file",
        ),
        ([str(model), "-o", "a.txt"], "error: a.txt: 'specc graph' writes .txt; this writes .yaml, .yml, .json"),
    ]:
        assert specc("import", *arguments, folder=model.parent) == (2, "", f"specc: {line}\n")
