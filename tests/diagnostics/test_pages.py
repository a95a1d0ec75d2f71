"""Every error code has a page, and what the page shows is what specc does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from specc.diagnostics import pages
from specc.diagnostics.codes import WARNINGS
from tests.support.command import specc

BLOCK = re.compile(r'^```(\w+)(?: title="(.+?)")?(?: encoding="(.+?)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^`specc (check .+)` says:$", re.MULTILINE)
ROOT = Path(__file__).parents[2]


def test_pages_are_those_of_the_codes() -> None:
    folder = ROOT / "compiler" / "specc" / "errors"
    assert {path.stem for path in folder.iterdir()} - {"index"} == set(pages.codes())


@pytest.mark.parametrize("code", pages.codes())
def test_a_page_says_whether_it_is_a_warning(code: str) -> None:
    assert pages.title(code).startswith("A warning:") == (code in WARNINGS)


@pytest.mark.parametrize("code", pages.codes())
def test_form(code: str) -> None:
    text = pages.page(code)
    assert text is not None
    lines = text.split("\n")
    assert lines[0] == f"# {code}"
    assert lines[1] == lines[3] == ""
    assert pages.title(code) == lines[2]
    assert len(lines[2]) <= 120
    assert lines[2].endswith(".")
    assert [line for line in lines if line.startswith("## ")] == ["## Why", "## Example", "## Fix"]


def write(folder: Path, part: str) -> None:
    for _, name, encoding, text in BLOCK.findall(part):
        if name:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(text.encode(encoding or "utf-8"))


@pytest.mark.parametrize("code", pages.codes())
def test_example_and_fix(code: str, tmp_path: Path) -> None:
    text = pages.page(code) or ""
    broken, corrected = text.split("## Fix")
    command = COMMAND.search(broken)
    assert command is not None
    write(tmp_path, broken)
    result = specc(*command[1].split(), folder=tmp_path)
    (shown,) = [body for kind, _, _, body in BLOCK.findall(broken) if kind == "text"]
    assert result.out.rstrip("\n") == shown.rstrip("\n")
    assert result.code == (1 if f"error[{code}]: " in shown else 0)
    assert f"[{code}]: " in shown

    write(tmp_path, corrected)
    result = specc(*command[1].split(), folder=tmp_path)
    assert result.code == 0, result.out
    assert f"[{code}]" not in result.out


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "compiler" / "specc" / "errors" / "index.md").read_text()
    listed = [line for line in index.splitlines() if line.startswith("- ")]
    assert listed == [f"- [{code}]({code}.md): {pages.title(code)}" for code in pages.codes()]
