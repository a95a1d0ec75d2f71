"""How many examples the property tests draw: the suite's own number, or a multiple of it in a longer run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONGER = os.environ.get("SPECC_DRAWS")
"""What the numbers are multiplied by; the examples are then others each time, and else the same ones."""
PER_CLASS = 100
"""Examples of every class of layers in a run of the suite: twice as many show no further reason to refuse one, and no
further argument, but in the tests that draw more."""
RUN = 1 / 10
"""The share of accepted examples that Keras also runs on data; one that specc alone refuses is always run."""


def times(examples: int) -> int:
    """So many examples in the suite, as many times more in a longer run."""
    return max(1, round(examples * float(LONGER or 1)))


def draws(examples: int) -> settings:
    """The settings of a property test with that many examples in the suite."""
    return settings(
        max_examples=times(examples),
        deadline=None,
        derandomize=LONGER is None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
