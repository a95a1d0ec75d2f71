"""What is left out: absent items with ``else: []``, copies of an empty list, inputs that nothing reads."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import spec as whole
from tests.support.checking import told


def inputs(graph: specc.TypedGraph, name: str) -> list[str]:
    """What a layer reads."""
    return [ref.node for ref in graph.nodes[name].refs()]


LEFT_OUT = """
    vars: {wide: false, sizes: []}
    layers:
      - {type: Input, name: x, shape: [8, 4]}
      - {type: Conv1D, name: c, filters: 4, kernel_size: 1, from: x}
      - {type: Conv1D, name: w, filters: 4, kernel_size: 3, padding: same, from: x, when: $wide, else: []}
      - {type: Conv1D, name: s, filters: 4, kernel_size: $size, padding: same, from: x, each: {size: $sizes}}
      - %s
"""


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({}, ["c"]),
        ({"wide": True}, ["c", "w"]),
        ({"sizes": [3, 5]}, ["c", "s_1", "s_2"]),
    ],
)
def test_what_is_nothing_is_left_out_of_several(values: dict[str, object], read: list[str]) -> None:
    text = LEFT_OUT % "{type: Average, name: y, from: [c, w, s]}"
    assert inputs(specc.compile(whole(text), set=values), "y") == read
    text = LEFT_OUT % '{formula: "concatenate([c, w, s])", name: y}'
    assert inputs(specc.compile(whole(text), set=values), "y") == read


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "{type: ReLU, name: y, from: w}",
            "7:33 missing-input: 'y' (ReLU) gets nothing: 'w' is absent here, and its 'else' is [] | "
            "name something else with it, or omit the item with 'when' where 'w' is",
        ),
        (
            "{type: ReLU, name: y}",
            "7:5 missing-input: 'y' (ReLU) gets nothing: 's' refers to 0 copies | "
            "name something else with it, or omit the item with 'when' where there are no copies",
        ),
        (
            "{formula: c + w, name: y}",
            "7:19 missing-input: 'y' (formula) gets nothing: 'w' is absent here, and its 'else' is [] | "
            "name something else with it, or omit the item with 'when' where 'w' is",
        ),
        (
            '{type: ReLU, name: y, from: "s[0]"}',
            "7:33 unknown-name: 'y' (ReLU): 's' has 0 copies, so there is no s[0] | "
            "omit this item with 'when' where there are no copies",
        ),
        (
            '{type: Dense, name: y, units: "$(shape(w)[-1])", from: c}',
            "7:38 unknown-shape: 'y' (Dense): 'w' is nothing here, so it has no shape | "
            "ask for it only where it is there: ... if ... else ...",
        ),
        (
            "{type: ReLU, name: y, from: c, when: $wide, else: [c]}",
            "7:55 invalid-value: 'y' (ReLU): else must be a string or [], which is nothing, not [\"c\"] | "
            "write one reference, or [] where it is left out of several",
        ),
        (
            "{type: ReLU, name: y, from: c, when: $wide, else: \"$(['c'])\"}",
            '7:55 invalid-value: else must be a name, or [] for nothing, not ["c"] | '
            "write one reference, or [] where it is left out of several",
        ),
    ],
)
def test_what_is_nothing_where_something_is_needed(item: str, expected: str) -> None:
    assert told(LEFT_OUT % item) == [expected]


OPTIONAL = """
    blocks:
      inner:
        args: {told: false}
        inputs: [x, context]
        layers:
          - {type: Dense, name: own, units: 4, from: x}
          - {type: Dense, name: other, units: 4, from: context, when: $told, else: []}
          - {type: Concatenate, name: out, from: [own, other]}
        outputs: [out]
      outer:
        args: {told: false}
        inputs: [x, context]
        layers: [{type: inner, name: deep, told: $told, from: %s}]
        outputs: [deep]
    layers:
      - {type: Input, name: a, shape: [8]}
      - {type: outer, name: y, %s}
"""


@pytest.mark.parametrize("handed", ["{x: x, context: context}", "[x, context]"])
@pytest.mark.parametrize(
    ("instance", "read"),
    [("from: a", ["y.deep.own"]), ("told: true, from: {x: a, context: a}", ["y.deep.own", "y.deep.other"])],
)
def test_an_input_that_nothing_reads_need_not_be_given_or_handed_on(
    handed: str, instance: str, read: list[str]
) -> None:
    assert inputs(specc.compile(whole(OPTIONAL % (handed, instance))), "y.deep.out") == read


@pytest.mark.parametrize("handed", ["{x: x, context: context}", "[x, context]"])
def test_an_input_that_is_read_and_not_given_is_missed_where_it_could_be_given(handed: str) -> None:
    assert told(OPTIONAL % (handed, "told: true, from: a")) == [
        "17:5 missing-input: 'y' (outer) has nothing for its input 'context' | write from: {x: ..., context: ...}"
    ]
