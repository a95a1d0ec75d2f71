"""Image layers that move pixels: resizing, cropping, flipping, turning, bending, erasing."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator

from specc.arguments import DataFormat, Fraction, Number, PositiveInt, TypeWords, freeze
from specc.diagnostics.problem import Problem, ShapeError
from specc.layers.base import Call, ungraded
from specc.layers.image import (
    Factor,
    FillMode,
    ImageLayer,
    Interpolation,
    Seed,
    ShearFactor,
    SignedFactor,
    StrictSignedFactor,
    ValueRange,
    ZoomFactor,
    on_image,
)
from specc.shapes import Shape, Tensor, show_shape

_Colour = Annotated[
    float | tuple[Number, Number, Number], BeforeValidator(freeze), TypeWords("a number or a list of 3 numbers")
]


class _Sized(ImageLayer):
    """Gives images of a fixed height and width."""

    shape_rule = "(..., height, width, channels), with the height and width of the arguments"

    height: PositiveInt
    width: PositiveInt

    def output_shape(self, shape: Shape) -> Shape:
        """The images at the size of the arguments."""
        return self.resized(shape, self.height, self.width)


class Resizing(_Sized):
    """Scales images to a fixed height and width, in training and inference."""

    changes_ragged = (3, 4)
    example = on_image("Resizing, height: 24, width: 24")
    always = True
    computes = "numbers"

    interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"] = "bilinear"
    crop_to_aspect_ratio: bool = False
    pad_to_aspect_ratio: bool = False
    fill_mode: Literal["constant"] = "constant"
    fill_value: Number = 0.0
    antialias: bool = False
    data_format: DataFormat | None = None

    def transform(self, call: Call) -> Tensor:
        """The images, which are dense since they have one size."""
        return super().transform(call)._replace(ragged=False)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Area interpolation has no gradient."""
        if self.interpolation == "area":
            yield from ungraded(call)

    def check(self) -> Iterator[Problem]:
        """At most one way to keep the aspect ratio."""
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            yield Problem(
                "argument-clash",
                "takes 'crop_to_aspect_ratio' or 'pad_to_aspect_ratio', not both",
                ("pad_to_aspect_ratio",),
                "remove one",
                "key",
            )


class _Crop(_Sized):
    """Cuts images, and scales those that are too small to be cut."""

    def check_training(self, call: Call) -> None:
        """Only numbers can be scaled."""
        super().check_training(call)
        if self.scales(call.shape):
            self.need_compute(call.policy.compute, "numbers")

    def scales(self, shape: Shape) -> bool:
        """Whether images of that shape are known to be too small to be cut."""
        wanted = (self.height, self.width)
        return any(dim is not None and dim < least for dim, least in zip(self.size(shape), wanted, strict=True))


class CenterCrop(_Crop):
    """Cuts the middle out of images; scales those that are smaller."""

    example = on_image("CenterCrop, height: 24, width: 24")
    always = True

    data_format: DataFormat | None = None

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Smaller images are not scaled if Keras does not know that they are smaller."""
        traced_for_one = call.first.announced is not None  # its size is known each time, and varies
        if None in self.size(call.shape) and not traced_for_one:
            yield Problem(
                "some-sizes-only",
                f"does not scale images smaller than {self.height} x {self.width} where their size is not known, got {show_shape(call.shape)}",
                help=f"give it larger images only, or use {{type: Resizing, height: {self.height}, width: {self.width}}}",
            )

    def transform(self, call: Call) -> Tensor:
        """The images; Keras scales smaller ones in float32, and announces the compute dtype in any case."""
        images = super().transform(call)
        return images._replace(dtype="float32") if self.scales(call.shape) else images

    def traced(self, call: Call) -> Tensor:
        """The images; their size is unknown if the input's is."""
        output = self.transform(call)
        if None in self.size(call.shape) and not self.scales(call.shape):
            # Smaller images are scaled and larger ones cut, which leaves the size open until there is an image.
            return output._replace(shape=self.resized(call.shape, None, None))
        return output


class RandomCrop(_Crop):
    """Cuts a random part out of images in training; scales those that are smaller."""

    converts = False
    example = on_image("RandomCrop, height: 24, width: 24") + "  - {type: CenterCrop, height: 24, width: 24}\n"
    needs_size = "always"

    seed: Seed = None
    data_format: DataFormat | None = None

    def transform(self, call: Call) -> Tensor:
        """The images; Keras leaves them uncut in ``predict`` and ``evaluate``, and announces cut ones in any case."""
        cut = super().transform(call)
        training = call.options.get("training")
        whole = (
            cut.shape
            if training
            else tuple(
                now if now == then or training is False else None
                for now, then in zip(call.shape, cut.shape, strict=True)
            )
        )
        help = f"RandomCrop crops in training only: put {{type: CenterCrop, height: {self.height}, width: {self.width}}} after it"
        return cut._replace(shape=whole).but(cut.shape, help)


