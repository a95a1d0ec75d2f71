from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.layers import FAMILIES
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refused

TYPES = FAMILIES["convolutional"]


@pytest.mark.parametrize("type_name", TYPES)
def test_example(type_name: str) -> None:
    example_agrees(type_name)


def sizes(rank: int, least: int, most: int) -> st.SearchStrategy[Any]:
    one = st.integers(least, most)
    return one | st.lists(one, min_size=rank, max_size=rank)


@st.composite
def case(draw: st.DrawFn, type_name: str) -> tuple[dict[str, Any], tuple[int | None, ...], bool]:
    """Arguments, an input's shape, and whether Keras can be asked to run it."""
    rank = int(type_name[type_name.index("D") - 1 if "Depth" not in type_name else -2])
    arguments: dict[str, Any] = {"kernel_size": draw(sizes(rank, 1, 4))}
    if draw(st.booleans()):
        arguments["strides"] = draw(sizes(rank, 1, 3))
    if draw(st.integers(0, 3)) == 0:
        arguments["dilation_rate"] = draw(sizes(rank, 1, 3))
    if "Depthwise" not in type_name:
        arguments["filters"] = draw(st.integers(1, 6))
    if "Depthwise" in type_name or "Separable" in type_name:
        arguments["depth_multiplier"] = draw(st.integers(1, 3))
    causal = ["causal"] if type_name == "Conv1D" else []
    arguments["padding"] = draw(st.sampled_from(["valid", "same", *causal]))
    arguments["use_bias"] = draw(st.booleans())
    if type_name in ("Conv1D", "Conv2D", "Conv3D"):
        arguments["groups"] = draw(st.sampled_from([1, 1, 1, 2, 3]))
        if draw(st.integers(0, 5)) == 0:
            arguments["lora_rank"] = draw(st.integers(1, 3))
    if type_name.endswith("Transpose") and draw(st.booleans()):
        arguments["output_padding"] = draw(sizes(rank, 0, 2))
    arguments["data_format"] = draw(st.sampled_from([None, "channels_last", "channels_first"]))
    known = draw(st.booleans())
    dim = st.integers(1, 7) if known else st.none() | st.integers(1, 7)
    spatial = draw(st.lists(dim, min_size=rank, max_size=rank))
    if draw(st.integers(0, 9)) == 0:
        spatial = spatial[1:] if draw(st.booleans()) else [*spatial, 3]
    channels = draw(st.sampled_from([1, 2, 3, 4, 6] if known else [3, 6, None]))
    first = arguments["data_format"] == "channels_first"
    batch = draw(st.sampled_from([None, 2]))
    shape = (batch, channels, *spatial) if first else (batch, *spatial, channels)
    return arguments, shape, known and arguments.get("groups", 1) == 1 and not first


@pytest.mark.parametrize("type_name", TYPES)
def test_agrees_with_keras(type_name: str) -> None:
    @draws(PER_CLASS)
    @given(case(type_name))
    def check(drawn: tuple[dict[str, Any], tuple[int | None, ...], bool]) -> None:
        arguments, shape, run = drawn
        extra, size = arguments.get("output_padding"), arguments["kernel_size"]
        if (
            extra is not None
            and arguments["padding"] == "same"
            and 0 in (extra if isinstance(extra, list) else [extra])
        ):
            # Keras only finds out with an even kernel, and two or more values on an axis, that this cannot be run.
            arguments["kernel_size"] = [one | 1 for one in size] if isinstance(size, list) else size | 1
        agree(type_name, arguments, shape, run=run and RUN)

    check()


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "complex64", "string", "float16", "float64"])
@pytest.mark.parametrize("type_name", ["Conv1D", "Conv2DTranspose", "SeparableConv1D", "DepthwiseConv2D"])
def test_only_floats(type_name: str, dtype: str) -> None:
    arguments = {"kernel_size": 2} | ({} if type_name == "DepthwiseConv2D" else {"filters": 2})
    shape = (None, 4, 4, 3) if "2D" in type_name else (None, 4, 3)
    agree(type_name, arguments, Tensor(shape, dtype), run=True, accepted=dtype.startswith("float"))


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("type_name", TYPES)
def test_policy(type_name: str, policy: str) -> None:
    arguments = {"kernel_size": 2} | ({} if type_name.startswith("Depthwise") else {"filters": 2})
    lora = {"lora_rank": 2, "lora_alpha": 3.0} if type_name in ("Conv1D", "Conv2D", "Conv3D") else {}
    rank = next(rank for rank in (1, 2, 3) if f"{rank}D" in type_name)
    agree(type_name, {**arguments, **lora}, (None, *(4,) * rank, 3), policy=policy, accepted=True)
    agree(type_name, {**arguments, "dtype": policy, "trainable": False}, (None, *(4,) * rank, 3), accepted=True)


