"""Recurrent layers take what Keras's take, and give what Keras's give."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.checking import said
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import masks, message_and_help, parsed, problems_of, same_paths
from tests.support.layer_draws import cells, extra, flags, settings_of_cells

X = Tensor((None, 4, 3))
LSTM_CELL = {"type": "LSTMCell", "units": 2}
GRU_CELL = {"type": "GRUCell", "units": 2}


@pytest.mark.parametrize("implementation", [0, 1, 2])
@pytest.mark.parametrize("name", ["LSTM", "GRU"])
def test_implementation(name: str, implementation: int) -> None:
    arguments = {"units": 2, "implementation": implementation}
    agree(name, arguments, (None, 4, 3), run=True, accepted=True)
    states = [Tensor((None, 2))] * (2 if name == "LSTM" else 1)
    agree(f"{name}Cell", arguments, {"inputs": Tensor((None, 3)), "states": states}, run=True, accepted=True)


dim = st.none() | st.integers(1, 5)
dtypes = st.sampled_from(["float32"] * 4 + ["float16", "int32", "bool", "string"])
policies = st.sampled_from(["float32"] * 3 + ["mixed_float16", "float64"])


@st.composite
def layer_calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], str]:
    name = draw(st.sampled_from(["SimpleRNN", "LSTM", "GRU"]))
    arguments = {**draw(settings_of_cells), **draw(extra[name]), **draw(flags)}
    rank = draw(st.sampled_from([3, 3, 3, 3, 2, 4]))
    shape = (
        draw(dim),
        draw(st.integers(1, 5)) if arguments.get("unroll") else draw(dim),
        *(draw(st.integers(1, 5)) for _ in range(rank - 2)),
    )
    inputs: dict[str, Any] = {"sequences": Tensor(shape, draw(dtypes))}
    if draw(st.integers(0, 3)) == 0:
        wanted = 2 if name == "LSTM" else 1
        widths: list[int] = draw(st.sampled_from([[arguments["units"]] * wanted, [7] * wanted]))
        inputs["initial_state"] = [
            Tensor((shape[0], width), draw(st.sampled_from(["float32", "int32"]))) for width in widths
        ]
    if draw(st.integers(0, 3)) == 0:
        inputs["mask"] = Tensor(
            draw(st.sampled_from([shape[:2], (*shape[:2], 1), (shape[0],), (*shape[:2], 7)])), "bool"
        )
    return name, arguments, inputs, draw(policies)


@draws(3 * PER_CLASS)
@given(layer_calls())
def test_layers(drawn: tuple[str, dict[str, Any], dict[str, Any], str]) -> None:
    name, arguments, inputs, policy = drawn
    agree(name, arguments, inputs, policy=policy, run=RUN)


@draws(PER_CLASS)
@given(
    cell=cells | st.lists(cells, min_size=1, max_size=3),
    arguments=flags,
    shape=st.tuples(dim, st.integers(1, 4), st.integers(1, 4)),
    dtype=dtypes,
    policy=policies,
)
def test_rnn_around_cells(cell: Any, arguments: dict[str, Any], shape: Any, dtype: str, policy: str) -> None:
    agree("RNN", {"cell": cell, **arguments}, Tensor(shape, dtype), policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "accepted"),
    [
        ("LSTM", {"units": 2, "stateful": True}, (None, 4, 3), False),
        ("LSTM", {"units": 2, "stateful": True, "return_state": True}, (2, 4, 3), True),
        ("LSTM", {"units": 2}, (None, 4, None), False),
        ("LSTM", {"units": 2, "use_cudnn": "auto"}, (None, None, 3), True),
        (
            "RNN",
            {"cell": {"type": "LSTMCell", "units": 2, "dtype": "float64"}, "return_state": True},
            (None, 4, 3),
            True,
        ),
        ("RNN", {"cell": {"type": "LSTMCell", "units": 2}}, (None, 4, 2, 3), False),
        ("RNN", {"cell": [{"type": "LSTM", "units": 2}]}, (None, 4, 3), False),
        ("RNN", {"cell": {"type": "Dense", "units": 2}}, (None, 4, 3), False),
        ("RNN", {"cell": []}, (None, 4, 3), False),
        (
            "RNN",
            {
                "cell": [
                    {"type": "StackedRNNCells", "cells": [{"type": "LSTMCell", "units": 2}]},
                    {"type": "GRUCell", "units": 2},
                ]
            },
            (None, 4, 3),
            True,
        ),
        ("RNN", {"cell": [LSTM_CELL], "unroll": True}, (None, 4, 3), False),
        ("RNN", {"cell": LSTM_CELL, "unroll": True}, (None, 4, 3), True),
        ("RNN", {"cell": [LSTM_CELL, GRU_CELL], "unroll": True}, (None, 4, 3), True),
        ("RNN", {"cell": [GRU_CELL], "unroll": True}, (None, 4, 3), True),
        ("RNN", {"cell": [{"type": "StackedRNNCells", "cells": [LSTM_CELL]}], "unroll": True}, (None, 4, 3), False),
        ("RNN", {"cell": {"type": "StackedRNNCells", "cells": [LSTM_CELL]}, "unroll": True}, (None, 4, 3), False),
        (
            "RNN",
            {"cell": [{"type": "StackedRNNCells", "cells": [{"type": "LSTMCell", "units": 2}]}], "return_state": True},
            (None, 4, 3),
            False,
        ),
        (
            "RNN",
            {"cell": [{"type": "StackedRNNCells", "cells": [{"type": "GRUCell", "units": 2}]}], "return_state": True},
            (None, 4, 3),
            True,
        ),
        ("LSTM", {"units": 2}, {"sequences": X, "initial_state": [Tensor((None, 2))]}, False),
        ("LSTM", {"units": 2}, {"sequences": X, "initial_state": [Tensor((None, 2))] * 3}, False),
        ("LSTM", {"units": 2}, {"sequences": X, "initial_state": [Tensor((1, 2))] * 2}, True),
        ("SimpleRNN", {"units": 2, "dropout": 1.0}, Tensor((None, 4, 3), "int32"), True),
        ("GRU", {"units": 2, "dropout": 0.3}, Tensor((None, 4, 3), "int32"), False),
    ],
)
def test_cases(type_name: str, arguments: dict[str, Any], inputs: Any, accepted: bool) -> None:
    agree(type_name, arguments, inputs, accepted=accepted, run=True)


def test_states_go_to_keras_in_the_groups_of_the_cells() -> None:
    arguments = {"cell": [{"type": "LSTMCell", "units": 5}, {"type": "GRUCell", "units": 2}], "return_state": True}
    layer = parsed("RNN", arguments)
    shapes = [(None, 5), (None, 5), (None, 2)]
    states = [keras.Input(batch_shape=shape) for shape in shapes]
    grouped = layer.nest("initial_state", states)
    assert grouped == [[states[0], states[1]], states[2]]
    x = keras.Input((4, 3))
    outputs = keras.tree.flatten(realize(layer)(x, initial_state=grouped))
    model = keras.Model([x, *states], outputs)
    results = model([keras.ops.zeros((2, *tensor.shape[1:])) for tensor in [x, *states]])
    call = layer.call({"sequences": X, "initial_state": tuple(map(Tensor, shapes))}, {}, Policy.named("float32"))
    assert [tensor.shape for tensor in layer.infer(call)] == [tensor.shape for tensor in outputs]
    assert [tuple(result.shape) for result in results] == [(2, 2), (2, 5), (2, 5), (2, 2)]
    assert layer.ports({}) == ("output", "state_0", "state_1", "state_2")


def test_ports() -> None:
    assert parsed("LSTM", {"units": 2}).switched_ports() == {
        "state_h": "return_state: true",
        "state_c": "return_state: true",
    }
    assert parsed("LSTM", {"units": 2, "return_state": True}).ports({}) == ("output", "state_h", "state_c")
    assert parsed("GRU", {"units": 2, "return_state": True}).ports({}) == ("output", "state")
    assert parsed("RNN", {"cell": {"type": "GRUCell", "units": 2}, "return_state": True}).ports({}) == (
        "output",
        "state_0",
    )


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        ("LSTM", {"units": 2}),
        ("SimpleRNN", {"units": 2}),
        ("GRU", {"units": 2}),
        ("RNN", {"cell": {"type": "LSTMCell", "units": 2}}),
        ("RNN", {"cell": {"type": "GRUCell", "units": 2, "name": "mine"}}),
        (
            "RNN",
            {
                "cell": [
                    {"type": "LSTMCell", "units": 2},
                    {"type": "GRUCell", "units": 2},
                    {"type": "LSTMCell", "units": 2},
                ]
            },
        ),
    ],
)
def test_paths_of_weights(type_name: str, arguments: dict[str, Any]) -> None:
    same_paths(type_name, arguments, {"sequences": X})


def test_masks() -> None:
    masked = X._replace(mask=(None, 4))
    sequences = {"units": 2, "return_sequences": True, "return_state": True}
    assert masks("LSTM", sequences, {"sequences": masked}) == [(None, 4), None, None]
    assert masks("LSTM", {"units": 2}, {"sequences": masked}) == [None]
    assert masks("GRU", sequences, {"sequences": X, "mask": Tensor((None, 4), "bool")}) == [(None, 4), None]
    # with an initial state Keras hands the mask on without using it, so that it need not fit
    strange = X._replace(mask=(None, 4, 6))
    states = (Tensor((None, 2)),)
    assert masks("GRU", {"units": 2, "return_sequences": True}, {"sequences": strange, "initial_state": states}) == [
        (None, 4, 6)
    ]


MESSAGES: list[tuple[str, dict[str, Any], dict[str, Any], str, str | None]] = [
    (
        "LSTM",
        {"units": 2, "stateful": True},
        {"sequences": X},
        "is stateful and needs a known batch size, got (None, 4, 3)",
        "give the Input a batch_size",
    ),
    (
        "LSTM",
        {"units": 2, "unroll": True},
        {"sequences": Tensor((None, None, 3))},
        "cannot unroll an unknown number of time steps, got (None, None, 3)",
        "give the time axis a number in the Input's shape, or remove unroll",
    ),
    (
        "LSTM",
        {"units": 2},
        {"sequences": X, "initial_state": (Tensor((None, 2)),)},
        "has 2 states, got 1 in 'initial_state'",
        "give (None, 2), (None, 2)",
    ),
    (
        "GRU",
        {"units": 2},
        {"sequences": X, "initial_state": (Tensor((None, 3)),)},
        "needs a state of shape (None, 2) in 'initial_state', got (None, 3)",
        "take it from a layer with the same number of units",
    ),
    (
        "GRU",
        {"units": 2},
        {"sequences": X, "mask": Tensor((None, 3), "bool")},
        "needs a mask of shape (None, 4), got (None, 3)",
        "a mask has one value for each time step: (batch, time)",
    ),
    (
        "GRU",
        {"units": 2},
        {"sequences": X._replace(mask=(None, 4, 6))},
        "cannot use the mask (None, 4, 6) that comes with its input (None, 4, 3)",
        "give it a mask of shape (None, 4), as in from: {sequences: ..., mask: ...}",
    ),
    (
        "GRU",
        {"units": 2, "dropout": 0.5},
        {"sequences": X._replace(dtype="int32")},
        "needs an input of floats, got int32",
        "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it",
    ),
    (
        "GRU",
        {"units": 2},
        {"sequences": X._replace(sparse=True)},
        "cannot take a sparse tensor",
        "remove 'sparse' from the Input or the layer that sets it",
    ),
    (
        "LSTM",
        {"units": 2},
        {"sequences": Tensor((None, 4, None))},
        "needs a known size on axis -1 to size its kernel, got (None, 4, None)",
        "give that dimension a number in the Input's shape",
    ),
    (
        "LSTM",
        {"units": 2},
        {"sequences": Tensor((None, 4))},
        "needs an input of 3 dimensions, got (None, 4) with 2",
        "give each example a time axis, the first after the batch axis",
    ),
]


@pytest.mark.parametrize(("type_name", "arguments", "inputs", "message", "help"), MESSAGES)
def test_messages(
    type_name: str, arguments: dict[str, Any], inputs: dict[str, Any], message: str, help: str | None
) -> None:
    assert message_and_help(type_name, arguments, inputs) == (message, help)


PROBLEMS: list[tuple[str, dict[str, Any], str, tuple[Any, ...], str | None]] = [
    (
        "RNN",
        {"cell": [LSTM_CELL], "unroll": True},
        "cannot unroll a stack of one LSTMCell",
        ("unroll",),
        "give the cell itself, without a list, or remove unroll",
    ),
    (
        "RNN",
        {"cell": [{"type": "StackedRNNCells", "cells": [GRU_CELL]}, GRU_CELL], "unroll": True},
        "cannot unroll stacks inside a stack",
        ("unroll",),
        "put the inner stack's cells into the outer one, or remove unroll",
    ),
    (
        "RNN",
        {"cell": {"type": "LSTM", "units": 2}},
        "cell must be SimpleRNNCell, LSTMCell, GRUCell or StackedRNNCells, not LSTM",
        ("cell",),
        "LSTM is a whole layer; write LSTMCell for its cell",
    ),
    (
        "RNN",
        {"cell": {"type": "Dense", "units": 2}},
        "cell must be SimpleRNNCell, LSTMCell, GRUCell or StackedRNNCells, not Dense",
        ("cell",),
        None,
    ),
    (
        "RNN",
        {"cell": [{"type": "LSTMCell", "units": 2}, {"type": "Dense", "units": 2}]},
        "cell: every cell must be SimpleRNNCell, LSTMCell, GRUCell or StackedRNNCells, not Dense",
        ("cell", 1),
        None,
    ),
    (
        "RNN",
        {"cell": [{"type": "LSTMCell", "units": 0}]},
        "cell: LSTMCell: units must be a positive integer, not 0",
        ("cell", 0, "units"),
        "set units to a positive integer",
    ),
    ("RNN", {"cell": []}, "cell must be a cell or a list of one or more cells, not []", ("cell",), None),
    (
        "LSTM",
        {"units": 2, "use_cudnn": True, "activation": "relu"},
        "use_cudnn: true needs activation: tanh",
        ("use_cudnn",),
        "remove use_cudnn, which is then chosen for you",
    ),
    (
        "GRU",
        {"units": 2, "use_cudnn": True, "reset_after": False},
        "use_cudnn: true needs reset_after: true",
        ("use_cudnn",),
        "remove use_cudnn, which is then chosen for you",
    ),
    (
        "RNN",
        {"cell": [{"type": "StackedRNNCells", "cells": [{"type": "LSTMCell", "units": 2}]}], "return_state": True},
        "cannot return the states of stacks inside a stack",
        ("return_state",),
        "put the inner stack's cells into the outer one, or remove return_state",
    ),
]


@pytest.mark.parametrize(("type_name", "arguments", "message", "path", "help"), PROBLEMS)
def test_problems(
    type_name: str, arguments: dict[str, Any], message: str, path: tuple[Any, ...], help: str | None
) -> None:
    (problem,) = problems_of(type_name, arguments)
    assert (problem.message, problem.path, problem.help) == (message, path, help)


def test_unroll_needs_known_time_steps_although_keras_asks_only_when_it_runs() -> None:
    keras.layers.LSTM(2, unroll=True)(keras.Input((None, 3)))
    with pytest.raises(ValueError, match="Cannot unroll a RNN if the time dimension is undefined"):
        keras.layers.LSTM(2, unroll=True).call(keras.Input((None, 3)))


def test_states_of_a_stack_of_one_state_in_a_stack() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [5, 3]}
          - {type: Input, name: a, shape: [2]}
          - {type: Input, name: b, shape: [4]}
          - {type: RNN, name: r, cell: [{type: GRUCell, units: 2}, [{type: GRUCell, units: 4}]], from: {sequences: x, initial_state: [a, b]}}
        """
    text = text.replace("[{type: GRUCell, units: 4}]", "{type: StackedRNNCells, cells: [{type: GRUCell, units: 4}]}")
    assert said(text) == [
        "5:128 shape-mismatch: 'r' (RNN) cannot take states for a stack of one state that is itself in a stack: Keras loses "
        "the list around it"
    ]