class _Random(ImageLayer):
    """Moves the pixels of images by random amounts."""

    seed: Seed = None
    data_format: DataFormat | None = None


class _Filled(_Random):
    """Fills what it uncovers at the edges of images, as ``fill_mode`` says."""

    fill_mode: FillMode = "reflect"
    interpolation: Interpolation = "bilinear"
    fill_value: Number = 0.0


class RandomFlip(_Random):
    """Mirrors images at random."""

    converts = False
    changes_ragged = (4,)
    example = on_image("RandomFlip, mode: horizontal")

    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] = "horizontal_and_vertical"


class RandomRotation(_Filled):
    """Turns images by a random angle; ``factor`` is the share of a full turn."""

    example = on_image("RandomRotation, factor: 0.1")
    computes = "numbers"

    factor: SignedFactor | None


class RandomTranslation(_Filled):
    """Shifts images by a random share of their height and width."""

    example = on_image("RandomTranslation, height_factor: 0.1, width_factor: 0.1")
    computes = "numbers"

    height_factor: StrictSignedFactor
    width_factor: StrictSignedFactor


class RandomZoom(_Filled):
    """Zooms images in or out at random; a negative factor zooms in."""

    example = on_image("RandomZoom, height_factor: 0.2")
    computes = "numbers"

    height_factor: ZoomFactor
    width_factor: ZoomFactor | None = None


class RandomShear(_Filled):
    """Slants images at random, along either axis."""

    example = on_image("RandomShear, x_factor: [0.0, 0.2], y_factor: [0.0, 0.2]")
    computes = "floats"

    x_factor: ShearFactor = 0.0
    y_factor: ShearFactor = 0.0

    def cautions(self, call: Call) -> Iterator[Problem]:
        """A single factor, which Keras saves as a range that its constructor refuses."""
        yield from super().cautions(call)
        for name in ("x_factor", "y_factor"):
            factor = getattr(self, name)
            if not isinstance(factor, tuple) and factor:
                yield Problem(
                    "cannot-load",
                    f"cannot be loaded from a file: Keras saves {name} as [{-factor:g}, {factor:g}] and refuses that itself",
                    (name,),
                    f"write {name}: [0.0, {factor:g}]",
                )


class RandomPerspective(_Random):
    """Tilts images at random, as if seen from another side; ``factor`` is the chance that one is."""

    example = on_image("RandomPerspective, scale: 0.5")
    computes = "floats"
    needs_size = "training"

    factor: Factor = 1.0
    scale: Fraction = 1.0
    interpolation: Interpolation = "bilinear"
    fill_value: Number = 0.0

    def check_training(self, call: Call) -> None:
        """Four corners must be apart, or the perspective has no solution."""
        super().check_training(call)
        if 1 in self.size(call.shape):
            raise ShapeError(
                f"needs images of at least 2 pixels in height and width, got {show_shape(call.shape)}",
                help="set 'data_format' to where the channels are, or resize the images before it",
            )


class RandomElasticTransform(_Filled):
    """Bends images at random like rubber; ``factor`` is the chance that one is."""

    example = on_image("RandomElasticTransform, factor: 0.5")
    computes = "floats"
    needs_size = "training"
    traces_half = False

    factor: Factor = 1.0
    scale: Factor = 1.0
    value_range: ValueRange = (0, 255)


class RandomErasing(_Random):
    """Covers a random rectangle of images; ``scale`` is its share of the image."""

    example = on_image("RandomErasing, factor: 0.5")
    computes = "floats"
    needs_size = "training"
    traces_half = False

    factor: Factor = 1.0
    scale: Factor = (0.02, 0.33)
    fill_value: _Colour | None = None
    value_range: ValueRange = (0, 255)

    def check_training(self, call: Call) -> None:
        """A colour must fit the last axis."""
        super().check_training(call)
        if isinstance(self.fill_value, tuple) and call.shape[-1] not in (3, None):
            raise ShapeError(
                f"cannot fill {show_shape(call.shape)} with 3 numbers: they go along the last axis",
                argument="fill_value",
                help="give 'fill_value' as one number",
            )
