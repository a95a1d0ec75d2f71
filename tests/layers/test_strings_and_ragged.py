"""Strings and ragged tensors into every layer type: what specc accepts runs, and what it refuses Keras cannot run."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from zlib import crc32

import keras
import pytest

from specc import layers
from specc.backends.keras_model import realize
from specc.calls import FLOAT32
from specc.diagnostics.problem import RuleError
from specc.shapes import Tensor
from tests.support.checking import said
from tests.support.draws import LONGER
from tests.support.examples import NAMES, example, is_input
from tests.support.layer_running import refusal, why_not
from tests.support.soundness import verdict

Items = list[dict[str, Any]]

GIVEN = (
    Tensor((None, 4), "string"),
    Tensor((None, 5, 4), "string"),
    *(Tensor(shape, dtype, ragged=True) for dtype in ("float32", "int64", "string") for shape in ((None, None), (None, None, 4))),
)  # fmt: skip
REFUSED = 1 / 40
"""The share of refused ones that Keras is asked about too; all are in a longer run."""


def fed(name: str, tensor: Tensor) -> Items:
    """The example of a type with that tensor in place of all its Inputs."""
    kinds = {"batch_shape": list(tensor.shape), "dtype": tensor.dtype, "ragged": tensor.ragged}
    return [{"type": "Input", "name": item["name"], **kinds} if is_input(item) else item for item in example(name)]


def in_keras(name: str, tensor: Tensor) -> str:
    """Why Keras cannot run the type on that tensor; empty where it can."""
    cls = layers.find(name)
    item = next((item for item in example(name) if item["type"] == name), None)
    if cls is None or item is None or item.keys() & {"layer", "cell"}:
        return "not tried"
    arguments = {key: value for key, value in item.items() if key not in ("type", "name", "from", "call")}
    taken = item.get("from")
    given = list(taken) if isinstance(taken, dict) else [cls.tensors[0].name]
    count = len(taken) if isinstance(taken, list) else 1
    inputs = [tensor] * count if cls.tensors[0].many else dict.fromkeys(given, tensor)
    options = item.get("call", {})
    if not refusal(name, arguments, inputs, options, "float32")[0]:
        return "not refused by itself"
    return why_not(name, arguments, inputs, options, "float32")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_accepted_runs(name: str) -> None:
    turn = NAMES.index(name) % 8
    for tensor in GIVEN if LONGER else GIVEN[turn::8]:
        found, failed = verdict({"layers": fed(name, tensor)})
        if any(diagnostic.severity == "error" for diagnostic in found):
            chosen = LONGER or crc32(f"{name} {tensor}".encode()) / 2**32 < REFUSED
            assert not chosen or in_keras(name, tensor), (tensor, found)
        else:
            assert failed == "" or found, (tensor, failed)


STRINGS = [Tensor((None, *(4,) * rank), "string") for rank in range(1, 5)]


def test_the_dtype_that_keras_announces_of_strings() -> None:
    """Keras mostly says the compute dtype, for which an operation is then made that gets strings."""
    wrong = {}
    for name in NAMES:
        for given in STRINGS:
            cls = layers.find(name)
            assert cls is not None
            item = next((item for item in example(name) if item["type"] == name), {})
            layer, _ = cls.parse(
                {key: value for key, value in item.items() if key not in ("type", "name", "from", "call")}
            )
            if layer is None or name.startswith("ops.") or name == "Input":
                continue
            argument, *others = layer.tensor_arguments()
            if any(other.required for other in others):
                continue
            with suppress(RuleError, AssertionError):
                call = layer.call({argument.name: (given, given) if argument.many else given}, {}, FLOAT32)
                (ours, *_) = layer.infer(call)
                x = keras.Input(given.shape[1:], dtype="string")
                theirs = realize(layer)([x, x] if argument.many else x)
                if ours.dtype == "string" and ours.symbolic.dtype != theirs.dtype:
                    wrong[name] = (ours.symbolic.dtype, theirs.dtype)
                break
    assert wrong == {}


def test_strings_that_keras_takes_for_numbers() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [3], dtype: string}
          - {type: Dropout, name: d, rate: 0.5}
          - {type: ops.concatenate, name: y, axis: 1, from: [d, x]}
        """
    assert (
        said(text)[0].split(" ", 1)[1].startswith("dtype-mismatch: 'y' (ops.concatenate) is made by Keras for float32")
    )
    assert said(text.replace("Dropout, name: d, rate: 0.5", "Flatten, name: d")) == []
