"""A problem is moved, named and helped without losing anything else, and becomes a diagnostic in one place."""

from __future__ import annotations

from specc.diagnostics import Diagnostic, Report
from specc.diagnostics.problem import Fix, Problem, ShapeError
from specc.source import Document, Place, Source, Span

KEY = Problem("unknown-key", 'has no key "untis"', ("untis",), "did you mean 'units'?", "key", Fix("units"))
TERM = Problem("unknown-value", 'there is no value "w"', ("units",), within=(2, 3))
ROOT = Place(
    Document(Source("spec.yaml", "{units: $(w)}"), {"units": "$(w)"}, lambda path, part: Span(1, 9, 1, 13)), ()
)


def test_what_a_problem_is_about_changes_and_the_rest_stays() -> None:
    moved = KEY.under("layers", 1).with_subject("'d' (Dense)")
    assert moved == Problem(
        "unknown-key", "'d' (Dense) has no key \"untis\"", ("layers", 1, "untis"), KEY.help, "key", KEY.fix
    )
    assert KEY.with_help("remove it") == Problem(KEY.code, KEY.message, KEY.path, "remove it", "key")
    assert KEY.meaning(None) is KEY
    assert KEY.meaning(("write it", Fix(1))) == KEY.with_help("write it", Fix(1))


def test_a_rule_s_error_holds_a_problem() -> None:
    error = ShapeError("cannot", help="do not", argument="units")
    assert error.problem == Problem("shape-mismatch", "cannot", ("units",), "do not")
    assert ShapeError("cannot").problem.path == ()


def test_a_problem_becomes_a_diagnostic_with_all_that_it_says() -> None:
    found = Diagnostic.of(KEY, ROOT)
    assert (found.place.path, found.place.part, found.place.within) == (("untis",), "key", None)
    assert (found.code, found.message, found.help, found.fix) == (KEY.code, KEY.message, KEY.help, KEY.fix)
    within = Diagnostic.of(TERM, ROOT, severity="warning")
    assert (within.place.within, within.severity) == ((2, 3), "warning")
    assert within.place.span == Span(1, 11, 1, 12)


def test_a_problem_without_a_path_stays_where_its_place_points() -> None:
    key = ROOT.at("units", part="key")
    assert Diagnostic.of(Problem("invalid-value", "is wrong"), key).place is key


def test_a_report_says_the_same_once() -> None:
    report = Report()
    for _ in range(2):
        report.add(KEY, ROOT)
    report.error("unknown-key", 'has no key "untis"', KEY.place(ROOT), help=KEY.help, fix=KEY.fix)
    assert len(report.diagnostics) == 1
