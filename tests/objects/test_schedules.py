"""A learning rate is a number or a schedule, whose steps and rates go together."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import spec

LAYERS = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
PROBLEMS: dict[str, tuple[str, str | None]] = {
    "{type: PiecewiseConstantDecay, boundaries: [10], values: [0.1]}": (
        "PiecewiseConstantDecay needs one value more than boundaries, got 1 for 1",
        "give 2 values: one before each boundary and one after the last",
    ),
    "{type: PiecewiseConstantDecay, boundaries: [], values: [0.1]}": (
        "PiecewiseConstantDecay: boundaries must name a step",
        "a constant rate is a number",
    ),
    "{type: ExponentialDecay, initial_learning_rate: 0.1, decay_steps: 0, decay_rate: 0.5}": (
        "ExponentialDecay: decay_steps must be a number above 0, not 0",
        "set decay_steps to a number above 0",
    ),
    "{type: CosineDecay, initial_learning_rate: 0.1, decay_steps: 5, name: a b}": (
        "CosineDecay: name must be a name of ASCII letters, digits, '_', '.', '-' and '>', not \"a b\"",
        "set name to a name of ASCII letters, digits, '_', '.', '-' and '>'",
    ),
    "CosineDecay": (
        "SGD: learning_rate (CosineDecay) needs 'initial_learning_rate' and 'decay_steps'",
        "add 'initial_learning_rate': a number; 'decay_steps': a number above 0",
    ),
    "'0.1'": (
        'SGD: learning_rate must be a number or a learning rate schedule, not "0.1"',
        "write 0.1 without quotes",
    ),
    "1e39": (
        "SGD: learning_rate must be a number that float32 can represent, not 1e+39",
        None,
    ),
    "{type: LearningRateSchedule}": (
        '"LearningRateSchedule" cannot be used in a spec',
        "it is the base class of schedules; use ExponentialDecay, CosineDecay or another",
    ),
    "{initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.9}": (
        "SGD: learning_rate has no 'type' that says which learning rate schedule",
        "add 'type', ExponentialDecay or InverseTimeDecay",
    ),
}


def told(optimizer: str) -> list[tuple[str, str | None]]:
    """The messages and helps of a spec that trains with an optimizer."""
    found = specc.check(spec(f"{LAYERS}compile: {{loss: mse, optimizer: {optimizer}}}\n"))
    return [(it.message.removeprefix("optimizer: ").removeprefix("SGD: learning_rate: "), it.help) for it in found]


@pytest.mark.parametrize("rate", PROBLEMS)
def test_what_is_wrong(rate: str) -> None:
    message, help = PROBLEMS[rate]
    ((found, found_help),) = told(f"{{type: SGD, learning_rate: {rate}}}")
    assert found == message
    assert help is None or found_help == help


@pytest.mark.parametrize(
    "rate", ["1", "0.1", "{type: ExponentialDecay, initial_learning_rate: 0.1, decay_steps: 10, decay_rate: 0.5}"]
)
def test_right_ones(rate: str) -> None:
    assert told(f"{{type: SGD, learning_rate: {rate}}}") == []
