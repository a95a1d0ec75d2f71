"""Every layer type predicts and trains as a check says: its example, also with unknown sizes and after trained layers."""

from __future__ import annotations

from typing import Any

import keras
import pytest

import specc
from specc.shapes import Tensor
from tests.support.draws import LONGER
from tests.support.examples import NAMES, Items, example, is_input
from tests.support.soundness import failure, verdict

SIZED = {"CenterCrop", "Reshape", "RandomCrop"}
"""What is not the same for every size: the sizes of its example stay."""


def opened(items: Items) -> Items:
    """With all sizes open but the last of each input."""
    return [{**item, "shape": [*[None] * len(item["shape"][:-1]), *item["shape"][-1:]]} if is_input(item) else item
            for item in items]  # fmt: skip


def trained(items: Items) -> Items:
    """With something to train before all that takes floats."""
    made = []
    for item in items:
        if is_input(item) and item.get("dtype", "float32") == "float32":
            source = f"{item['name']}_in"
            made += [{**item, "name": source}]
            made += [{"type": "Dense", "name": item["name"], "units": item["shape"][-1], "from": source}]
        else:
            made.append(item)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_type_runs_as_check_says(name: str) -> None:
    items = example(name)
    general = trained(items if name in SIZED else opened(items))
    found, failure = verdict({"layers": general})
    if any(diagnostic.severity == "error" for diagnostic in found):  # it needs sizes
        found, failure = verdict({"layers": trained(items)})
    assert {diagnostic.code for diagnostic in found} <= {"cannot-train"}
    assert failure[:5] in ("", "train" if found else ""), failure


WAYS: tuple[tuple[str, str | None], ...] = (
    ("mixed_float16", None),
    ("mixed_bfloat16", None),
    ("float64", None),
    ("float32", "bfloat16"),
)
"""The policy of the model, and the dtype of all its layers, unlike that of its Inputs."""


def of_dtype(items: Items, dtype: str | None) -> Items:
    """With a dtype of its own for each layer that can have one."""
    fixed = dtype is None
    return [item if fixed or is_input(item) or "share" in item else {**item, "dtype": dtype} for item in items]


def in_dtype(config: Any, policy: str) -> Any:
    """The configuration of a model in which each layer has another policy; its Inputs stay as they are."""
    if isinstance(config, list):
        return [in_dtype(inner, policy) for inner in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return keras.dtype_policies.serialize(keras.dtype_policies.DTypePolicy(policy))
    return {key: in_dtype(value, policy) for key, value in config.items()}


def in_keras(items: Items, policy: str) -> str:
    """Why Keras cannot build, predict or train in a policy what specc builds in float32; empty where it can."""
    config = specc.build({"layers": items}).get_config()
    try:
        model = keras.Model.from_config(in_dtype(config, policy))
    except Exception as error:
        return f"build: {type(error).__name__}: {error}"
    inputs, said = ([Tensor(tuple(one.shape), one.dtype) for one in ones] for ones in (model.inputs, model.outputs))
    return failure(model, inputs, said)


@pytest.mark.parametrize("name", NAMES)
def test_a_type_runs_as_check_says_in_another_dtype(name: str) -> None:
    """In one of the ways, and in all of them in a longer run."""
    turn = NAMES.index(name) % len(WAYS)
    for policy, dtype in WAYS if LONGER else WAYS[turn : turn + 1]:
        found, failed = verdict({"dtype_policy": policy, "layers": of_dtype(example(name), dtype)})
        if found:  # Keras cannot either
            failed = "" if in_keras(example(name), dtype or policy) else f"{found}, and Keras runs it"
        assert failed == "", (policy, dtype)
