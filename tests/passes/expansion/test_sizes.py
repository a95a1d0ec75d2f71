"""What an expansion costs is what it makes, whether it is known before or decided by values."""

from __future__ import annotations

import pytest

from specc import budget
from specc.diagnostics import Report
from specc.frontend.parse import parse
from specc.passes.vars import Settings
from specc.pipeline import Spec, lower
from tests.support.checking import spec

BLOCKS = """
    blocks:
      leaf: {args: {n: 1, is: true}, inputs: [i], layers: [{type: ReLU, name: a, repeat: $n}, {type: ReLU, name: b, when: $is}], outputs: [b]}
      pair: {inputs: [i], layers: [{type: leaf, name: one}, {type: leaf, name: two, repeat: 2}], outputs: [two]}
      some: {args: {which: leaf}, inputs: [i], layers: [{type: $which, name: it}, {type: pair, name: p, when: false}], outputs: [it]}
"""  # fmt: skip

MADE = {
    "{type: ReLU}": 1,
    "{type: ReLU, repeat: 5}": 5,
    "{type: ReLU, name: r, repeat: 0}": 1,
    "{type: ReLU, name: r, repeat: $(2 + 2)}": 4,
    "{type: ReLU, name: r, repeat: $(2 - 2)}": 1,
    "{type: leaf}": 3,
    "{type: leaf, n: 4}": 6,
    "{type: leaf, n: 0}": 3,
    "{type: leaf, is: false}": 3,
    "{type: pair}": 1 + 3 + 2 * 3,
    "{type: pair, repeat: 2}": 20,
    "{type: pair, repeat: $(1 + 1)}": 20,
    "{type: pair, when: true}": 10,
    "{type: pair, when: false}": 1,
    "{type: pair, nested: true}": 10,
    "{type: some}": 1 + 3 + 1,
    "{type: some, which: pair}": 1 + 10 + 1,
    "{type: some, which: ReLU}": 1 + 1 + 1,
    "{type: leaf, name: e, from: x, n: $k, each: {k: [1, 2, 3]}}": 3 + 4 + 5,
    "{type: leaf, name: e, from: x, n: $k, each: {k: $(range(3))}}": 3 + 3 + 4,
    "{type: TimeDistributed, layer: leaf}": 1 + 2,
}


@pytest.mark.parametrize("item", MADE)
def test_what_is_spent_is_what_is_made(item: str) -> None:
    text = f"{BLOCKS}\n    layers: [{{type: Input, name: x, shape: [4, 3]}}, {item}]"
    document = Spec.from_text(spec(text).text).document
    report = Report()
    with budget.compilation(len(text)) as left:
        parsed = parse(document, report)
        assert parsed is not None
        lower(document, parsed, Settings(), report)
    assert left.most_layers - left.layers == 1 + MADE[item]
