"""A ``compile`` section that says something else than what a model was compiled with is found out."""

from __future__ import annotations

import pytest

from specc.importing.training_proof import training_differences
from tests.support.importing import saved

MODEL = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: y, units: 1}
      - {type: Dense, name: z, units: 1, from: x}
    outputs: [y, z]
    compile: """
COMPILED = "{optimizer: {type: SGD, learning_rate: 0.5}, loss: {y: mse, z: mae}, loss_weights: {y: 2, z: 1}, metrics: {y: [mae]}}"


def said(changed: str) -> list[str]:
    ours, theirs = (saved(MODEL + it)["compile_config"] for it in (COMPILED, changed))
    return list(training_differences(ours, theirs, ["y", "z"], ["y", "z"]))


def test_the_same_section() -> None:
    assert said(COMPILED) == []
    by_place = COMPILED.replace("{y: mse, z: mae}", "[mse, mae]").replace("{y: 2, z: 1}", "[2, 1]")
    assert said(by_place) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("SGD", "Adam", 'class_name is "Adam" in place of "SGD"'),
        ("0.5", "0.25", "learning_rate is 0.25 in place of 0.5"),
        ("z: mae}", "z: mse}", '"mse"'),
        ("y: 2,", "y: 3,", "3"),
        ("[mae]", "[mse]", '"mse"'),
        ("loss:", "run_eagerly: true, loss:", "run_eagerly is True in place of False"),
        ("loss:", "steps_per_execution: 2, loss:", "steps_per_execution is 2 in place of 1"),
    ],
)
def test_another_section(old: str, new: str, expected: str) -> None:
    found = said(COMPILED.replace(old, new, 1))
    assert found
    assert all(it.startswith("compile: ") for it in found)
    assert any(expected in it for it in found), found
