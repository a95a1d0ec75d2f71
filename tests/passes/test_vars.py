"""The values of a spec: its vars, those of a variant, and what the user of the spec sets."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.passes.vars import option_document
from tests.support.checking import codes, said, spec, told
from tests.support.helps import helps

CHOICES = """
    vars: {width: 8, depth: 2, how: relu}
    variants: {tiny: {width: 2, depth: 1}, deep: {depth: $(width // 2)}}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: hidden, units: $width, activation: $how, repeat: $depth}
"""


@pytest.mark.parametrize(
    ("variant", "values", "wanted"),
    [
        (None, {}, [8, 8]),
        ("tiny", {}, [2]),
        ("deep", {}, [8, 8, 8, 8]),
        (None, {"width": 3}, [3, 3]),
        ("tiny", {"depth": 3}, [2, 2, 2]),
        ("deep", {"width": 4}, [4, 4]),
        (None, {"width": "$(depth * 5)"}, [10, 10]),
    ],
)
def test_variants_and_single_values(variant: str | None, values: dict[str, Any], wanted: list[int]) -> None:
    graph = specc.compile(spec(CHOICES), variant=variant, set=values)
    assert [node.layer.units for node in graph.nodes.values() if node.type == "Dense"] == wanted  # type: ignore[attr-defined]


def test_choices_that_are_none() -> None:
    assert said(CHOICES, variant="tyni") == ['2:11 unknown-variant: there is no variant "tyni"']
    assert said(CHOICES, set={"widht": 3}) == ['1:7 unknown-value: there is no value "widht" to set']
    assert said(CHOICES, set={"width": "8"}) == [
        "1:1 argument-value: 'hidden_1' (Dense): units must be a positive integer, not \"8\""
    ]
    assert said(CHOICES, set={"width": "$(1 / 0)"}) == ["1:4 expression: the value 'width': \"1 / 0\" divides by zero"]
    assert codes("layers: [{type: Input, name: x, shape: [3]}]", variant="a") == ["unknown-variant"]


REFUSED = {
    "a mistake in a value that nothing uses": (
        """
        vars: {n: 3, rate: $(n / 0)}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $n}]
        """,
        [
            "1:22 expression: the value 'rate': \"n / 0\" divides by zero | divide by another value, or guard it: a // b if b else 0",
        ],
    ),
    "mistakes in variants, chosen or not": (
        """
        vars: {width: 3}
        variants: {tiny: {width: $(1 / 0)}, wide: {widht: 9}}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $width}]
        """,
        [
            "2:28 expression: the value 'width': \"1 / 0\" divides by zero | divide by another value, or guard it: a // b if b else 0",
            "2:44 unknown-value: variant 'wide' sets \"widht\", which is not in 'vars' | did you mean 'width'?",
        ],
    ),
    "a variant that changes a value so that another cannot be": (
        """
        vars: {n: 3, share: $(12 // n)}
        variants: {none: {n: 0}, all: {n: 1, share: $(n + zero)}}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $share}]
        """,
        [
            "2:51 unknown-value: the value 'share': there is no value \"zero\" | values here: n, share",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_value_that_is_set_is_shown_as_it_was_given() -> None:
    document = option_document("width", {"größe": [1, 2]})
    assert (document.source.name, document.source.text) == ("set width", '{"größe": [1, 2]}')
    (found,) = specc.check(spec(CHOICES), set={"width": [8]})
    assert (found.file, found.message) == ("set width", "'hidden_1' (Dense): units must be a positive integer, not [8]")


def test_a_variant_of_a_spec_without_vars() -> None:
    assert helps("""
        variants: {small: {u: 3}}
        layers: [{type: Input, name: x, shape: [8]}, {type: Dense, name: y, units: 4}]
    """) == ["the spec has no vars: add vars: {u: ...}"]
