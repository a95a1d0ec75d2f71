"""Formulas with values in them."""

from __future__ import annotations

from specc.formulas.text import FormulaText


def test_values_take_as_many_characters_as_they_are_written_with() -> None:
    text = FormulaText("x * $scale\n + q_$(i - 1)", {"scale": 0.5, "i": 3})
    assert len(text.source) == len(text.written)
    assert (text.value(4, 10), text.value(4, 9)) == ((4, 10, 0.5), None)
    assert text.name(14, 24) == "q_2"
    assert str(text) == "x * 0.5 + q_2"
