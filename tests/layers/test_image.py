from __future__ import annotations

from typing import Any

import keras
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

import specc
from specc import layers
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refusal
from tests.support.layer_running import agree_and_run

TYPES = [name for family in ("image_geometry", "image_color", "image_mixing") for name in layers.FAMILIES[family]]

# A number that is in range or not, or a list; Keras's base class looks at lists of two less closely.
_number = st.sampled_from([0, 0.0, 0.3, 1, 1.0, -0.4, -1.0, 1.5, -2.0, 9])
_factor = _number | st.lists(_number, min_size=2, max_size=2) | st.just([0.1, 0.2, 0.3])
_bits = st.sampled_from([0, 1, 4, 8, 9, [2, 5], [5, 2], [0, 9], [9, 9], [3, 3], [1, 2, 3]])
_moved = {
    "fill_mode": st.sampled_from(["reflect", "wrap", "constant", "nearest", "edge"]),
    "interpolation": st.sampled_from(["nearest", "bilinear", "bicubic"]),
    "fill_value": st.sampled_from([0.0, 3, -1.5]),
    "seed": st.sampled_from([None, 0, -3, 2**40]),
}
_ranged = {"value_range": st.sampled_from([[0, 255], [0, 1], [-1.0, 1.0], [255, 0]]), "seed": _moved["seed"]}
_sized = {"height": st.integers(1, 9), "width": st.integers(1, 9)}

REQUIRED: dict[str, dict[str, Any]] = {
    "Resizing": _sized,
    "CenterCrop": _sized,
    "RandomCrop": _sized,
    "RandomRotation": {"factor": _factor | st.none()},
    "RandomTranslation": {"height_factor": _factor, "width_factor": _factor},
    "RandomZoom": {"height_factor": _factor},
    "RandomBrightness": {"factor": _factor | st.none()},
    "RandomPosterization": {"factor": _bits},
    "MaxNumBoundingBoxes": {"max_number": st.integers(0, 3)},
    "ContrastLimitedAdaptiveHistogramEqualization": {
        "tile_grid_size": st.lists(st.integers(0, 4), min_size=2, max_size=2) | st.just([2, 2, 2])
    },
    **{
        name: {"factor": _factor}
        for name in ("RandomContrast", "RandomColorDegeneration", "RandomHue", "RandomSaturation", "RandomSharpness")
    },
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "Resizing": {
        "interpolation": st.sampled_from(["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area", "none"]),
        "crop_to_aspect_ratio": st.booleans(),
        "pad_to_aspect_ratio": st.booleans(),
        "antialias": st.booleans(),
    },
    "RandomFlip": {"mode": st.sampled_from(["horizontal", "vertical", "horizontal_and_vertical"])},
    "RandomRotation": _moved,
    "RandomTranslation": _moved,
    "RandomZoom": {**_moved, "width_factor": _factor | st.none()},
    "RandomShear": {**_moved, "x_factor": _factor, "y_factor": _factor},
    "RandomPerspective": {"factor": _factor, "scale": _number, "interpolation": _moved["interpolation"]},
    "RandomElasticTransform": {**_moved, "factor": _factor, "scale": _factor},
    "RandomErasing": {
        **_ranged,
        "factor": _factor,
        "scale": _factor,
        "fill_value": st.sampled_from([None, 3, 1.5, [1, 2, 3], [1, 2]]),
    },
    "RandomColorJitter": {
        **_ranged,
        **{f"{name}_factor": _factor for name in ("brightness", "contrast", "saturation", "hue")},
    },
    "RandomGaussianBlur": {
        **_ranged,
        "factor": _factor,
        "kernel_size": st.sampled_from([1, 2, 3, 9, [3, 5], [3, 4], [1, 3, 5]]),
        "sigma": _factor,
    },
    "RandomGrayscale": {"factor": _number},
    "RandomInvert": {**_ranged, "factor": _factor},
    "ContrastLimitedAdaptiveHistogramEqualization": {
        "clip_limit": st.sampled_from([4.0, 0, -1]),
    },
    "Solarization": {**_ranged, "addition_factor": _factor, "threshold_factor": _factor},
    "MixUp": {"alpha": st.sampled_from([0.2, 1, 3.0])},
    "CutMix": {"factor": _factor},
    "AugMix": {
        "factor": _factor,
        "num_chains": st.integers(1, 2),
        "chain_depth": st.integers(1, 2),
        "all_ops": st.booleans(),
        "interpolation": _moved["interpolation"],
    },
    "RandAugment": {"factor": _factor, "num_ops": st.integers(0, 2), "interpolation": _moved["interpolation"]},
}
ALONE = [name for name in TYPES if name not in ("Equalization", "Pipeline")]
_MIXED = ("AugMix", "RandAugment")  # which of their layers runs is random, and so is what fails