@pytest.mark.parametrize(
    ("type_name", "arguments", "shape", "accepted"),
    [
        ("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2}, (None, 5, 5, 6), True),
        ("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2}, (None, 5, 5, 3), False),
        ("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 4}, (None, 2, 3), True),
        ("Conv2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, (None, 3, 8, 8), True),
        ("Conv1D", {"filters": 4, "kernel_size": [2]}, (None, 5, 3), True),
        ("DepthwiseConv2D", {"kernel_size": 2, "strides": [1, 2]}, (None, 6, 6, 3), True),
        ("DepthwiseConv2D", {"kernel_size": 2, "strides": 2, "dilation_rate": 2}, (None, 6, 6, 3), True),
        ("SeparableConv2D", {"filters": 2, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, (None, 9, 9, 3), True),
        ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "strides": 3}, (None, 4, 4, 3), True),
        ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "dilation_rate": 2}, (None, 4, 4, 3), True),
        ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1}, (None, 4, 3), True),
        # Keras accepts these three, and fails as soon as the model predicts.
        (
            "Conv1DTranspose",
            {"filters": 2, "kernel_size": 2, "output_padding": 0, "padding": "same"},
            (None, 3, 3),
            False,
        ),
        (
            "Conv2DTranspose",
            {"filters": 2, "kernel_size": 2, "strides": 2, "output_padding": [0, 1], "padding": "same"},
            (None, 3, 3, 3),
            False,
        ),
        (
            "Conv3DTranspose",
            {"filters": 2, "kernel_size": 4, "strides": 2, "output_padding": 0, "padding": "same"},
            (None, 3, 3, 3, 3),
            False,
        ),
    ],
)
def test_run(type_name: str, arguments: dict[str, Any], shape: tuple[int | None, ...], accepted: bool) -> None:
    agree(type_name, arguments, shape, run=True, accepted=accepted)


def test_sparse_and_ragged() -> None:
    for tensor in (Tensor((None, 4, 3), sparse=True), Tensor((None, None, 3), ragged=True)):
        agree("Conv1D", {"filters": 2, "kernel_size": 2}, tensor, run=True, accepted=False)


@pytest.mark.parametrize(
    ("type_name", "arguments", "message", "hint", "path"),
    [
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3, "groups": 3},
            "filters (8) cannot be divided by groups (3)",
            "make filters a multiple of groups",
            ("groups",),
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3, "strides": [1, 2], "dilation_rate": 2},
            "strides and dilation_rate cannot both be above 1",
            "set one of them to 1",
            ("dilation_rate",),
        ),
        (
            "Conv1D",
            {"filters": 8, "kernel_size": 3, "lora_rank": 2, "kernel_constraint": "non_neg"},
            "lora_rank and kernel_constraint exclude each other",
            "remove one",
            ("lora_rank",),
        ),
        (
            "Conv2DTranspose",
            {"filters": 8, "kernel_size": 3, "strides": [2, 3], "output_padding": 2},
            "output_padding (2) must be less than strides (2)",
            "make it smaller, or remove it",
            ("output_padding",),
        ),
        (
            "Conv2DTranspose",
            {"filters": 8, "kernel_size": 2, "strides": 2, "output_padding": 0, "padding": "same"},
            'output_padding 0 does not go with padding "same" and an even kernel_size',
            "make it 1 or more, or remove it",
            ("output_padding",),
        ),
        (
            "Conv1DTranspose",
            {"filters": 8, "kernel_size": 2, "output_padding": 0, "padding": "same"},
            'output_padding 0 does not go with padding "same" and an even kernel_size',
            "remove it",
            ("output_padding",),
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": [3, 3, 3]},
            "kernel_size must be a positive integer or a list of 2 positive integers, not [3, 3, 3]",
            "set kernel_size to a positive integer or a list of 2 positive integers",
            ("kernel_size",),
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3, "padding": "causal"},
            'padding must be "valid" or "same", not "causal"',
            'set padding to "valid" or "same"',
            ("padding",),
        ),
    ],
)
def test_problem(type_name: str, arguments: dict[str, Any], message: str, hint: str | None, path: tuple[str]) -> None:
    assert problem(type_name, arguments) == (message, hint, path)


@pytest.mark.parametrize(
    ("type_name", "arguments", "shape", "message", "hint", "argument"),
    [
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 5},
            (None, 3, 8, 1),
            "cannot fit a kernel_size of 5 on axis 1 of (None, 3, 8, 1)",
            'set padding to "same", or make kernel_size 3 or less',
            "kernel_size",
        ),
        (
            "Conv1D",
            {"filters": 8, "kernel_size": 3, "dilation_rate": 4, "data_format": "channels_first"},
            (None, 1, 8),
            "cannot fit a kernel_size of 3, spread over 9 by dilation_rate, on axis 2 of (None, 1, 8)",
            'set padding to "same", or make kernel_size or dilation_rate smaller',
            "kernel_size",
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3, "groups": 2},
            (None, 8, 8, 3),
            "cannot split the 3 channels of (None, 8, 8, 3) into 2 groups",
            "groups must divide the number of channels and filters",
            "groups",
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3},
            (None, 8, 8),
            "needs an input of 4 dimensions, got (None, 8, 8) with 3",
            "a Reshape layer can add the missing axis, for instance a last one of size 1",
            None,
        ),
        (
            "Conv2D",
            {"filters": 8, "kernel_size": 3},
            (None, 8, 8, None),
            "needs a known size on axis 3 to size its kernel, got (None, 8, 8, None)",
            "give that dimension a number in the Input's shape",
            None,
        ),
    ],
)
def test_refusal(
    type_name: str,
    arguments: dict[str, Any],
    shape: tuple[int | None, ...],
    message: str,
    hint: str,
    argument: str | None,
) -> None:
    assert refused(type_name, arguments, shape) == (message, hint, argument)
