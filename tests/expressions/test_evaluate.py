"""A string with a ``$`` is the value of a name or an expression, or the string with such values filled in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.expressions import check_computed, check_refused

COMPUTED: dict[str, Any] = {
    "$width": 64,
    "$größe": 7,
    "$sizes": [1, 2, 3],
    "$none": None,
    "a $(width) b": "a 64 b",
    "$(name)_$(width)": "wide_64",
    "$$5": "$5",
    "5$": "5$",
    "a$b": "a$b",
    "costs $$(1)": "costs $(1)",
    "plain": "plain",
    "$(')')x": ")x",
}


@pytest.mark.parametrize("text", COMPUTED)
def test_computed(text: str) -> None:
    check_computed(text, COMPUTED[text])


REFUSED: dict[str, tuple[str, str]] = {  # message, and what is marked
    "$widht": ('there is no value "widht"', "$widht"),
    "$width-1": ('"$width-1" is neither $name nor $(expression)', "$width-1"),
    "$": ('"$" is neither $name nor $(expression)', "$"),
    "$1": ('"$1" is neither $name nor $(expression)', "$1"),
    "$(": ('the expression "$(" is not closed', "$("),
    "$(max(1, 2)": ('the expression "$(max(1, 2)" is not closed', "$(max(1, 2)"),
    "$('a)": ('the expression "$(\'a)" is not closed', "$('a)"),
    "a $(sizes) b": ("only an integer or a string can be inserted into a string, not [1, 2, 3]", "$(sizes)"),
    "a $(0.5)": ("only an integer or a string can be inserted into a string, not 0.5", "$(0.5)"),
    "a $(widht)": ('there is no value "widht"', "widht"),
    "a $(1": ('the expression "$(1" is not closed', "$(1"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    check_refused(text, *REFUSED[text])