def arguments_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = REQUIRED.get(name, {}), dict(OPTIONAL.get(name, {}))
    optional["data_format"] = st.sampled_from([None, "channels_last", "channels_first"])
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def cases(draw: st.DrawFn, names: list[str] = ALONE) -> tuple[str, dict[str, Any], tuple[int | None, ...]]:
    name = draw(st.sampled_from(names))
    arguments = draw(arguments_of(name))
    channels = draw(st.sampled_from([1, 3] if name in _MIXED else [3, 3, 3, 1, 4]))
    size = draw(st.lists(st.integers(1, 9), min_size=2, max_size=2))
    first = arguments.get("data_format") == "channels_first"
    sized = getattr(layers.find(name), "needs_size", "never") != "never"  # Keras fails for the second size only
    if not first and not sized and draw(st.booleans()):
        size = [None if draw(st.booleans()) else dim for dim in size]
    image = (channels, *size) if first else (*size, channels)
    leading = draw(st.sampled_from([(None,), (None,), (2,), (), (), (None, 2)]))
    shape = (*leading, *image)[: draw(st.sampled_from([9, 9, 9, 2]))]
    if len(shape) == 3 and None in shape:
        shape = tuple(4 if dim is None else dim for dim in shape)
    return name, arguments, shape


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


SIMPLE: dict[str, dict[str, Any]] = {
    **{name: {"height": 3, "width": 4} for name in ("Resizing", "CenterCrop", "RandomCrop")},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2},
    "RandomZoom": {"height_factor": 0.2},
    "RandomPosterization": {"factor": 4},
    "MaxNumBoundingBoxes": {"max_number": 4},
    "ContrastLimitedAdaptiveHistogramEqualization": {"tile_grid_size": [2, 2]},
    **{
        name: {"factor": 0.3}
        for name in (
            "RandomRotation",
            "RandomBrightness",
            "RandomContrast",
            "RandomColorDegeneration",
            "RandomHue",
            "RandomSaturation",
            "RandomSharpness",
        )
    },
}


@draws(25)  # each takes Keras a fifth of a second
@given(data=st.data(), training=st.sampled_from([None, None, True, False]))
def test_pipeline(data: st.DataObject, training: bool | None) -> None:
    names = [name for name in TYPES if name not in _MIXED and name != "Pipeline"]
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
    assume(name not in _MIXED)
    options = {} if training is None else {"training": training}
    agree("Pipeline", {"layers": [{"type": name, **arguments}]}, shape, options=options, policy=policy, run=RUN)


@pytest.mark.parametrize("size", [(2, 2), (2, None), (None, None), (6, None), (6, 6), (6, 2), (3, 4)])
@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_a_crop_in_a_pipeline_scales_smaller_images_in_float32(size: tuple[int | None, ...], policy: str) -> None:
    for arguments in ({}, {"dtype": "int32"}):
        inside = {"layers": [{"type": "CenterCrop", "height": 3, "width": 4, **arguments}]}
        assert agree("Pipeline", inside, (None, *size, 3), policy=policy)


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_a_crop_scales_smaller_images_in_float32(policy: str) -> None:
    for height, width in ((2, 2), (2, 6), (6, 2), (3, 4), (6, 6)):
        for arguments in ({}, {"data_format": "channels_first"}):
            shape = (None, 3, height, width) if arguments else (None, height, width, 3)
            agree("CenterCrop", {"height": 3, "width": 4, **arguments}, shape, policy=policy, run=True, accepted=True)


@pytest.mark.parametrize("name", ["RandomCrop", "CenterCrop"])
def test_a_pipeline_of_what_is_no_image(name: str) -> None:
    inside = {"layers": [{"type": name, "height": 1, "width": 1}]}
    assert not agree("Pipeline", inside, (None, 1))
    assert refusal("Pipeline", inside, (None, 1)).message.startswith("needs an image (3 dimensions)")


def test_a_pipeline_needs_what_its_layers_need_to_run() -> None:
    inside = {"layers": ["RandomPerspective"]}
    assert not agree("Pipeline", inside, (None, 1, 1, 3), run=True)
    assert agree("Pipeline", inside, (None, 1, 1, 3), options={"training": False}, run=True)


def test_grey_images_keep_their_colour_in_a_pipeline() -> None:
    item = {"type": "RandomColorDegeneration", "factor": 0.5}
    assert agree("Pipeline", {"layers": [item]}, (None, 4, 4, 1), run=True, accepted=True)
    assert agree_and_run("Pipeline", {"layers": [item]}, (None, 4, 4, 4), {"training": False})
    assert not agree("Pipeline", {"layers": [item]}, (None, 4, 4, 4))
    for channels in (1, 4):
        assert not agree(
            "RandomColorDegeneration", {"factor": 0.5}, (None, 4, 4, channels), options={"training": False}
        )


def test_pipeline_has_the_weights_of_its_layers() -> None:
    inside = [{"type": "Dense", "units": 4, "name": "first"}, {"type": "Dense", "units": 2, "trainable": False}]
    assert agree("Pipeline", {"layers": inside}, (None, 4, 4, 3), accepted=True, run=True)
    cls = layers.find("Pipeline")
    assert cls is not None
    layer, _ = cls.parse({"layers": inside})
    assert layer is not None
    call = layer.call({"inputs": Tensor((None, 4, 4, 3))}, {}, Policy.named("float32"))
    weights = [(weight.name, weight.trainable) for weight in layer.weights(call)]
    assert weights == [("first/kernel", True), ("first/bias", True), ("1/kernel", False), ("1/bias", False)]


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


