"""What a report keeps of all that is found: each mistake once, copies counted, and when it ends the run."""

from __future__ import annotations

import pytest

import specc
from specc.diagnostics import CompileError, Report
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.report import MOST_DIAGNOSTICS
from specc.source import Document, Origin, Place, Source, Span
from tests.support.checking import said, spec

KEY = Problem("unknown-key", 'has no key "untis"', ("untis",), "did you mean 'units'?", "key", Fix("units"))
TYPE = Problem("unknown-layer", 'unknown layer type "Dens"', ("type",))
ROOT = Place(Document(Source("spec.yaml", "{untis: 3}"), {"untis": 3}, lambda path, part: Span(1, 2, 1, 7)), ())


def codes(report: Report) -> list[str]:
    return [it.code for it in report.diagnostics]


# -- Each mistake once -----------------------------------------------------------------------------


def test_a_report_says_the_same_once() -> None:
    report = Report()
    for _ in range(2):
        report.add(KEY, ROOT)
    report.error("unknown-key", 'has no key "untis"', KEY.place(ROOT), help=KEY.help, fix=KEY.fix)
    assert codes(report) == ["unknown-key"]
    report.add(TYPE, ROOT)
    assert codes(report) == ["unknown-key", "unknown-layer"]


def test_what_a_program_made_is_told_apart_by_what_is_said() -> None:
    report, nowhere = Report(), Origin.nowhere().place
    for message in ("'a' is wrong", "'b' is wrong", "'a' is wrong"):
        report.error("invalid-value", message, nowhere)
    assert [it.message for it in report.diagnostics] == ["'a' is wrong", "'b' is wrong"]


X = "layers:\n  - {type: Input, name: x, shape: [3]}\n"
BLOCK = "blocks:\n  b: {args: {size: 4}, inputs: [i], layers: [{type: Reshape, name: r, target_shape: [%s]}], outputs: [r]}\n"
COPIES = {
    "copies share the mistake of their item": (
        X + "  - {type: Dense, name: d, unts: 3, repeat: 3}\n",
        ["3:28 unknown-argument: 'd_1' (Dense) has no argument \"unts\""],
        [2],
    ),
    "copies whose values differ have a mistake each": (
        X + "  - {type: Dense, name: d, units: $u, each: {u: [-1, -2]}}\n  - {type: Add, from: d}\n",
        [
            "3:50 argument-value: 'd_1' (Dense): units must be a positive integer, not -1",
            "3:54 argument-value: 'd_2' (Dense): units must be a positive integer, not -2",
        ],
        [0, 0],
    ),
    "instances share the mistake of their block": (
        BLOCK % 4 + X + "  - {type: b, name: one}\n  - {type: b, name: two, from: x}\n  - {type: Add, from: [one, two]}\n",
        ["2:85 shape-mismatch: 'one.r' (Reshape) cannot make (4,) of (None, 3): 4 values for 3"],
        [1],
    ),
    "instances whose values are to blame have a mistake each": (
        BLOCK % "$size" + X + "  - {type: b, name: one}\n  - {type: b, name: two, size: 5, from: x}\n  - {type: Add, from: [one, two]}\n",
        [
            "2:85 shape-mismatch: 'one.r' (Reshape) cannot make (4,) of (None, 3): 4 values for 3",
            "2:85 shape-mismatch: 'two.r' (Reshape) cannot make (5,) of (None, 3): 5 values for 3",
        ],
        [0, 0],
    ),
    "what an alias repeats is wrong once": (
        X + "  - &d {type: Dense, units: 3, unts: 4}\n  - *d\n",
        ["3:32 unknown-argument: 'dense' (Dense) has no argument \"unts\""],
        [0],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "copies"), COPIES.values(), ids=COPIES)
def test_copies(text: str, expected: list[str], copies: list[int]) -> None:
    assert said(text) == expected
    assert [it.copies for it in specc.check(spec(text))] == copies


# -- Warnings --------------------------------------------------------------------------------------


def test_some_warnings_are_for_sound_specs_only() -> None:
    report = Report()
    report.warning("deep-model", "is deep", ROOT)
    report.warning_if_sound("unused-var", "is unused", ROOT)
    assert codes(report) == ["deep-model"]
    report.release()
    report.release()
    assert codes(report) == ["deep-model", "unused-var"]


def test_what_a_spec_allows_is_removed_and_errors_are_not() -> None:
    report = Report()
    report.warning("deep-model", "is deep", ROOT)
    report.warning("unused-var", "is unused", ROOT)
    report.add(KEY, ROOT)
    report.silence(lambda it: it.code != "unused-var")
    assert codes(report) == ["unused-var", "unknown-key"]


# -- The end of a run ------------------------------------------------------------------------------


def test_a_run_ends_after_a_stage_with_errors() -> None:
    report = Report()
    report.warning("deep-model", "is deep", ROOT)
    report.stop()
    report.add(KEY, ROOT)
    report.stop(unless={"unknown-key"})
    with pytest.raises(CompileError) as stopped:
        report.stop()
    assert [it.code for it in stopped.value.diagnostics] == ["deep-model", "unknown-key"]


def test_what_is_held_is_told_with_the_errors_of_a_later_stage_or_at_the_end() -> None:
    early, late = Report(), Report()
    for report in (early, late):
        report.hold(TYPE, ROOT)
        assert not report.failed
        report.stop()
    early.add(KEY, ROOT)
    with pytest.raises(CompileError) as stopped:
        early.stop()
    assert [it.code for it in stopped.value.diagnostics] == ["unknown-key", "unknown-layer"]
    with pytest.raises(CompileError) as finished:
        late.finish()
    assert [it.code for it in finished.value.diagnostics] == ["unknown-layer"]


def test_very_many_findings_end_a_run_in_the_middle_of_a_stage() -> None:
    report = Report()
    for number in range(MOST_DIAGNOSTICS - 1):
        report.add(KEY.under("layers", number), ROOT)
    with pytest.raises(CompileError) as stopped:
        report.add(TYPE, ROOT)
    assert len(stopped.value.diagnostics) == MOST_DIAGNOSTICS
