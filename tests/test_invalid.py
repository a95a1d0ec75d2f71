"""Every spec in tests/invalid gets exactly the diagnostics that stand beside it, in ``<name>.expected``.

A first line ``# specc check --variant tyni`` gives options. After a message was changed on purpose,
``SPECC_UPDATE=1 pytest tests/test_invalid.py -n0`` writes the expected texts anew: read the difference.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from specc.diagnostics import pages
from specc.diagnostics.codes import ERRORS, WARNINGS
from tests.support.command import specc
from tests.support.invalid import FILES, FOLDER, code_of, options


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_diagnostics(path: Path) -> None:
    result = specc("check", path.name, *options(path), folder=FOLDER)
    expected = path.with_name(f"{path.name}.expected")
    if os.environ.get("SPECC_UPDATE"):
        expected.write_text(result.out, encoding="utf-8")
    assert result.out == expected.read_text(encoding="utf-8")
    found = re.findall(r"^(error|warning)\[(.+?)\]: ", result.out, re.MULTILINE)
    assert (result.code, result.err) == (int("error" in {severity for severity, _ in found}), "")
    assert code_of(path) in {code for _, code in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_form_says_the_same(path: Path) -> None:
    """JSON and GitHub's form have the diagnostics of the text, in the same order, at the same places."""
    as_text, as_json, as_github = (
        specc("check", path.name, *options(path), "--format", format, folder=FOLDER).out
        for format in ("text", "json", "github")
    )
    shown = re.findall(r"^(?:error|warning)\[(.+?)\]: .*\n *--> (.+):(\d+):(\d+)$", as_text, re.MULTILINE)
    found = [json.loads(line) for line in as_json.splitlines()]
    assert [(it["code"], it["file"], str(it["line"]), str(it["column"])) for it in found] == shown
    assert len(as_github.splitlines()) == len(shown)
    for diagnostic in found:
        assert (diagnostic["end_line"], diagnostic["end_column"]) >= (diagnostic["line"], diagnostic["column"])
        assert diagnostic["help"] or "must be" in diagnostic["message"], "every diagnostic says what to do"


def test_messages_are_plain() -> None:
    """No message shows Python, pydantic or Keras from the inside, and none is said twice."""
    for path in FILES:
        text = path.with_name(f"{path.name}.expected").read_text(encoding="utf-8")
        messages = re.findall(r"^(?:error|warning)\[.+?\]: (.*\n *-->.*)$", text, re.MULTILINE)
        assert len(messages) == len(set(messages)), path.name
        for message in messages:
            assert not re.search(
                r"pydantic|Traceback|<class|object at 0x|Input should|NoneType|\bdict\b|\bstr\b", message
            )


@pytest.mark.parametrize("code", pages.codes())
def test_every_code_has_a_file(code: str) -> None:
    assert any(code_of(path) == code for path in FILES), "no file here shows it"


def test_warnings_are_given_as_warnings_and_errors_as_errors() -> None:
    texts = [path.with_name(f"{path.name}.expected").read_text(encoding="utf-8") for path in FILES]
    given = {found for text in texts for found in re.findall(r"^(error|warning)\[(.+?)\]: ", text, re.MULTILINE)}
    assert given == {*(("error", code) for code in ERRORS), *(("warning", code) for code in WARNINGS)}


def test_no_expected_text_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.expected")} == {f"{path.name}.expected" for path in FILES}
