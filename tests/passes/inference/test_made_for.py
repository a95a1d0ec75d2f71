"""What is called again has the sizes that values inside it were computed from."""

from __future__ import annotations

import pytest

from tests.support.checking import said

TEXT = """
allow: [unused-block]
blocks:
  pool:
    inputs: [x]
    layers:
      - {type: Dense, name: h, units: "$(shape(x)[-1])"}
      - {type: AveragePooling1D, name: pooled, pool_size: "$(shape(ASKED)[1])"}
      - {type: Dense, name: unread, units: 3, from: x}
    outputs: [pooled]
  outer:
    inputs: [x]
    layers:
      - {type: pool, name: inner, nested: NESTED}
    outputs: [inner]
layers:
  - {type: Input, name: a, shape: [10, 8]}
  - {type: Input, name: b, shape: [SIZE, 8]}
  - {type: BLOCK, name: one, from: a, nested: NESTED}
  - {share: one, name: two, from: b}
"""
CALLED = {
    ("pool", "false", "x"): "'two' (pool) was made for 10 on axis 1 of 'x'",
    ("pool", "false", "h"): "'two' (pool) was made for 10 on axis 1 of 'h'",
    ("pool", "true", "x"): "'two' (pool) was made for 10 on axis 1 of 'x'",
    ("pool", "true", "h"): "'two' (pool) was made for 10 on axis 1 of 'h'",
    ("outer", "false", "x"): "'two.inner' (pool) was made for 10 on axis 1 of 'x'",
    ("outer", "true", "h"): "'inner' (pool) was made for 10 on axis 1 of 'h'",
}


@pytest.mark.parametrize("call", CALLED, ids=" ".join)
def test_a_call_with_another_size_is_refused(call: tuple[str, str, str]) -> None:
    block, nested, asked = call
    text = TEXT.replace("BLOCK", block).replace("NESTED", nested).replace("ASKED", asked)
    found = said(text.replace("SIZE", "12"))
    assert [f"{CALLED[call]}, and has " in it for it in found] == [True]
    assert said(text.replace("SIZE", "10")) == []


@pytest.mark.parametrize("nested", ["false", "true"])
def test_sizes_that_nothing_asked_for_may_differ(nested: str) -> None:
    text = TEXT.replace("BLOCK", "pool").replace("NESTED", nested).replace('"$(shape(ASKED)[1])"', "2")
    assert said(text.replace("SIZE", "12")) == []


def test_a_model_is_made_for_all_it_is_given_if_what_was_asked_leads_to_no_output() -> None:
    text = TEXT.replace("BLOCK", "pool").replace("NESTED", "true").replace("ASKED", "unread")
    unread, rest = "      - {type: Dense, name: unread, units: 3, from: x}\n", text
    rest = (
        rest.replace(unread, "")
        .replace("      - {type: Average", f"{unread}      - {{type: Average")
        .replace("pool_size:", "from: h, pool_size:")
    )
    assert said(rest.replace("SIZE", "10")) == []
    assert ["was made for 10 on axis 1 of 'x'" in it for it in said(rest.replace("SIZE", "12"))] == [True]
