"""Values that are computed in the keys of items."""

from __future__ import annotations

import pytest

from tests.support.checking import said


@pytest.mark.parametrize(
    ("wiring", "message"),
    [
        ("from: $n, when: false", "'from' must be a name, a list of names, or a map of call arguments to these, not 3"),
        ("from: [x, $n], when: false", "'from' must be a name, a list of names, or a map of call arguments to these; 3 is not a valid name"),
        ("from: x, when: false, else: $n", "else must be a name, or [] for nothing, not 3"),
        ("from: x, when: $yes, else: $n", "else must be a string or [], which is nothing, not 3"),
        ("from: [$n, x], repeat: 0", "'from' must be a name, a list of names, or a map of call arguments to these, not 3"),
    ],
)  # fmt: skip
def test_what_an_absent_item_refers_to_is_a_name(wiring: str, message: str) -> None:
    head = "vars: {n: 3, yes: true}\nlayers:\n  - {type: Input, name: x, shape: [4]}\n"
    found = said(f"{head}  - {{type: Add, name: a, {wiring}}}\n  - {{type: Dense, units: 1, from: a}}\n")
    assert [line.split(": ", 1)[1].rpartition("'a' (Add): ")[2] for line in found] == [message]
