"""Whatever a spec says, specc answers with diagnostics: specs that work, and examples of errors, with random damage done to them."""

from __future__ import annotations

import pytest

import specc
from specc.backends import summary
from tests import fuzz
from tests.support.draws import times

PARTS = 8
INPUTS = 400
"""Of each part; ``python -m tests.fuzz`` tries as many as one likes."""


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_specs_give_diagnostics_or_models(part: int) -> None:
    count = times(INPUTS)
    failures = [
        failure for seed in range(part * count, (part + 1) * count) if (failure := fuzz.tried(seed)[1]) is not None
    ]
    assert failures == []


def test_an_input_is_made_from_its_seed_alone() -> None:
    assert fuzz.made(4711) == fuzz.made(4711)
    assert fuzz.made(4711) != fuzz.made(4712)


@pytest.mark.parametrize(
    "text",
    [
        "layers: [{class_name: null, config: {}}, {Dense: {type: 3}}, {Dense: {type: {}}}]",
        "layers: [{type: Input, name: x, shape: [3]}, RandomCrop]",
        "layers: [{type: Input, shape: []}, {type: RandomCrop, height: 2, width: 2}, {type: MixUp}]",
    ],
)
def test_what_random_damage_found(text: str) -> None:
    """Each is answered by errors."""
    assert any(found.severity == "error" for found in specc.check(specc.Spec.from_text(text)))


def test_a_slice_in_json() -> None:
    text = "layers: [{type: Input, shape: [10, 4]}, {type: ops.get_item, key: [':', '1:3']}]"
    graph = specc.compile(specc.Spec.from_text(text))
    assert '"key": [{}, {"start": 1, "stop": 3}]' in summary.as_json(graph)
