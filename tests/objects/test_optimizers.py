"""What the arguments of an optimizer must be together, and what an optimizer around others may hold."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import spec

LAYERS = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
PROBLEMS: dict[str, tuple[str, str | None]] = {
    "{type: Adam, clipnorm: 1.0, clipvalue: 0.5}": (
        "Adam takes one of clipnorm and clipvalue, not both",
        "remove one",
    ),
    "{type: Adam, use_ema: true, ema_momentum: 2.0}": (
        "Adam: ema_momentum must be a number from 0 to 1, not 2.0",
        None,
    ),
    "{type: SGD, use_ema: true, ema_overwrite_frequency: -1}": (
        "SGD: ema_overwrite_frequency must be a positive integer, not -1",
        None,
    ),
    "{type: SGD, gradient_accumulation_steps: 1}": (
        "SGD: gradient_accumulation_steps must be 2 or more, not 1",
        None,
    ),
    "{type: SGD, decay: 0.1}": (
        "SGD: 'decay' cannot be given in a spec",
        "Keras ignores it; give learning_rate a schedule: {type: InverseTimeDecay, ...}",
    ),
    "{type: Muon, exclude_layers: ['(']}": (
        'Muon: exclude_layers must be a regular expression, not "("',
        "missing ), unterminated subpattern at position 0",
    ),
    "{type: LossScaleOptimizer, inner_optimizer: adam, learning_rate: 0.1}": (
        "LossScaleOptimizer: 'learning_rate' cannot be given in a spec",
        "set it on the inner optimizer",
    ),
    "{type: LossScaleOptimizer, inner_optimizer: adma}": (
        'LossScaleOptimizer: inner_optimizer: unknown optimizer "adma"',
        "did you mean 'Adam'?",
    ),
    "{type: MultiOptimizer, optimizer_map: adam}": (
        'MultiOptimizer: optimizer_map must be a map with default_optimizer and optimizer_map, not "adam"',
        None,
    ),
    "{type: MultiOptimizer, optimizer_map: {default_optimizer: {type: LossScaleOptimizer, inner_optimizer: sgd}}}": (
        "MultiOptimizer: optimizer_map: default_optimizer cannot contain a LossScaleOptimizer",
        "put it around the MultiOptimizer",
    ),
    "{type: OptimizerMap}": (
        '"OptimizerMap" cannot be used in a spec',
        "it is a part of MultiOptimizer: {type: MultiOptimizer, optimizer_map: {default_optimizer: ...}}",
    ),
    "{type: Ftrl, learning_rate_power: 1}": (
        "Ftrl: learning_rate_power must be a number of 0 or less, not 1",
        "set learning_rate_power to a number of 0 or less",
    ),
}


def told(optimizer: str) -> list[tuple[str, str | None]]:
    """The messages and helps of a spec that trains with an optimizer."""
    found = specc.check(spec(f"{LAYERS}compile: {{loss: mse, optimizer: {optimizer}}}\n"))
    return [(it.message.removeprefix("optimizer: "), it.help) for it in found]


@pytest.mark.parametrize("optimizer", PROBLEMS)
def test_what_is_wrong(optimizer: str) -> None:
    message, help = PROBLEMS[optimizer]
    ((found, found_help),) = told(optimizer)
    assert found == message
    assert help is None or found_help == help


def test_right_ones() -> None:
    inner = "{default_optimizer: sgd, optimizer_map: {'.*kernel': {type: Adam, learning_rate: 0.1}}}"
    assert told(f"{{type: MultiOptimizer, optimizer_map: {inner}}}") == []
    assert (
        told(f"{{type: LossScaleOptimizer, inner_optimizer: {{type: MultiOptimizer, optimizer_map: {inner}}}}}") == []
    )
