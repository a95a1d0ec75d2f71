"""Nothing is kept, and nothing stops."""

from __future__ import annotations

from specc.diagnostics.problem import Problem
from specc.sketch.unheard import Unheard
from specc.source import Document, Place, Source, Span


def test_nothing_is_heard() -> None:
    place = Place(Document(Source("a", ""), {}, lambda path, part: Span(1, 1, 1, 1)), ())
    report = Unheard()
    for number in range(3000):
        report.error("cycle", str(number), place)
        report.hold(Problem("cycle", str(number)), place)
    report.of_copies(0, 3)
    report.include([])
    report.stop()
    report.finish()
    assert not report.failed
    assert report.diagnostics == []
