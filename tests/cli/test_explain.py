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
