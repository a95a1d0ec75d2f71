"""The operations of `specc.operations.indexing` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message, operation

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("searchsorted", [(3,), (1, 4)], {}, True),
    ("searchsorted", [(3,), (2, 4)], {}, False),
    ("get_item", (None, 6), {"key": ["...", {"step": -1}]}, True),
    ("get_item", (None, 6), {"key": [None, 0, "-3:"]}, True),
    ("get_item", (None, 6), {"key": ["::", 6]}, False),
    ("get_item", (None,), {"key": [4]}, True),
    ("take", (None,), {"indices": 4}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


@pytest.mark.parametrize("axis", [None, 0, 1, -2])
def test_take_at_sparse_indices(axis: int | None) -> None:
    inputs = {"x": Tensor((4, 3)), "indices": Tensor((None, 3), "int32", sparse=True)}
    agree("take", inputs, {"axis": axis}, run=False, accepted=True)
    small = {**inputs, "indices": Tensor((None, 3), "int16", sparse=True)}
    if axis in (None, 0):  # Keras then looks them up as in an embedding
        assert message("take", small, {"axis": axis})[0] == "cannot compute with int16"
    else:
        agree("take", small, {"axis": axis}, run=False, accepted=True)


@pytest.mark.parametrize(("axis", "shape"), [(None, (None, None)), (0, (None, None, 3)), (1, (4, None, None))])
def test_take_at_ragged_indices(axis: int | None, shape: tuple[int | None, ...]) -> None:
    indices = Tensor((None, None), "int32", ragged=True)
    made, _ = operation("take").parse({"axis": axis})
    assert made is not None
    (output,) = made.infer(made.call({"x": Tensor((4, 3)), "indices": indices}, {}, Policy.named("float32")))
    assert (output.shape, output.ragged) == (shape, True)
    small = {"x": Tensor((4, 3)), "indices": indices._replace(dtype="int16")}
    assert message("take", small, {"axis": axis})[0] == "cannot compute with int16"


def test_take_from_what_is_not_dense() -> None:
    for form in ("sparse", "ragged"):
        x = Tensor((4, 3))._replace(**{form: True})
        said, _ = message("take", {"x": x, "indices": Tensor((2,), "int32")}, {"axis": 0})
        assert said == f"cannot take a {form} tensor"


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "get_item",
        (2, 3),
        {"key": [0, 0, 0]},
        "has a key for 3 axes, got (2, 3) with 2",
        "give an item for each axis at most",
    ),
    ("get_item", (2, 3), {"key": [2]}, "has no index 2 on axis 0 of (2, 3)", "use an index from -2 to 1"),
    (
        "get_item",
        (2, 3),
        {"key": "1-2"},
        'key has "1-2", which is not a slice',
        'give an index, a slice such as "1:-1" or {start: 1, stop: -1}, null for a new axis, or "..." for the axes between',
    ),
    ("get_item", (2, 3), {"key": ["...", "..."]}, 'takes "..." once', "it means all the axes between"),
    ("get_item", (2, 3), {"key": "::0"}, "takes no slice with step 0", "the step is 1 or more, or negative"),
    (
        "slice",
        (2, 3),
        {"start_indices": [0], "shape": [1, 1]},
        "has 1 numbers in 'start_indices', got (2, 3) with 2 axes",
        "give one for each axis, the batch axis too",
    ),
    (
        "slice",
        (2, 3),
        {"start_indices": [0, 2], "shape": [1, 2]},
        "takes 2 from index 2 on an axis of 3",
        "start and size must stay within the axis; size -1 takes all that is left",
    ),
    ("take", (2, 3), {"indices": [0, 3], "axis": 1}, "has no index 3 on axis 1 of (2, 3)", "use an index from -3 to 2"),
    ("take", (2, 3), {"indices": [[0, 1], [0]]}, "indices has lists of different lengths", "make them equally long"),
    (
        "take_along_axis",
        [(2, 3), Tensor((3,), "int32")],
        {"axis": 0},
        "needs as many axes in both, got (2, 3) and (3,)",
        None,
    ),
    ("top_k", (2, 3), {"k": 4}, "takes 4 elements of 3", "set k to 3 or less"),
    (
        "searchsorted",
        [(2,), Tensor((3,), "int32")],
        {},
        "needs one dtype for both, got float32 and int32",
        "put a {type: ops.cast} before one of them",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
