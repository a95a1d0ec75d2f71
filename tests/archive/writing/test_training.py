"""What a model is compiled with, in the architecture and in the weights of an archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import pytest

import specc
from specc.archive.writing.training import State, compile_config, states
from tests.support.archives import differences, read
from tests.support.checking import spec

MODEL = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: y, units: 1}
      - {type: Dense, name: z, units: 1, from: x}
    outputs: [y, z]
"""
STEPS, RATE = ("int64", 0), ("float32", 0.5)
SCHEDULE = "{type: ExponentialDecay, initial_learning_rate: 0.1, decay_steps: 10, decay_rate: 0.5}"
COMPILED: list[tuple[str, dict[str, Any], list[State]]] = [
    ("{optimizer: {type: SGD, learning_rate: 0.5}, loss: {y: mse, z: {type: Huber, delta: 2}}, metrics: {y: [mae]}}",
     {"loss_weights": None, "metrics": {"y": ["mae"]}, "weighted_metrics": None, "run_eagerly": False,
      "steps_per_execution": 1, "jit_compile": False},
     [State("optimizer", "sgd", (STEPS, RATE))]),
    (f"{{optimizer: {{type: RMSprop, name: own, learning_rate: {SCHEDULE}}}, loss: [mse, mae], loss_weights: [2, 1], jit_compile: true}}",
     {"loss": {"y": "mse", "z": "mae"}, "loss_weights": {"y": 2.0, "z": 1.0}, "metrics": None, "run_eagerly": False, "jit_compile": True},
     [State("optimizer", "own", (STEPS,))]),
    ("{optimizer: {type: LossScaleOptimizer, inner_optimizer: {type: SGD, learning_rate: 0.5, loss_scale_factor: 2}}, loss: mse, run_eagerly: true}",
     {"run_eagerly": True, "jit_compile": False, "steps_per_execution": 1},
     [State("optimizer", "loss_scale_optimizer", (STEPS, ("float32", 0.0), STEPS, RATE)),
      State("optimizer/inner_optimizer", "sgd", (STEPS, RATE))]),
    ("{optimizer: {type: SGD, learning_rate: 0.5, loss_scale_factor: 2}, loss: mse}\n    dtype_policy: mixed_float16",
     {"auto_scale_loss": None},
     [State("optimizer", "loss_scale_optimizer", (STEPS, ("float32", 0.0), STEPS, RATE)),
      State("optimizer/inner_optimizer", "sgd", (STEPS, RATE))]),
]  # fmt: skip
"""What a spec says, a part of what is saved of it, and the state of the optimizer."""


@pytest.mark.parametrize(("said", "saved", "state"), COMPILED)
def test_what_a_model_is_compiled_with(said: str, saved: dict[str, Any], state: list[State], tmp_path: Path) -> None:
    written = spec(f"{MODEL}    compile: {said}\n")
    graph = specc.compile(written)
    config = json.loads(json.dumps(compile_config(graph)))
    assert {key: config.get(key) for key in saved} == saved
    assert list(states(graph)) == state
    keras.utils.clear_session(free_memory=False)  # it counts the names of its optimizers anew
    specc.build(written).save(tmp_path / "model.keras")
    wanted = read(tmp_path / "model.keras")
    assert list(differences(config, wanted.config["compile_config"])) == []
    assert in_archive(state) == {key: value for key, value in wanted.weights.items() if key.startswith("optimizer/")}


def in_archive(state: list[State]) -> dict[str, Any]:
    """The members of an archive with the state of an optimizer."""
    found: dict[str, Any] = {it.path: {} for it in state[1:]}
    for it in state:
        found[f"{it.path}/vars"] = {"name": it.name}
        found |= {f"{it.path}/vars/{place}": (value, {}) for place, (_, value) in enumerate(it.variables)}
    return found


def test_a_model_that_is_not_compiled() -> None:
    graph = specc.compile(spec(MODEL))
    assert (compile_config(graph), list(states(graph))) == ({}, [])
