"""Images made of several, and a Pipeline of layers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc import layers
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.draws import RUN, draws
from tests.support.image_draws import MIXED, SIMPLE, TYPES, cases
from tests.support.layer_agreement import agree
from tests.support.layer_checks import problem, refusal
from tests.support.layer_running import agree_and_run


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int32"])
def test_a_single_image_is_not_mixed(dtype: str) -> None:
    """CutMix passes it on, whatever it computes in; a batch of one goes through the mixing."""
    cut = {"dtype": dtype}
    for type_name, arguments in (("CutMix", cut), ("Pipeline", {"layers": [{"type": "CutMix", **cut}]})):
        for options in ({}, {"training": True}):
            assert agree_and_run(type_name, arguments, (4, 4, 3), options)
            warned = (type_name, dtype) == ("CutMix", "float16")  # and not refused
            assert agree_and_run(type_name, arguments, (1, 4, 4, 3), {"training": True}) == warned
    assert agree("Pipeline", {"layers": [{"type": "CutMix"}]}, (None, 4, 3), accepted=True)


def test_integer_images_in_a_mixed_augmentation() -> None:
    for name in MIXED:
        assert agree(name, {}, Tensor((None, 4, 4, 3), "uint8"), accepted=True)
    assert refusal("RandAugment", {}, (None, 4, 4, 4)).message.startswith("needs images of 1 or 3 channels")
    assert agree("AugMix", {"all_ops": False}, (None, 4, 4, 4), run=True, accepted=True)


@draws(25)  # each takes Keras a fifth of a second
@given(data=st.data(), training=st.sampled_from([None, None, True, False]))
def test_pipeline(data: st.DataObject, training: bool | None) -> None:
    names = [name for name in TYPES if name not in MIXED and name != "Pipeline"]
    chosen = data.draw(st.lists(st.sampled_from([*names, "Dense", "Dropout"]), min_size=0, max_size=3))
    extra: dict[str, dict[str, Any]] = {"Dense": {"units": 3}, "Dropout": {"rate": 0.5}}
    inside = [{"type": name, **(SIMPLE | extra).get(name, {})} for name in chosen]
    shapes = [(None, 6, 7, 3), (None, None, None, 3), (2, None, 7, 3), (6, 7, 3), (None, 6, 7, 1)]
    shape = data.draw(st.sampled_from(shapes))
    policy = data.draw(st.sampled_from(["float32", "mixed_float16"]))
    options = {} if training is None else {"training": training}
    if len(shape) == 3 and "Dropout" in chosen:
        return
    agree("Pipeline", {"layers": inside}, shape, options=options, policy=policy)


@draws(50)
@given(
    case=cases(),
    policy=st.sampled_from(["float32", "mixed_float16", "bfloat16"]),
    training=st.sampled_from([None, True, False]),
)
def test_images_in_a_pipeline(
    case: tuple[str, dict[str, Any], tuple[int | None, ...]], policy: str, training: bool | None
) -> None:
    name, arguments, shape = case
    assume(name not in MIXED)
    options = {} if training is None else {"training": training}
    agree("Pipeline", {"layers": [{"type": name, **arguments}]}, shape, options=options, policy=policy, run=RUN)


@pytest.mark.parametrize("size", [(2, 2), (2, None), (None, None), (6, None), (6, 6), (6, 2), (3, 4)])
@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_a_crop_in_a_pipeline_scales_smaller_images_in_float32(size: tuple[int | None, ...], policy: str) -> None:
    for arguments in ({}, {"dtype": "int32"}):
        inside = {"layers": [{"type": "CenterCrop", "height": 3, "width": 4, **arguments}]}
        assert agree("Pipeline", inside, (None, *size, 3), policy=policy)


@pytest.mark.parametrize("name", ["RandomCrop", "CenterCrop"])
def test_a_pipeline_of_what_is_no_image(name: str) -> None:
    inside = {"layers": [{"type": name, "height": 1, "width": 1}]}
    assert not agree("Pipeline", inside, (None, 1))
    assert refusal("Pipeline", inside, (None, 1)).message.startswith("needs an image (3 dimensions)")


def test_a_pipeline_needs_what_its_layers_need_to_run() -> None:
    inside = {"layers": ["RandomPerspective"]}
    assert not agree("Pipeline", inside, (None, 1, 1, 3), run=True)
    assert agree("Pipeline", inside, (None, 1, 1, 3), options={"training": False}, run=True)


def test_pipeline_has_the_weights_of_its_layers() -> None:
    inside = [{"type": "Dense", "units": 4, "name": "first"}, {"type": "Dense", "units": 2, "trainable": False}]
    assert agree("Pipeline", {"layers": inside}, (None, 4, 4, 3), accepted=True, run=True)
    cls = layers.find("Pipeline")
    assert cls is not None
    layer, _ = cls.parse({"layers": inside})
    assert layer is not None
    call = layer.call({"inputs": Tensor((None, 4, 4, 3))}, {}, Policy.named("float32"))
    weights = [(weight.name, weight.trainable) for weight in layer.weights(call)]
    assert weights == [("first/kernel", True), ("first/bias", True), ("dense/kernel", False), ("dense/bias", False)]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_pipeline_gives_the_compute_dtype(dtype: str) -> None:
    inside = [{"type": "RandomGrayscale"}, {"type": "Equalization"}]
    agree("Pipeline", {"layers": inside}, Tensor((None, 4, 4, 3), dtype), accepted=True)
    agree("RandomGrayscale", {}, Tensor((None, 4, 4, 3), dtype), accepted=True)


@pytest.mark.parametrize("name", ["CutMix", "RandomErasing", "RandomGaussianBlur", "RandomElasticTransform"])
def test_float16_in_a_pipeline(name: str) -> None:
    shape = (None, 4, 4, 3)
    assert not agree("Pipeline", {"layers": [{"type": name}]}, shape, policy="mixed_float16")
    assert agree("Pipeline", {"layers": [{"type": name, "dtype": "float32"}]}, shape, policy="mixed_float16")
    assert agree(name, {}, shape, policy="mixed_float16", run=True)


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "help"),
    [
        (
            "Pipeline",
            {"layers": [{"type": "RandomCrop", "height": 4, "width": 4}]},
            (None, None, 28, 3),
            "contains RandomCrop, which needs a known height and width here, got (None, None, 28, 3)",
            "give the Input's shape numbers, or take RandomCrop out of the Pipeline",
        ),
        (
            "Pipeline",
            {"layers": [{"type": "CutMix", "dtype": "float16"}]},
            (None, 28, 28, 3),
            "contains CutMix, which cannot compute in float16 here",
            "give CutMix dtype float32, or take it out of the Pipeline",
        ),
        (
            "CutMix",
            {"dtype": "bfloat16"},
            (None, 28, 28, 3),
            "cannot compute in bfloat16",
            "set 'dtype' to float32",
        ),
    ],
)
def test_refuses(name: str, arguments: dict[str, Any], shape: Any, message: str, help: str) -> None:
    error = refusal(name, arguments, shape)
    assert (error.message, error.help) == (message, help)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        (
            "Pipeline",
            {"layers": []},
            "layers must be a list of 1 to 1,000 layers, not []",
            "set layers to a list of 1 to 1,000 layers",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    assert problem(name, arguments)[:2] == (message, help)
