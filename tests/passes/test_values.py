"""Values that need each other, and putting them in."""

from __future__ import annotations

from typing import Any

import pytest

from specc.diagnostics import Report
from specc.passes.values import LONGEST_CHAIN, Failed, Values, names_in, substitute
from specc.source import Origin
from tests.support.checking import told
from tests.support.helps import fixed_by

NOWHERE = Origin.nowhere().place


def values(report: Report, **given: Any) -> Values:
    return Values({name: (value, NOWHERE) for name, value in given.items()}, report)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("$n", 3),
        ("$(n + 1)", 4),
        ("a $n b", "a $n b"),
        ("layer_$(n)", "layer_3"),
        (["$sizes", 5], [[1, 2], 5]),
        ({"units": "$n", "name": "x"}, {"units": 3, "name": "x"}),
        (None, None),
    ],
)
def test_data_with_its_values(data: Any, expected: Any) -> None:
    report = Report()
    assert substitute(data, values(report, n=3, sizes=[1, 2]), NOWHERE, (), report) == expected


def test_data_without_values_stays_the_object_that_it_is() -> None:
    data = {"a": [1, {"b": "text"}]}
    assert substitute(data, {}, NOWHERE, (), Report()) is data


def test_all_that_is_wrong_in_some_data_is_told() -> None:
    report = Report()
    with pytest.raises(Failed):
        substitute({"a": "$x", "b": ["$(1 / 0)"]}, {}, NOWHERE, (), report, lambda: "it")
    assert [(it.message, it.place.path) for it in report.diagnostics] == [
        ('it: there is no value "x"', ("a",)),
        ('it: "1 / 0" divides by zero', ("b", 0)),
    ]


def test_values_stand_in_any_order() -> None:
    report = Report()
    found = values(report, c="$(b + a)", b="$(a * 10)", a=1)
    assert [found[name] for name in "abc"] == [1, 10, 11]
    assert not report.failed


def test_names_in_expressions() -> None:
    assert names_in(["$a", {"key": "$(b + f(c))"}, "d", 3]) == {"a", "b", "f", "c"}


REFUSED = {
    "an error in a value, once": (
        """
        vars: {a: $(1 / 0), b: $a, c: "$(b + 1)"}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: $c}
        """,
        [
            "1:13 expression: the value 'a': \"1 / 0\" divides by zero | divide by another value, or guard it: a // b if b else 0",
        ],
    ),
    "values that need each other": (
        """
        vars: {a: $b, b: $(c + 1), c: $a, d: $d, e: $a}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $e}]
        """,
        [
            "1:11 value-cycle: the value 'a' depends on itself: a -> b -> c -> a | give one of them a value that does not depend on the others",
            "1:38 value-cycle: the value 'd' depends on itself: d -> d | give one of them a value that does not depend on the others",
        ],
    ),
    "values of layers are no layers": (
        """
        vars: {n: 3}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: $m}
          - {type: Dense, name: y, units: $n, from: $hidden}
        """,
        [
            "4:40 unknown-value: 'hidden' (Dense): there is no value \"m\" | values here: n",
            "5:45 unknown-value: 'y' (Dense): there is no value \"hidden\" | a layer is referred to by its name alone, without the $; $name is a value of 'vars': values here: n",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def in_doubt(count: int) -> str:
    """Values that each name the next and the one before, so that only computing them tells which comes first."""
    row = "".join(f"  v{n}: $(v{n + 1} if n else v{max(0, n - 1)})\n" for n in range(count))
    layers = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $v0}]\n"
    return f"vars:\n  n: 1\n{row}  v{count}: 3\n{layers}"


def test_values_wait_for_so_many_others_and_no_more() -> None:
    assert told(in_doubt(LONGEST_CHAIN - 1)) == []
    assert told(in_doubt(LONGEST_CHAIN + 1)) == [
        "203:9 too-deep: the value 'v200' is at the end of a chain of more than 200 interdependent values | "
        "make the chain shorter"
    ]


OF_COPIES = """
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: q, units: 8, each: {n: [1, 2]}}
      - {type: Dense, name: r, units: 8, each: {it: [q_1, q_2]}, from: $it}
      - {type: Dense, name: s, units: 8, each: {n: [1, 2]}}
      - {type: Add, name: y}
    edges:
      - [x, q]
      - ["q[$index]", s]
      - [s, y]
      - [$it, y]
    outputs: [y, "r[$index]"]
"""


def test_values_of_copies_where_there_are_none() -> None:
    assert told(OF_COPIES) == [
        '9:9 unknown-value: there is no value "index" | an edge is the same for all copies: write from: "q[$index]" in '
        "the item, in place of the edge that ends at it",
        '11:6 unknown-value: there is no value "it" | an edge is the same for all copies: write from: $it in the item, '
        "in place of the edge that ends at it",
        '12:17 unknown-value: there is no value "index" | only the item has its copies\' values: write "r[*]" for all copies',
    ]
    assert fixed_by(
        OF_COPIES,
        ('      - ["q[$index]", s]\n', ""),
        ("name: s, units: 8,", 'name: s, units: 8, from: "q[$index]",'),
        ("      - [$it, y]\n", ""),
        ("r[$index]", "r[*]"),
    )
