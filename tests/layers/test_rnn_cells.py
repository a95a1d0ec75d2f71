"""Cells by themselves and stacks of them take what Keras's take, and give what Keras's give."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import message_and_help, parsed, problems_of
from tests.support.layer_draws import cells, extra, settings_of_cells

dtypes = st.sampled_from(["float32"] * 4 + ["float16", "int32", "bool", "string"])
policies = st.sampled_from(["float32"] * 3 + ["mixed_float16", "float64"])


@st.composite
def cell_calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], str]:
    name = draw(st.sampled_from(["SimpleRNN", "LSTM", "GRU"]))
    arguments = {**draw(settings_of_cells), **draw(extra[name])}
    lead = draw(st.sampled_from([(None,), (None,), (2,), (1,), (None, 5)]))  # which no number of gates divides
    one = lead if len(lead) > 1 else (1,)  # a GRUCell takes further axes where its state has none, and specc does not
    width = draw(st.sampled_from([arguments["units"], arguments["units"], 7]))
    state = (*draw(st.sampled_from([lead, lead, lead, one])), width)
    states = [
        Tensor(state, draw(st.sampled_from(["float32", "float32", "int32"]))) for _ in range(2 if name == "LSTM" else 1)
    ]
    first = "sequence" if name == "SimpleRNN" else "inputs"
    return (
        f"{name}Cell",
        arguments,
        {first: Tensor((*lead, draw(st.integers(1, 4))), draw(dtypes)), "states": states},
        draw(policies),
    )


@draws(3 * PER_CLASS)
@given(cell_calls())
def test_cells_in_a_graph(drawn: tuple[str, dict[str, Any], dict[str, Any], str]) -> None:
    name, arguments, inputs, policy = drawn
    agree(name, arguments, inputs, policy=policy, run=RUN)


@draws(PER_CLASS)
@given(st.lists(cells, min_size=1, max_size=3), st.sampled_from([None, 2]), st.data(), policies)
def test_a_stack_in_a_graph(stack: list[dict[str, Any]], batch: int | None, data: st.DataObject, policy: str) -> None:
    assume(all(cell["type"] != "LSTMCell" for cell in stack))  # whose states Keras takes in groups, see below
    states = [Tensor((batch, cell["units"])) for cell in stack]
    if not data.draw(st.integers(0, 5)):
        states[-1] = Tensor((batch, 9))  # of other numbers of states Keras drops some, or whole cells; specc does not
    inputs = {"inputs": Tensor((batch, data.draw(st.integers(1, 4))), data.draw(dtypes)), "states": states}
    agree("StackedRNNCells", {"cells": stack}, inputs, policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "accepted"),
    [
        (
            "StackedRNNCells",
            {"cells": [{"type": "GRUCell", "units": 2}, {"type": "SimpleRNNCell", "units": 3}]},
            {"inputs": Tensor((None, 3)), "states": [Tensor((None, 2)), Tensor((None, 3))]},
            True,
        ),
        (
            "LSTMCell",
            {"units": 2, "recurrent_dropout": 0.5},
            {"inputs": Tensor((None, 7, 3)), "states": [Tensor((None, 7, 2))] * 2},
            True,
        ),
        ("LSTMCell", {"units": 2}, {"inputs": Tensor((None, 7, 3)), "states": [Tensor((None, 7, 2))] * 2}, False),
        (
            "LSTMCell",
            {"units": 2, "recurrent_dropout": 0.3},
            {"inputs": Tensor((None, 3)), "states": [Tensor((None, 2), "int32"), Tensor((None, 2))]},
            True,
        ),
        (
            "LSTMCell",
            {"units": 2, "dropout": 0.3},
            {"inputs": Tensor((None, 3), "int32"), "states": [Tensor((None, 2))] * 2},
            True,
        ),
        (
            "SimpleRNNCell",
            {"units": 2, "recurrent_dropout": 0.3},
            {"sequence": Tensor((None, 3)), "states": [Tensor((None, 2), "int32")]},
            False,
        ),
        (
            "SimpleRNNCell",
            {"units": 2, "dropout": 0.3},
            {"sequence": Tensor((None, 3), "int32"), "states": [Tensor((None, 2))]},
            False,
        ),
    ],
)
def test_cases(type_name: str, arguments: dict[str, Any], inputs: Any, accepted: bool) -> None:
    agree(type_name, arguments, inputs, accepted=accepted, run=True)


def test_a_stack_in_a_graph_takes_groups_too() -> None:
    stack = parsed("StackedRNNCells", {"cells": [{"type": "LSTMCell", "units": 5}, {"type": "GRUCell", "units": 2}]})
    shapes = [(None, 3), (None, 5), (None, 5), (None, 2)]
    inputs, *states = (keras.Input(batch_shape=shape) for shape in shapes)
    outputs = keras.tree.flatten(realize(stack)(inputs, stack.nest("states", states)))
    call = stack.call(
        {"inputs": Tensor(shapes[0]), "states": tuple(map(Tensor, shapes[1:]))}, {}, Policy.named("float32")
    )
    assert [tensor.shape for tensor in stack.infer(call)] == [tensor.shape for tensor in outputs]


def test_ports() -> None:
    assert parsed("SimpleRNNCell", {"units": 2}).ports({}) == ("output", "state")


MESSAGES: list[tuple[str, dict[str, Any], dict[str, Any], str, str | None]] = [
    (
        "LSTMCell",
        {"units": 2},
        {"inputs": Tensor((None, 3)), "states": (Tensor((None, 2)),)},
        "has 2 states, got 1 in 'states'",
        "give (None, 2), (None, 2)",
    ),
    (
        "LSTMCell",
        {"units": 2},
        {"inputs": Tensor((None, 3)), "states": ()},
        "has 2 states, got 0 in 'states'",
        "give (None, 2), (None, 2)",
    ),
    (
        "GRUCell",
        {"units": 2},
        {"inputs": Tensor((None, 3)), "states": (Tensor((None, 2), "int32"),)},
        "needs a state of floats, got int32",
        "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it",
    ),
]


@pytest.mark.parametrize(("type_name", "arguments", "inputs", "message", "help"), MESSAGES)
def test_messages(
    type_name: str, arguments: dict[str, Any], inputs: dict[str, Any], message: str, help: str | None
) -> None:
    assert message_and_help(type_name, arguments, inputs) == (message, help)


PROBLEMS: list[tuple[str, dict[str, Any], str, tuple[Any, ...], str | None]] = [
    (
        "StackedRNNCells",
        {"cells": []},
        "cells must be a list of one or more cells, not []",
        ("cells",),
        "set cells to a list of one or more cells",
    ),
]


@pytest.mark.parametrize(("type_name", "arguments", "message", "path", "help"), PROBLEMS)
def test_problems(
    type_name: str, arguments: dict[str, Any], message: str, path: tuple[Any, ...], help: str | None
) -> None:
    (problem,) = problems_of(type_name, arguments)
    assert (problem.message, problem.path, problem.help) == (message, path, help)
