"""Every expression ends, soon, with a value or with an ExpressionError that says what is wrong and where."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate
from specc.expressions.operations import FUNCTIONS, LARGEST_NUMBER
from specc.expressions.written import LARGEST_LIST
from tests.support.draws import draws
from tests.support.expressions import VALUES, check_computed, check_refused

COMPUTED: dict[str, Any] = {
    "$(-width)": -64,
    "$(+width)": 64,
    "$( width )": 64,
    "$(1e3)": 1000.0,
    "$(0x10)": 16,
    "$(1_000)": 1000,
    "$(not deep)": False,
    "$(deep and width)": 64,
    "$(zero or width)": 64,
    "$(zero and 1 / 0)": 0,
    "$(deep or 1 / 0)": True,
    "$(1 if deep else 2)": 1,
    "$(1 / 0 if zero else 2)": 2,
    "$(True)": True,
    "$(true)": True,
    "$(false)": False,
    "$(null)": None,
    "$(None)": None,
    "$(sizes[0])": 1,
    "$(sizes[-1])": 3,
    "$(sizes[width % 3])": 2,
    "$(sides['left'])": 1,
    "$(name[0])": "w",
    "$(sides['rechts größer'])": 2,
    "$([1, width])": [1, 64],
    "$((1, 2))": [1, 2],
    "$([])": [],
    "$(\n  width\n  * 2)": 128,
    "$(width\t* 2)": 128,
    "$('(')": "(",
    "$('größe')": "größe",
    "$(pi > 3.14159)": True,
    "$(sizes[1:])": [2, 3],
    "$(sizes[:-1])": [1, 2],
    "$(sizes[::-1])": [3, 2, 1],
    "$(sizes[5:])": [],
    "$(sizes[null:zero])": [],
    "$(name[1:3])": "id",
    "$([2 ** i for i in range(4)])": [1, 2, 4, 8],
    "$([i for i in sizes if i % 2 if i > 1])": [3],
    "$([a * 10 + b for a in sizes for b in range(a)])": [10, 20, 21, 30, 31, 32],
    "$([[b for b in range(a)] for a in sizes])": [[0], [0, 1], [0, 1, 2]],
    "$([a - b for a, b in [[3, 1], [5, 2]]])": [2, 3],
    "$([0 for (a, b) in []])": [],
    "$([width for width in sizes] + [width])": [1, 2, 3, 64],
    "$([width for width in [width]])": [64],
    "$([1 for true in [zero] if true])": [],
    "$([key for key in sides])": ["left", "rechts größer"],
    "$(sum(sides[key] for key in sides))": 3,
    "$(len(sides))": 2,
    "$('left' in sides)": True,
    "$(sum(i * i for i in sizes))": 14,
    "$(max(len(t) for t in texts))": 1,
    "$((i for i in sizes))": [1, 2, 3],
    "$([t + '_' + str(i) for t in texts for i in range(2)])": ["a_0", "a_1", "b_0", "b_1"],
}


@pytest.mark.parametrize("text", COMPUTED)
def test_computed(text: str) -> None:
    check_computed(text, COMPUTED[text])


REFUSED: dict[str, tuple[str, str]] = {  # message, and what is marked
    "$(widht + 1)": ('there is no value "widht"', "widht"),
    "$(größe + grösse)": ('there is no value "grösse"', "grösse"),
    "$(-name)": ('must be a number, not "wide"', "name"),
    "$(sizes[3])": ("index 3 is outside a list of 3", "sizes[3]"),
    "$(sizes['a'])": ('[1, 2, 3] has no element "a"', "sizes['a']"),
    "$(sizes[true])": ("[1, 2, 3] has no element true", "sizes[true]"),
    "$(width[0])": ("64 has no element 0", "width[0]"),
    "$(sides['lfet'])": ('there is no key "lfet"', "sides['lfet']"),
    "$(width[1:])": ('"width[1:]" is not a part of a list', "width[1:]"),
    "$(sizes[rate:])": ('"sizes[rate:]" is not a part of a list', "sizes[rate:]"),
    "$(sizes[true:])": ('"sizes[true:]" is not a part of a list', "sizes[true:]"),
    "$(sizes[::zero])": ('"sizes[::zero]" has a step of 0', "sizes[::zero]"),
    "$(width.real)": ('"width.real" is not part of the expression language', "width.real"),
    "$(''.__class__.__mro__)": (
        "\"''.__class__.__mro__\" is not part of the expression language",
        "''.__class__.__mro__",
    ),
    "$(__import__('os'))": ('there is no function "__import__"', "__import__('os')"),
    "$(eval('1'))": ('there is no function "eval"', "eval('1')"),
    "$(open)": ('there is no value "open"', "open"),
    "$(min)": ("min is a function", "min"),
    "$(width())": ('there is no function "width"', "width()"),
    "$(min(*sizes))": ('"*sizes" is not part of the expression language', "*sizes"),
    "$(max(sizes, key=len))": ("max takes values, not keywords", "max(sizes, key=len)"),
    "$([widht for x in sizes])": ('there is no value "widht"', "widht"),
    "$([x for x in sizes if y])": ('there is no value "y"', "y"),
    "$([y for x in sizes for y in range(z)])": ('there is no value "z"', "z"),
    "$([b for a in b for b in sizes])": ('there is no value "b"', "b"),
    "$([x for x in sizes] + [x])": ('there is no value "x"', "x"),
    "$([x for x in width])": ("'for' goes over a list or the keys of a map, not 64", "width"),
    "$(sides.left)": ('"sides.left" is not part of the expression language', "sides.left"),
    "$(sides[left])": ('there is no value "left"', "left"),
    "$(max(sides))": ("max cannot be applied to ({left: 1, rechts größer: 2})", "max(sides)"),
    "$(min(1, sides))": ("min cannot be applied to (1, {left: 1, rechts größer: 2})", "min(1, sides)"),
    "$([a for a, b in sizes])": ('"a, b" needs a list of 2 values, not 1', "a, b"),
    "$([a for a, b in [[1]]])": ('"a, b" needs a list of 2 values, not [1]', "a, b"),
    "$([a for a[0] in sizes])": ('"a[0]" is not part of the expression language', "a[0]"),
    "$([a for a, *b in sizes])": ('"a, *b" is not part of the expression language', "a, *b"),
    "$([x / zero for x in sizes])": ('"x / zero" divides by zero', "x / zero"),
    "$([(y := x) for x in sizes])": ('"y := x" is not part of the expression language', "y := x"),
    "$({x for x in sizes})": ('"{x for x in sizes}" is not part of the expression language', "{x for x in sizes}"),
    "$({x: 1 for x in sizes})": (
        '"{x: 1 for x in sizes}" is not part of the expression language',
        "{x: 1 for x in sizes}",
    ),
    "$(math.sqrt(width))": ('"math.sqrt(width)" is not part of the expression language', "math.sqrt(width)"),
    "$(lambda: 1)": ('"lambda: 1" is not part of the expression language', "lambda: 1"),
    "$((a := 1))": ('"a := 1" is not part of the expression language', "a := 1"),
    "$({1: 2})": ('"{1: 2}" is not part of the expression language', "{1: 2}"),
    "$(f'{width}')": ("\"f'{width}'\" is not part of the expression language", "f'{width}'"),
    "$(b'a')": ("\"b'a'\" is not part of the expression language", "b'a'"),
    "$(1j)": ('"1j" is not part of the expression language', "1j"),
    "$(...)": ('"..." is not part of the expression language', "..."),
    "$(width is 64)": ('"width is 64" has a comparison that is not part of the expression language', "width is 64"),
    "$(1 << 9)": ('"1 << 9" has an operator that is not part of the expression language', "1 << 9"),
    "$(~width)": ('"~width" is not part of the expression language', "~width"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    check_refused(text, *REFUSED[text])


HUGE = {
    "powers": "$(" + "9**" * 200 + "9)",
    "products": "$(" + "big*" * 200 + "big)",
    "parentheses": "$(" + "(" * 5000 + "1" + ")" * 5000 + ")",
    "few parentheses": "$(" + "(" * 450 + "1" + ")" * 450 + ")",
    "signs": "$(" + "-" * 900 + "1)",
    "nots": "$(" + "not " * 240 + "1)",
    "lists": "$(" + "[" * 450 + "]" * 450 + ")",
    "sums": "$(" + "1+" * 490 + "1)",
    "conditions": "$(" + "1 if 0 else " * 80 + "1)",
    "indexing": "$(sizes" + "[0]" * 300 + ")",
    "doubled lists": "$(" + "([0]*100)" + "+([0]*100)" * 90 + ")",
    "lists of lists": "$([[[[0]*100]*100]*100]*100)",
    "a long text": "$('" + "a" * 20_000 + "')",
    "a long number": "$(" + "9" * 990 + ")",
    "a long float": "$(0." + "9" * 990 + ")",
    "dots": "$(" + "a." * 490 + "a)",
    "steps": "$([0 for a in range(9999) for b in range(9999) if false])",
    "steps of steps": "$(" + "[0 for a in range(99) " + "for b in range(99) " * 40 + "if false])",
    "a product": "$([0 for a in range(9999) for b in range(9999)])",
    "lists of slices": "$([(([0] * 9000)[a:]) for a in range(9000)])",
    "nested comprehensions": "$(" + "[" * 40 + "a" + " for a in range(99)]" * 40 + ")",
    "repeated sums": "$([sum([1] * 9999) for a in range(9999)])",
    "growing powers": "$([9 ** (a * a) for a in range(9999)])",
    "long strings": "$(['a' + name * 1 for a in range(9999)])",
    "calls": "$(" + "max(" * 230 + "1" + ")" * 230 + ")",
    "many in a text": "$(width) " * 3_000,
    "many not closed": "$(" * 20_000,
    "many dollars": "$" * 100_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge(name: str) -> None:
    start = time.process_time()
    try:
        found = evaluate(HUGE[name], VALUES)
    except ExpressionError as error:
        assert len(error.problem.message) < 300
    else:
        assert len(repr(found)) < 300_000
    assert time.process_time() - start < 2


def check_size(value: Any) -> None:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        assert abs(value) <= LARGEST_NUMBER
    elif isinstance(value, list):
        assert len(value) <= LARGEST_LIST
        for item in value:
            check_size(item)


ATOMS = st.sampled_from(
    [*VALUES, "0", "1", "7", "2.5", "1e300", "'ab'", "''", "[]", "[1, 'a']", "true", "null", "x", "9" * 15]
)
CALLS = [*FUNCTIONS, "print"]
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from("+ - * / // % ** < <= == != in and or is << @ .".split()),
            inner,
        ),
        st.builds("{}{}".format, st.sampled_from(["-", "not ", "+", "~", "*"]), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}[{}:{}]".format, inner, inner, inner),
        st.builds("[{} for x in {} if {}]".format, inner, inner, inner),
        st.builds("{}({} for x in {} for width in {})".format, st.sampled_from(CALLS), inner, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(CALLS), inner),
        st.builds("{}({}, {})".format, st.sampled_from("min max round int range".split()), inner, inner),
    ),
    max_leaves=12,
)


@draws(300)
@given(EXPRESSIONS)
def test_every_expression_ends(expression: str) -> None:
    text = f"$({expression})"
    try:
        check_size(evaluate(text, VALUES))
    except ExpressionError as error:
        start, end = error.problem.within or (0, 0)
        assert 0 <= start < end <= len(text)
        assert error.problem.message


@draws(300)
@given(st.text(st.sampled_from("$()[]'\"+-*/%<>=!.,:; \n\t01eaxé\\{}#@\0width"), max_size=25))
def test_every_text_ends(text: str) -> None:
    for whole in (text, f"${text}", f"$({text})"):
        try:
            check_size(evaluate(whole, VALUES))
        except ExpressionError as error:
            start, end = error.problem.within or (0, 0)
            assert 0 <= start < end <= max(1, len(whole))
