"""What is meant by parts that no formula has."""

from __future__ import annotations

import pytest

from specc.formulas.meant import FORMS
from tests.support.formulas import refused


@pytest.mark.parametrize(("text", "help"), [
    ("x and y > 1", "write x & (y > 1)"),
    ("x or not y", "write x | (not y)"),
    ("not x", "write ~x"),
    ("x * 2 if x > 0 else x", "write where(x > 0, x * 2, x)"),
    ("x ^ 2", "write x ** 2 for a power, logical_xor(a, b) for either"),
    ("x << 2", FORMS),
    ("{'a': x}", FORMS),
    ("z = x * 2", "write == to compare; 'name' names the result"),
    ("x && y", "write & for and"),
    ("x || y", "write | for or"),
    ("!x", "write ~x for not"),
    ("x > 0 ? x : 1", "write where(condition, a, b)"),
    ("sum(x", 'in YAML\'s flow style {...}, quote a formula that has a comma or a bracket: formula: "sum(x, axis=1)"'),
    ("x +", FORMS),
])  # fmt: skip
def test_helps(text: str, help: str) -> None:
    assert refused(text)[1] == help
