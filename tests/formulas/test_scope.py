"""What a formula can name depends on what stands around it."""

from __future__ import annotations

from specc.formulas.lower import lower
from specc.formulas.scope import Around
from tests.support.formulas import applied


def test_names_that_are_items_are_no_words() -> None:
    assert applied("pi * e", {}, Around({"e"})) == "$(pi) * e"
    assert lower("pi * e", {}, Around({"e", "pi"})).names


def test_instances_have_members_of_any_name() -> None:
    assert applied("x.T * a.T", {}, Around({"x", "a"}, (), {"a"})) == "transpose(x) * a.T"
