"""Sections of a spec, and what is written in place of them: values, maps, warnings that are allowed."""

from __future__ import annotations

import pytest

from tests.support.checking import parsed, said
from tests.support.helps import helps

BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
FORMS: dict[str, list[str]] = {
    f"{BASE}vars: [1]": ["4:7 invalid-value: vars must be a map of names to values, not [1]"],
    f"{BASE}vars: {{a-b: 1}}": ['4:8 invalid-name: "a-b" is not a valid name for a value'],
    f"{BASE}variants: {{tiny: 3}}": ["4:18 invalid-value: variant 'tiny' must be a map, not 3"],
    f"{BASE}compile: [mse]": ['4:10 invalid-value: compile must be a map, not ["mse"]'],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


@pytest.mark.parametrize(("section", "help"), [
    ("compile: [adam, mse]", "for instance {optimizer: adam, loss: mse}"),
    ("expect: 5M", 'for instance {params: "< 5M"}'),
    ("vars: {$u: 3}", "write u"),
    ("vars: {u-v: 3}", "write u_v"),
    ("vars: {'$': 3}", "letters, digits and '_', as in width_2"),
    ("defaults: {Dense: 3}", "as in {Conv2D: {padding: same}}"),
    ("variants: {small: 3}", "as in {small: {units: 10}}"),
    ("allow: unused-var", "write [unused-var]"),
    ("allow: [unused-vars]", "did you mean 'unused-var'?"),
    ("allow: [cycle]", "remove it, and fix what it reports"),
])  # fmt: skip
def test_sections(section: str, help: str) -> None:
    assert helps(f"{BASE}{section}\n") == [help]


def test_items_of_the_same_strings_are_one_object() -> None:
    relu, again, other, number, truth = parsed("""
layers:
  - {type: ReLU, from: x}
  - {type: ReLU, from: x}
  - {type: ReLU, name: x}
  - {type: Dense, units: 1}
  - {type: Dense, units: true}
""").layers
    assert relu is again
    assert other != relu
    assert number.arguments["units"] is not True
    assert truth.arguments["units"] is True
