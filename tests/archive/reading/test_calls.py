"""Calls of files, read: tensors by the arguments of a layer, constants as a spec has them."""

from __future__ import annotations

from typing import Any

import pytest

from specc.archive.reading.calls import Source, constant, given, of_layer, of_model
from specc.diagnostics.problem import ProblemsError

PATH = ("layers", 1, "inbound_nodes", 0)


def tensor(name: str, call: int = 0, output: int = 0) -> dict[str, Any]:
    """A symbolic tensor as Keras saves it."""
    config = {"shape": [None, 2], "dtype": "float32", "keras_history": [name, call, output]}
    return {"class_name": "__keras_tensor__", "config": config}


X, Y = Source("x", 0, 0), Source("y", 2, 1)
SAVED_X, SAVED_Y = tensor("x"), tensor("y", 2, 1)


def layer_call(type: str, *args: Any, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    call = of_layer(type, given({"args": list(args), "kwargs": kwargs}, PATH))
    return call.tensors, call.options


def test_a_call_of_a_layer() -> None:
    assert layer_call("Dense", SAVED_X) == ({"inputs": X}, {})
    assert layer_call("Add", [SAVED_X, SAVED_Y]) == ({"inputs": [X, Y]}, {})
    assert layer_call("Add", {"class_name": "__tuple__", "items": [SAVED_X, SAVED_Y]}) == ({"inputs": [X, Y]}, {})
    assert layer_call("LSTM", SAVED_X, training=False, mask=None) == ({"sequences": X}, {})
    assert layer_call("LSTM", SAVED_X, training=True, mask=SAVED_Y) == ({"sequences": X, "mask": Y}, {"training": True})
    initial = layer_call("LSTM", SAVED_X, initial_state=[SAVED_X, SAVED_Y])
    assert initial == ({"sequences": X, "initial_state": [X, Y]}, {})
    attend = layer_call(
        "MultiHeadAttention", SAVED_X, value=SAVED_Y, use_causal_mask=True, return_attention_scores=False
    )
    assert attend == ({"query": X, "value": Y}, {"use_causal_mask": True})


def test_a_call_of_a_model() -> None:
    listed = given({"args": [[SAVED_X, SAVED_Y]], "kwargs": {"mask": [None, None], "training": True}}, PATH)
    assert (it := of_model(["u", "v"], None, listed)).tensors == {"u": X, "v": Y}
    assert it.options == {"training": True}
    by_name = given({"args": [{"v": SAVED_Y, "u": SAVED_X}], "kwargs": {}}, PATH)
    assert of_model(["u", "v"], None, by_name).tensors == {"u": X, "v": Y}
    by_key = given({"args": [{"a": SAVED_Y, "b": SAVED_X}], "kwargs": {}}, PATH)
    assert of_model(["u", "v"], ["a", "b"], by_key).tensors == {"u": Y, "v": X}
    masked = given({"args": [SAVED_X], "kwargs": {"mask": [SAVED_Y]}}, PATH)
    assert of_model(["u"], None, masked).tensors == {"u": X, "mask": [Y]}


def test_constants() -> None:
    saved = [
        {"class_name": "__tensor__", "config": {"value": [[1.5]], "dtype": "float32"}},
        {"class_name": "__slice__", "config": {"start": None, "stop": -1, "step": 2}},
        {"class_name": "__ellipsis__", "config": {}},
        {"class_name": "__tuple__", "items": [1, {"a": None}]},
    ]
    assert constant(saved, ()) == [[[1.5]], ":-1:2", "...", [1, {"a": None}]]


WRONG: list[tuple[str, list[Any], dict[str, Any], str, tuple[Any, ...]]] = [
    ("Dense", [], {}, "takes no tensor", ()),
    ("Dense", [SAVED_X, None, 3], {}, "has 3 arguments; Dense takes 2", ("args",)),
    ("Dense", [SAVED_X], {"inputs": SAVED_Y}, "gives inputs twice", ("args", 0)),
    ("Dense", [SAVED_X], {"other": SAVED_Y}, "is a tensor, which Dense does not take as other", ("kwargs", "other")),
    ("Dense", [[SAVED_X, 3]], {}, "must be a tensor or a list of tensors, without anything else", ("args", 0)),
    ("Dense", [SAVED_X], {"other": 3}, "3 is no value that Dense takes as other in a spec", ("kwargs", "other")),
]
"""A layer, what it is called with, what is said and where."""


@pytest.mark.parametrize(("type", "args", "kwargs", "message", "place"), WRONG)
def test_what_is_wrong_in_a_call(
    type: str, args: list[Any], kwargs: dict[str, Any], message: str, place: tuple[Any, ...]
) -> None:
    with pytest.raises(ProblemsError) as caught:
        layer_call(type, *args, **kwargs)
    assert [(problem.message, problem.path) for problem in caught.value.problems] == [(message, (*PATH, *place))]


@pytest.mark.parametrize(
    ("value", "message", "place"),
    [
        ({"class_name": "Lambda"}, 'must be a constant that a spec can have, not "Lambda"', ()),
        ({"class_name": "__slice__", "config": {"start": True}}, "must be an integer or null, not true", ("config", "start")),
        ({"class_name": "__tensor__", "config": {"value": [None]}}, "must be a number, or lists of them, not null", ("config", "value", 0)),
        ([X], "must be a constant, not a tensor", (0,)),
    ],
)  # fmt: skip
def test_what_is_no_constant(value: Any, message: str, place: tuple[Any, ...]) -> None:
    with pytest.raises(ProblemsError) as caught:
        constant(value, ())
    assert [(problem.message, problem.path) for problem in caught.value.problems] == [(message, place)]
