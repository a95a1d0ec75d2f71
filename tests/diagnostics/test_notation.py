"""Values as a help writes them: YAML's flow style, which reads back as the same value."""

from __future__ import annotations

from typing import Any

import pytest

from specc.diagnostics.notation import flow
from specc.frontend.read import read_text


@pytest.mark.parametrize(("value", "written"), [
    ("relu", "relu"), ("$width", "$width"), ("$(2 * width)", "$(2 * width)"), ("a/b.yaml", "a/b.yaml"), ("two words", "two words"),
    (None, "null"), (True, "true"), (-3, "-3"), (0.5, "0.5"), ([3, [3, "same"]], "[3, [3, same]]"), ({}, "{}"), ([], "[]"),
    ({"type": "Dense", "units": 4}, "{type: Dense, units: 4}"),
    # What YAML would read as something else is quoted.
    ("", '""'), ("null", '"null"'), ("True", '"True"'), ("~", '"~"'), ("8", '"8"'), ("1e3", '"1e3"'), ("a: b", '"a: b"'), ("a, b", '"a, b"'),
    ("a #b", '"a #b"'), ("[a]", '"[a]"'), ("a ", '"a "'), ("-", '"-"'), ("'", '"\'"'), ("größe", '"größe"'), ("a\nb", '"a\\nb"'),
    ("$(f({a}))", '"$(f({a}))"'), ({"no": "Yes", "1": "off"}, '{"no": "Yes", "1": "off"}'),
    (".5", '".5"'), (".Inf", '".Inf"'), (".nan", '".nan"'), ("./a.yaml", "./a.yaml"), ("../a", "../a"), (".", '"."'),
    # So is what a text cannot have.
    ("a\u2028b\x7f", '"a\\u2028b\\u007f"'), ("\ufeff", '"\\ufeff"'), ("😀", '"😀"'),
])  # fmt: skip
def test_flow(value: Any, written: str) -> None:
    assert flow(value) == written
    assert read_text(f"it: {{x: {written}}}", "spec.yaml").data == {"it": {"x": value}}


def test_a_place_that_is_left_open() -> None:
    assert flow({"units": "..."}) == "{units: ...}"
