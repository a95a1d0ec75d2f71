"""`specc schema`: where the JSON Schema goes. What it says is tested with specc.language."""

from __future__ import annotations

from pathlib import Path

import pytest

from specc.language import json_schema
from tests.support.command import specc


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> str:
    """A text in its place: the schema takes a second to make."""
    text = '{"$schema": "größe"}'
    monkeypatch.setattr(json_schema, "text", lambda: text)
    return text


def test_it_is_written_into_a_file(tmp_path: Path, short: str) -> None:
    for name in ("specc.schema.json", "SCHEMA.JSON"):
        assert specc("schema", "-o", name, folder=tmp_path) == (0, f"wrote {name}\n", "")
        assert (tmp_path / name).read_text("utf-8") == f"{short}\n"


def test_it_is_printed(tmp_path: Path, short: str) -> None:
    assert specc("schema", "-o", "-", folder=tmp_path) == specc("schema") == (0, f"{short}\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "line"), [
    (["-o", "a.yaml"], "unknown ending '.yaml' of a.yaml; endings: .json"), (["-o", "a"], "a has no ending; endings: .json"), (["-o", "a/"], "a/ is a folder; name a file that ends in .json"),
    (["-o", ""], "the name of the output is empty; name a file, or - for standard output"), (["-o", "missing/a.json"], "No such file or directory: missing/a.json"),
    (["--plugin", "no_such_module"], "cannot import the plugin no_such_module: ModuleNotFoundError: No module named 'no_such_module'"),
])  # fmt: skip
def test_wrong_usage_is_one_line(tmp_path: Path, short: str, arguments: list[str], line: str) -> None:
    assert specc("schema", *arguments, folder=tmp_path) == (2, "", f"specc: error: {line}\n")
    assert list(tmp_path.iterdir()) == []
