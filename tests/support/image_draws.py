"""Draws arguments and images for the tests of image layers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from specc import layers

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
"""What can be tried by itself: Keras drops an Equalization, and a Pipeline takes layers."""
MIXED = ("AugMix", "RandAugment")
"""Which of their layers runs is random, and so is what fails."""
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
"""Arguments of each that fit every image of 3 channels."""


def arguments_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = REQUIRED.get(name, {}), dict(OPTIONAL.get(name, {}))
    optional["data_format"] = st.sampled_from([None, "channels_last", "channels_first"])
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def cases(draw: st.DrawFn, names: list[str] = ALONE) -> tuple[str, dict[str, Any], tuple[int | None, ...]]:
    name = draw(st.sampled_from(names))
    arguments = draw(arguments_of(name))
    channels = draw(st.sampled_from([1, 3] if name in MIXED else [3, 3, 3, 1, 4]))
    size: list[int | None] = list(draw(st.lists(st.integers(1, 9), min_size=2, max_size=2)))
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
