"""A problem is moved, named and helped without losing anything else."""

from __future__ import annotations

from specc.diagnostics.problem import Fix, Problem, ShapeError

KEY = Problem("unknown-key", 'has no key "untis"', ("untis",), "did you mean 'units'?", "key", Fix("units"))


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
