"""Strings and ragged tensors into every layer type: what specc accepts runs, and what it refuses Keras cannot run."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import pytest

from specc import layers
from specc.shapes import Tensor
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
