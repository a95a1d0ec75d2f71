"""The ``compile`` section that is read is the one that was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

import specc
from specc.archive.reading.training import read_training
from specc.archive.writing.training import compile_config
from specc.diagnostics.problem import ProblemsError

LAYERS = [{"type": "Input", "name": "x", "shape": [4]}, {"type": "Dense", "name": "y", "units": 1}]
SECTIONS: list[dict[str, Any]] = [
    {"optimizer": {"type": "Adam", "learning_rate": 0.1}, "loss": "mse"},
    {
        "optimizer": {"type": "SGD", "learning_rate": 0.5, "momentum": 0.9},
        "metrics": ["mae", {"type": "TopKCategoricalAccuracy", "k": 3}],
    },
    {
        "optimizer": {
            "type": "RMSprop",
            "learning_rate": {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 10},
        },
        "loss": {"type": "BinaryCrossentropy", "from_logits": True},
        "steps_per_execution": 4,
        "jit_compile": True,
    },
    {"optimizer": {"type": "SGD", "clipnorm": 1.0}, "loss": "mse", "weighted_metrics": ["mse"], "run_eagerly": True},
]


def saved(section: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps(compile_config(specc.compile({"layers": LAYERS, "compile": section})))
    )
    return found


@pytest.mark.parametrize("section", SECTIONS, ids=", ".join)
def test_a_section_is_read_as_it_was_written(section: dict[str, Any]) -> None:
    config = saved(section)
    read = read_training(config)
    assert read is not None
    assert saved(read) == config
    assert read == section


def test_a_model_that_was_not_compiled() -> None:
    assert [read_training(it) for it in (None, {}, {"loss": "mse", "optimizer": None})] == [None, None, None]


def test_objects_that_are_not_keras_own() -> None:
    mine = {"module": "mine", "class_name": "Mine", "config": {}, "registered_name": "mine>Mine"}
    function = {"module": "builtins", "class_name": "function", "config": "own_loss", "registered_name": "function"}
    for key, value, message, path in [
        ("loss", function, 'unknown loss "own_loss"', ("loss",)),
        ("metrics", [["mae"], [function]], 'unknown metric "own_loss"', ("metrics", 1, 0)),
        ("loss", 3, "must be a loss, not 3", ("loss",)),
        ("optimizer", mine, 'unknown layer "mine>Mine" of "mine"', ("optimizer", "class_name")),
    ]:
        with pytest.raises(ProblemsError) as caught:
            read_training({"optimizer": "adam", key: value})
        assert [(it.message, it.path) for it in caught.value.problems] == [(message, path)]
