"""A formula as operations, or what is meant by one that is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.formulas.meant import FORMS
from specc.formulas.scope import NOTHING, Around
from specc.formulas.signs import balanced, changed, repairs
from specc.formulas.steps import Lowered
from specc.formulas.text import FormulaText, error
from specc.formulas.walk import Walk

MOST_ROUNDS = 8
"""Mistakes that are mended to say what is meant by a formula."""
_NAME = re.compile(r"(?<![\w.$])[^\W\d]\w*")
_IN_FLOW = 'in YAML\'s flow style {...}, quote a formula that has a comma or a bracket: formula: "sum(x, axis=1)"'


def lower(written: str, values: Mapping[str, Any], around: Around = NOTHING) -> Lowered:
    """The operations of a formula. ExpressionError has what is wrong; Failed is raised for a wrong value."""
    text = FormulaText(written, values)
    try:
        return Walk(text, around).run()
    except SyntaxError:
        raise _not_parsed(text, around) from None


def _not_parsed(text: FormulaText, around: Around) -> ExpressionError:
    """The error of a formula that Python's parser does not take, with the text that is meant."""
    written = text.written
    whole = (0, len(written))
    for found in _NAME.finditer(written):
        if iskeyword(found[0]) and found[0] in around.names:
            help = f"name the item {found[0]}_, or use it in an Identity of such a name"
            return error(f"the name '{found[0]}' cannot stand in a formula: it is a word of Python", found.span(), help)
    for meant in repairs(written):
        mended = _accepted(meant, text, around)
        if mended is not None:
            within, instead = changed(written, mended)
            message = f"the formula {quote_value(written)} cannot be read here"
            return error(message, within, f"write {mended}", instead=instead)
    _, place = balanced(written)
    if place is not None:
        message = f"{quote_value(written[place])} has no counterpart"
        return error(message, (place, place + 1), "every ( and [ is closed once; " + _IN_FLOW)
    help = "write where(condition, a, b)" if re.search(r"\bif\b", written) else FORMS
    return error(f"the formula {quote_value(written)} is not complete or has a stray character", whole, help)


def _accepted(written: str, text: FormulaText, around: Around) -> str | None:
    """A formula that is meant, with all that is meant inside it; None if that is wrong, too."""
    for _ in range(MOST_ROUNDS):
        try:
            found = FormulaText(written, text.values)
            Walk(found, around).run()
        except SyntaxError:
            return None
        except ExpressionError as wrong:
            fix, within = wrong.problem.fix, wrong.problem.within
            if fix is None or within is None:
                return None
            written = f"{written[: within[0]]}{fix.value}{written[within[1] :]}"
        else:
            return written
    return None
