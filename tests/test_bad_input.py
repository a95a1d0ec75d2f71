"""Whatever a spec says, specc answers with diagnostics: specs that work, and examples of errors, with random damage done to them."""

from __future__ import annotations

import pytest

from tests import fuzz
from tests.draws import times

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