def test_keras_drops_equalization() -> None:
    image = keras.Input((4, 4, 3))
    assert keras.layers.Equalization()(image) is image
    error = refusal("Equalization", {}, (None, 4, 4, 3))
    assert error.message == "is dropped by Keras when it stands in a model by itself"
    assert error.help == "put it into a Pipeline: {type: Pipeline, layers: [Equalization]}"


@pytest.mark.parametrize("name", ["CenterCrop", "RandomCrop"])
def test_a_crop_larger_than_the_image_scales_it(name: str) -> None:
    assert agree(name, {"height": 9, "width": 3}, (None, 4, 4, 3), run=True, accepted=True)


def test_integer_images_in_a_mixed_augmentation() -> None:
    for name in _MIXED:
        assert agree(name, {}, Tensor((None, 4, 4, 3), "uint8"), accepted=True)
    assert refusal("RandAugment", {}, (None, 4, 4, 4)).message.startswith("needs images of 1 or 3 channels")
    assert agree("AugMix", {"all_ops": False}, (None, 4, 4, 4), run=True, accepted=True)


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
            "RandomHue",
            {"factor": 0.1},
            (None, 28, 28, 1),
            "needs images of 3 channels, got (None, 28, 28, 1) with 1",
            "set 'data_format' to where the channels are: channels_last or channels_first",
        ),
        (
            "RandomColorJitter",
            {"hue_factor": 0.1, "data_format": "channels_first"},
            (None, 3, 28, 28),
            "needs 3 channels on the last axis to change colours, got (None, 3, 28, 28)",
            "give it RGB images with the channels last, or remove 'hue_factor'",
        ),
        (
            "RandomPerspective",
            {},
            (None, 1, 28, 3),
            "needs images of at least 2 pixels in height and width, got (None, 1, 28, 3)",
            "set 'data_format' to where the channels are, or resize the images before it",
        ),
        (
            "RandomErasing",
            {"fill_value": [1, 2, 3]},
            (None, 28, 28, 1),
            "cannot fill (None, 28, 28, 1) with 3 numbers: they go along the last axis",
            "give 'fill_value' as one number",
        ),
        (
            "ContrastLimitedAdaptiveHistogramEqualization",
            {},
            (None, 3, 28, 3),
            "cannot cut 3 pixels into 8 tiles",
            "use at most 6 tiles there",
        ),
        (
            "RandomContrast",
            {"factor": 0.1, "dtype": "uint8"},
            (None, 28, 28, 3),
            "computes in a floating dtype only, not in uint8",
            "remove 'dtype', or set it to float32",
        ),
        (
            "Pipeline",
            {"layers": [{"type": "RandomCrop", "height": 4, "width": 4}]},
            (None, None, 28, 3),
            "holds RandomCrop, which needs a known height and width here, got (None, None, 28, 3)",
            "give the Input's shape numbers, or take RandomCrop out of the Pipeline",
        ),
        (
            "Pipeline",
            {"layers": [{"type": "CutMix", "dtype": "float16"}]},
            (None, 28, 28, 3),
            "holds CutMix, which cannot compute in float16 here",
            "give CutMix dtype float32, or take it out of the Pipeline",
        ),
        (
            "CutMix",
            {"dtype": "bfloat16"},
            (None, 28, 28, 3),
            "cannot compute in bfloat16",
            "set 'dtype' to float32",
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


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        (
            "RandomZoom",
            {"height_factor": -1},
            "height_factor must be a number above -1 and up to 1 or a list of 2 such numbers, not -1",
            "set height_factor to a number above -1 and up to 1 or a list of 2 such numbers",
        ),
        (
            "RandomContrast",
            {"factor": [2, 3]},
            "factor must be a number from 0 to 1 or a list of 2 such numbers, not [2, 3]",
            "set factor to a number from 0 to 1 or a list of 2 such numbers",
        ),
        (
            "RandomPosterization",
            {"factor": 2.5},
            "factor must be an integer from 1 to 8 or a list of 2 such integers, not 2.5",
            "in an expression, int(...) and round(...) make an integer, and // of two integers does",
        ),
        (
            "RandomGaussianBlur",
            {"kernel_size": 4},
            "kernel_size must be an odd positive integer or a list of 2 such integers, not 4",
            "set kernel_size to an odd positive integer or a list of 2 such integers",
        ),
        (
            "RandomInvert",
            {"value_range": [0, 1, 2]},
            "value_range must be a list of 2 numbers, the least and the greatest value, not [0, 1, 2]",
            "set value_range to a list of 2 numbers, the least and the greatest value",
        ),
        (
            "Resizing",
            {"height": 4, "width": 4, "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
            "takes 'crop_to_aspect_ratio' or 'pad_to_aspect_ratio', not both",
            "remove one",
        ),
        (
            "Equalization",
            {"value_range": [1, 1]},
            "needs two different numbers in value_range",
            "for instance [0, 255]",
        ),
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
