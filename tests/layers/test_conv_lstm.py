from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import message_and_help, parsed, problems_of, same_paths

TYPES = ["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"]


@st.composite
def calls(draw: st.DrawFn, rank: int) -> tuple[dict[str, Any], Tensor, str, bool]:
    """Arguments, an input, a policy, and whether Keras can be asked to run it."""

    def size(largest: int) -> Any:
        one = st.integers(1, largest)
        return draw(one | st.lists(one, min_size=rank, max_size=rank))

    arguments = {
        "filters": draw(st.integers(1, 3)),
        "kernel_size": size(3),
        **({"strides": size(2)} if draw(st.booleans()) else {}),
        **({"dilation_rate": size(2)} if draw(st.booleans()) else {}),
        **draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "padding": st.sampled_from(["valid", "same"]),
                    "data_format": st.sampled_from([None, "channels_last", "channels_first"]),
                    "use_bias": st.booleans(),
                    "unit_forget_bias": st.booleans(),
                    "dropout": st.sampled_from([0.0, 0.5]),
                    "recurrent_dropout": st.sampled_from([0.0, 0.5]),
                    "return_sequences": st.booleans(),
                    "return_state": st.booleans(),
                    "go_backwards": st.booleans(),
                    "stateful": st.booleans(),
                    "unroll": st.booleans(),
                    "zero_output_for_mask": st.booleans(),
                },
            )
        ),
    }
    space = [draw(st.integers(2, 5)) for _ in range(rank + 1)]
    if draw(st.integers(0, 9)) == 0:
        space[draw(st.integers(0, rank))] = None
    steps = draw(st.sampled_from([1, 2] if arguments.get("unroll") else [None, 1, 2]))
    shape = (draw(st.sampled_from([None, 2])), steps, *space)
    policy = draw(st.sampled_from(["float32", "mixed_float16"]))
    only_on_gpu = policy != "float32" and arguments.get("data_format") == "channels_first"
    dtype = "float32" if only_on_gpu else draw(st.sampled_from(["float32"] * 5 + ["int32"]))
    return arguments, Tensor(shape, dtype), policy, not only_on_gpu


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_agrees_with_keras(rank: int) -> None:
    @draws(PER_CLASS)
    @given(calls(rank))
    def check(drawn: tuple[dict[str, Any], Tensor, str, bool]) -> None:
        arguments, inputs, policy, run = drawn
        agree(f"ConvLSTM{rank}D", arguments, inputs, policy=policy, run=run and RUN)

    check()


X = Tensor((None, 4, 6, 7, 2))
CONV = {"filters": 3, "kernel_size": 2}


@pytest.mark.parametrize(
    ("arguments", "inputs", "accepted"),
    [
        (CONV, {"sequences": X, "initial_state": [Tensor((None, 5, 6, 3))] * 2}, True),
        (CONV, {"sequences": X, "initial_state": [Tensor((None, 6, 7, 3))] * 2}, False),
        (CONV, {"sequences": X, "initial_state": [Tensor((None, 5, 6, 3))]}, False),
        ({**CONV, "return_sequences": True}, {"sequences": X, "mask": Tensor((None, 4), "bool")}, True),
        ({**CONV, "return_sequences": True}, {"sequences": X, "mask": Tensor((None, 4, 1), "bool")}, True),
        ({**CONV, "kernel_size": 8}, X, False),
        ({**CONV, "kernel_size": 8, "padding": "same"}, X, True),
        (CONV, Tensor((None, 4, 6, 7)), False),
        ({**CONV, "unroll": True}, X, True),
        ({**CONV, "zero_output_for_mask": True}, {"sequences": X, "mask": Tensor((None, 4), "bool")}, True),
    ],
)
def test_cases(arguments: dict[str, Any], inputs: Any, accepted: bool) -> None:
    agree("ConvLSTM2D", arguments, inputs, accepted=accepted, run=True)


def test_paths_of_weights_and_ports() -> None:
    same_paths("ConvLSTM2D", CONV, {"sequences": X})
    assert parsed("ConvLSTM2D", {**CONV, "return_state": True}).ports({}) == ("output", "state_h", "state_c")


def test_messages() -> None:
    assert message_and_help("ConvLSTM2D", {**CONV, "kernel_size": 8}, {"sequences": X}) == (
        "has a kernel that spans 8 and does not fit the 6 of axis 1 in a step of (None, 6, 7, 2)",
        'set padding to "same", or make the kernel smaller',
    )
    assert (
        message_and_help("ConvLSTM2D", CONV, {"sequences": X._replace(dtype="int32")})[0]
        == "needs an input of floats, got int32"
    )
    assert message_and_help(
        "ConvLSTM2D", {**CONV, "unroll": True}, {"sequences": X._replace(shape=(None, None, 6, 7, 2))}
    ) == (
        "cannot unroll an unknown number of time steps, got (None, None, 6, 7, 2)",
        "give the time axis a number in the Input's shape, or remove unroll",
    )
    (problem,) = problems_of("ConvLSTM2D", {**CONV, "strides": 2, "dilation_rate": [1, 2]})
    assert (problem.message, problem.path) == (
        "takes strides above 1 or a dilation_rate above 1, not both",
        ("dilation_rate",),
    )
