"""GitHub's workflow commands, which no text of a spec can end or add to."""

from __future__ import annotations

from specc.diagnostics.github import render
from tests.support.diagnostics import diagnostic, document

WHERE = document("a: b\n", "a,b:c%.yaml", a=(1, 4, 1, 5))


def test_a_command() -> None:
    where = document("a: b\n", a=(1, 4, 1, 5))
    assert render([diagnostic(where, "a", "it is wrong", help="fix it")]) == (
        "::error file=spec.yaml,line=1,col=4,endLine=1,endColumn=5,title=specc some-code::it is wrong%0Ahelp: fix it"
    )
    assert render([diagnostic(where, "a", severity="warning")]).startswith("::warning file=spec.yaml,")


def test_escapes() -> None:
    text = render([diagnostic(WHERE, "a", "50% :: x\r\n::error::injected\x1b")])
    assert "file=a%2Cb%3Ac%25.yaml," in text
    assert "::50%25 :: x\\x0d%0A::error::injected\\x1b%0Ahelp: " in text
    assert len(text.splitlines()) == 1


def test_nothing() -> None:
    assert render([]) == ""
