"""Every image layer takes the images that Keras takes, and gives what Keras gives."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc import layers
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.image_draws import ALONE, OPTIONAL, REQUIRED, SIMPLE, TYPES, cases
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, refusal
from tests.support.layer_running import agree_and_run


@pytest.mark.parametrize("name", TYPES)
def test_example(name: str) -> None:
    example_agrees("Pipeline" if name == "Equalization" else name)


@pytest.mark.parametrize("name", ALONE)
def test_a_format_of_boxes_changes_no_image(name: str) -> None:
    *_, item = yaml.safe_load(layers.find(name).example)["layers"]
    arguments = {} if isinstance(item, str) else {key: value for key, value in item.items() if key != "type"}
    agree(name, {**arguments, "bounding_box_format": "xyxy"}, (2, 9, 9, 3), run=True, accepted=True)


@pytest.mark.parametrize("name", ["CutMix", "RandomErasing", "RandomElasticTransform", "RandomGaussianBlur"])
def test_half_precision(name: str) -> None:
    """predict passes the images on, whatever the layer's call says of training, and fit fails."""
    for training in (None, True, False):
        options = {} if training is None else {"training": training}
        agree(name, {}, (2, 9, 9, 3), options=options, policy="mixed_float16", accepted=True)
        assert agree_and_run(name, {}, (2, 9, 9, 3), options, "mixed_float16")
    found = specc.check({"dtype_policy": "mixed_float16", "layers": [{"type": "Input", "shape": [9, 9, 3]}, name]})
    assert [(one.code, one.help) for one in found] == [("cannot-train", "set its dtype to float32")]


@pytest.mark.parametrize("name", ALONE)
def test_images(name: str) -> None:
    ranges = [
        argument
        for argument in REQUIRED.get(name, {}) | OPTIONAL.get(name, {})
        if argument.endswith(("factor", "scale", "sigma"))
    ]

    @draws((1 + (len(ranges) > 1)) * PER_CLASS)
    @given(case=cases([name]), policy=st.sampled_from(["float32", "float32", "mixed_float16", "float64"]))
    def check(case: tuple[str, dict[str, Any], tuple[int | None, ...]], policy: str) -> None:
        _, arguments, shape = case
        agree(name, arguments, shape, run=RUN, policy=policy)

    check()


@draws(50)
@given(case=cases(), dtype=st.sampled_from(["uint8", "int32", "bool", "float64", "bfloat16"]))
def test_dtypes(case: tuple[str, dict[str, Any], tuple[int | None, ...]], dtype: str) -> None:
    name, arguments, shape = case
    agree(name, arguments | {"dtype": dtype}, tuple(3 if dim is None else dim for dim in shape), run=RUN)


@draws(50)
@given(
    name=st.sampled_from(ALONE),
    dtype=st.sampled_from(["uint8", "int64", "bool"]),
    policy=st.sampled_from(["float32", "mixed_float16"]),
)
def test_integer_images(name: str, dtype: str, policy: str) -> None:
    agree(name, SIMPLE.get(name, {}), Tensor((None, 5, 6, 3), dtype), policy=policy, accepted=True)


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "help"),
    [
        (
            "RandomFlip",
            {},
            (None, 28, 28, 1, 1),
            "needs an image (3 dimensions) or a batch of images (4), got (None, 28, 28, 1, 1)",
            "a batch of images is (batch, height, width, channels); a Reshape layer can add a missing axis",
        ),
        (
            "RandomContrast",
            {"factor": 0.1, "dtype": "uint8"},
            (None, 28, 28, 3),
            "computes in a floating dtype only, not in uint8",
            "remove 'dtype', or set it to float32",
        ),
        (
            "Resizing",
            {"height": 4, "width": 4},
            Tensor((None, 4, 4, 3), "string"),
            "works on numbers, not on string",
            "give it decoded images",
        ),
    ],
)
def test_refuses(name: str, arguments: dict[str, Any], shape: Any, message: str, help: str) -> None:
    error = refusal(name, arguments, shape)
    assert (error.message, error.help) == (message, help)
