"""`specc explain`."""

from __future__ import annotations

from specc.diagnostics import pages
from tests.support.command import specc


def test_explain() -> None:
    listed = specc("explain", "--format", "json").objects()
    assert [it["code"] for it in listed] == pages.codes()
    assert {it["severity"] for it in listed} == {"error", "warning"}
    (one,) = specc("explain", "error[cycle]", "--format", "json").objects()
    assert one == {"code": "cycle", "severity": "error", "title": pages.title("cycle"), "page": pages.page("cycle")}
    assert one in listed


def test_explain_shows_the_page() -> None:
    assert specc("explain", "cycle").out.rstrip("\n") == pages.page("cycle")
    assert specc("explain", "error[cycle]").out.rstrip("\n") == pages.page("cycle")
    listed = specc("explain").out.splitlines()
    assert [line.split()[0] for line in listed] == pages.codes()
    wrong = specc("explain", "cicle")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'cycle'?" in wrong.err
