"""What a wrong expression was meant to be: the help is the text to write instead."""

from __future__ import annotations

from collections import ChainMap
from typing import Any

import pytest

from specc.diagnostics.problem import Fix
from specc.expressions.errors import no_value
from tests.support.expressions import problem
from tests.support.helps import helps

HELPS: dict[str, str] = {
    "$widht": "did you mean 'width'?",
    "$index": "it exists only in an item with 'repeat' or 'each'; pass it to a block as an argument: n: $index",
    "$width * 2": "write $(width * 2)",
    "${{ width }}": "write $width",
    "$sides.left": "write \"$(sides['left'])\", in quotes",
    "$other * 2": "write $(other * 2)",
    "$5": "write $$ for a literal $ at the beginning of a string",
    "$(1 + (2": "write $(1 + (2))",
    "$(width +": "complete the expression, and end it with ')'",
    "$(max(1, 2)": 'in YAML\'s flow style {...} and [...] quote an expression that has a comma: "$(max(a, b))"',
    "$(deep && !zero || width = 2)": "write $(deep and (not zero) or width == 2)",
    "$(deep ? 4 : 8)": "write $(4 if deep else 8)",
    "$(2 +)": "it has numbers, names, + - * / // % **, comparisons, and or not, 'a if c else b', sizes[0], sizes[1:], [a for a in sizes if c]",
    "$pi": "write $(pi)",
    "$true": "write true, without the $",
    "$(mean(sizes))": "write sum(sizes) / len(sizes)",
    "$(total(sizes))": "functions: min, max, sum, prod, abs, round, floor, ceil, int, sqrt, exp, log, log2, len, range, "
    "str, shape",
    "$(cell(rate))": "did you mean 'ceil'?",
    "$(sqrt(-1))": "sqrt takes a number of 0 or more",
    "$(sum(1, 2))": "sum takes a list of numbers, as in sum([1, 2])",
    "$(math.sqrt(width))": "write sqrt",
    "$(math.pi)": "write pi",
    "$(sides.left)": "write \"$(sides['left'])\"",
    "$(width * max(sides.left, 2))": "write \"$(width * max(sides['left'], 2))\"",
    "$(sides.lfet)": "did you mean 'left'?",
    "$(sides[left])": "a key is a string: write sides['left']",
    "$sides['left']": "write \"$(sides['left'])\", in quotes",
    "$sizes[0]": 'write "$(sizes[0])", in quotes',
    "$(sides.keys())": "write [key for key in sides]",
    "$(sides.values())": "write [sides[key] for key in sides]",
    "$([a for a, b in sides.items()])": "write [key for key in sides], and sides[key] for the value of each",
    "$(sides.get('left'))": "write sides['...'], or sides['...'] if '...' in sides else ...",
    "$(list(sides))": "write [a for a in sizes], or [...]; range(3) is a list",
    "$([x for x in width])": "write range(width)",
    "$([x for x in name])": "write a list, or range(3)",
    "$([widht for width in sizes])": "did you mean 'width'?",
    "$({x: 1 for x in sizes})": "write a list, [a * 2 for a in sizes]; maps are written out in 'vars'",
    "$(zip(sizes, sizes))": "count: [a[i] * b[i] for i in range(len(a))]",
    "$(f'{width}')": "write 'layer_' + str(a); outside of an expression, layer_$(a)",
    "$(lambda a: a)": "write what it computes where it is needed; [a * 2 for a in sizes] computes a list",
}


@pytest.mark.parametrize("text", HELPS)
def test_helps(text: str) -> None:
    assert problem(text).help == HELPS[text]


@pytest.mark.parametrize(("text", "value"), [("$width * 2", "$(width * 2)"), ("${width}", "$width")])
def test_what_is_certain_is_a_fix(text: str, value: str) -> None:
    assert problem(text).fix == Fix(value)


def test_the_values_that_are_there() -> None:
    """Those of an item, of the block around it and of the spec are layers of maps."""
    values: ChainMap[str, Any] = ChainMap({"rate": 0.5}, ChainMap({"width": 64}))
    assert no_value("xyz", values, 0, 3).problem.help == "values here: rate, width"
    assert no_value("xyz", {}, 0, 3).problem.help == "add it to 'vars'"


@pytest.mark.parametrize(("units", "help"), [
    ('"${UNITS}"', "specc does not read environment variables: write $UNITS, and vars: {UNITS: ...}, which --set UNITS=... changes"),
    ('"${UNITS:-16}"', "specc does not read environment variables: write $UNITS, and vars: {UNITS: 16}, which --set UNITS=... changes"),
    ('"${model.units}"', "specc does not read environment variables: write $units, and vars: {units: ...}, which --set units=... changes"),
    ('"{{ w }}"', "write $w, the value"),
    ('"{w}"', "write $w, the value"),
    ('"%(w)s"', "write $w, the value"),
    ('"$(w > 2 && w < 9)"', "write $(w > 2 and w < 9)"),
    ('"$(w ? 4 : 8)"', "write $(4 if w else 8)"),
    ('"$(2 ^ w)"', "write ** for a power"),
    ('"$(sqrt(w))"', "write $(int(sqrt(w))) or $(round(sqrt(w))); // makes an integer of integers only"),
])  # fmt: skip
def test_values_of_other_languages(units: str, help: str) -> None:
    assert helps(
        f"vars: {{w: 4}}\nlayers:\n  - {{type: Input, name: x, shape: [8]}}\n  - {{type: Dense, units: {units}}}\n"
    ) == [help]


def test_an_entry_of_a_map_by_a_dot() -> None:
    text = "vars: {a: {b: 3}}\nlayers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, units: $a.b}\n"
    assert helps(text) == ["write \"$(a['b'])\", in quotes"]
    assert helps(text.replace("$a.b", "\"$(a['b'])\"")) == []
