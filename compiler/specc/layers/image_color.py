"""Image layers that change colours and do not move pixels."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from specc.arguments import DataFormat, Fraction, Number, PositiveInt, TypeWords, freeze, per_axis
from specc.arguments.roles import AS_GIVEN, Saved
from specc.automatic_names import snake_case
from specc.calls import Tracked
from specc.diagnostics.problem import Problem, RuleError, ShapeError
from specc.layers.base import Call
from specc.layers.image import (
    BitsFactor,
    Factor,
    ImageLayer,
    Seed,
    SignedFactor,
    SortedRange,
    StrictFactor,
    ValueRange,
    on_image,
)
from specc.shapes import Tensor, need_known, show_shape


def _odd(size: int | tuple[int, int]) -> int | tuple[int, int]:
    if any(length % 2 == 0 for length in per_axis(size, 2)):
        raise ValueError
    return size


_OddSize = Annotated[
    PositiveInt | tuple[PositiveInt, PositiveInt],
    BeforeValidator(freeze),
    AfterValidator(_odd),
    TypeWords("an odd positive integer or a list of 2 such integers"),
]
_Grid = Annotated[tuple[PositiveInt, PositiveInt], BeforeValidator(freeze), TypeWords("a list of 2 positive integers")]


_UpTo = Annotated[StrictFactor, Saved(lambda factor: sorted(factor) if isinstance(factor, tuple) else (0, factor))]


class _Random(ImageLayer):
    """Changes the colours of images by random amounts."""

    value_range: ValueRange = (0, 255)
    seed: Seed = None
    data_format: DataFormat | None = None


class _WithRange(_Random):
    """A layer that sorts the least and the greatest value."""

    value_range: SortedRange = (0, 255)


class RandomBrightness(_WithRange):
    """Makes images brighter or darker at random."""

    changes_ragged = (3, 4)
    example = on_image("RandomBrightness, factor: 0.2")
    computes = "numbers"

    factor: SignedFactor | None


class RandomContrast(_Random):
    """Strengthens or weakens the contrast of images at random."""

    example = on_image("RandomContrast, factor: 0.2")
    computes = "floats"

    factor: Factor


class RandomColorDegeneration(_WithRange):
    """Blends images with their grey version at random."""

    example = on_image("RandomColorDegeneration, factor: 0.5")
    computes = "numbers"

    factor: SignedFactor

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The images; they must be RGB, whether or not the layer trains."""
        images = super().infer(call)
        self.need_channels(call.shape, (3,))
        return images

    def traced(self, call: Call) -> Tensor:
        """The output inside a Pipeline, which also accepts grey images, and others if the layer does not train."""
        images = super().traced(call)
        if self.changes(call):
            self.need_channels(call.shape, (1, 3))
        return images


class RandomColorJitter(_Random):
    """Changes brightness, contrast, saturation and hue of images at random."""

    example = on_image("RandomColorJitter, brightness_factor: 0.2, hue_factor: 0.1")

    brightness_factor: Annotated[SignedFactor | None, AS_GIVEN] = None
    contrast_factor: Annotated[Factor | None, AS_GIVEN] = None
    saturation_factor: Annotated[SignedFactor | None, AS_GIVEN] = None
    hue_factor: Annotated[Factor | None, AS_GIVEN] = None

    def tracked(self) -> Sequence[Tracked]:
        """A layer for each change that it makes."""
        types = ("RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation")
        made = [(snake_case(it), it) for it in types]
        return [Tracked(name, "", type=it) for name, it in made if getattr(self, f"{name[7:]}_factor") is not None]

    def has_gradient(self) -> bool:
        """False if it changes hue or saturation."""
        return self.saturation_factor is None and self.hue_factor is None

    def check_training(self, call: Call) -> None:
        """Saturation and hue need RGB images, contrast and saturation floats."""
        floats = self.contrast_factor is not None or self.saturation_factor is not None
        numbers = self.brightness_factor is not None
        self.need_compute(call.policy.compute, "floats" if floats else "numbers" if numbers else "any")
        for name in ("saturation_factor", "hue_factor"):
            # The layers inside do not get the data format: they look for the colours on the last axis.
            if getattr(self, name) is not None and call.shape[-1] not in (3, None):
                raise ShapeError(
                    f"needs 3 channels on the last axis to change colours, got {show_shape(call.shape)}",
                    argument=name,
                    help=f"give it RGB images with the channels last, or remove '{name}'",
                )


class RandomGaussianBlur(_Random):
    """Blurs images at random; ``factor`` is the chance that one is."""

    example = on_image("RandomGaussianBlur, factor: 0.5, kernel_size: 5")
    computes = "floats"
    traces_half = False

    factor: Factor = 1.0
    kernel_size: _OddSize = 3
    sigma: Factor = 1.0


class RandomGrayscale(ImageLayer):
    """Turns images grey at random; the channels stay."""

    announces_dtype = True
    example = on_image("RandomGrayscale, factor: 0.2")
    channels = (1, 3)

    unsaved = ImageLayer.unsaved | {"seed"}

    factor: Fraction = 0.5
    data_format: DataFormat | None = None
    seed: Seed = None

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The images in their own dtype, as Keras announces them outside a Pipeline."""
        return (self.transform(call)._replace(dtype=call.first.dtype),)


class RandomHue(_Random):
    """Shifts the colours of RGB images round the colour wheel at random."""

    example = on_image("RandomHue, factor: 0.1")
    channels = (3,)
    graded = False

    factor: Factor


class RandomInvert(_Random):
    """Turns images into their negative at random; ``factor`` is the chance that one is."""

    changes_ragged = (4,)
    example = on_image("RandomInvert, factor: 0.5")
    computes = "numbers"

    factor: Factor = 1.0


class RandomPosterization(_WithRange):
    """Reduces the shades in images: ``factor`` is the number of bits that each channel keeps."""

    changes_ragged = (3, 4)
    example = on_image("RandomPosterization, factor: 4")
    graded = False

    factor: BitsFactor


class RandomSaturation(_WithRange):
    """Makes the colours of RGB images stronger or paler at random."""

    example = on_image("RandomSaturation, factor: 0.5")
    computes = "floats"
    channels = (3,)
    graded = False

    factor: SignedFactor


class RandomSharpness(_WithRange):
    """Sharpens or softens images at random."""

    example = on_image("RandomSharpness, factor: 0.5")
    computes = "floats"

    factor: Factor


class AutoContrast(ImageLayer):
    """Stretches each channel of images over the whole value range."""

    changes_ragged = (3, 4)
    example = on_image("AutoContrast")
    always = True
    computes = "floats"

    value_range: SortedRange = (0, 255)
    data_format: DataFormat | None = None


class ContrastLimitedAdaptiveHistogramEqualization(ImageLayer):
    """Evens out the brightness of images tile by tile (CLAHE), in training and inference."""

    example = on_image("ContrastLimitedAdaptiveHistogramEqualization, tile_grid_size: [4, 4]")
    always = True
    needs_size = "always"
    graded = False

    value_range: ValueRange = (0, 255)
    clip_limit: Number = 4.0
    tile_grid_size: _Grid = (8, 8)
    data_format: DataFormat | None = None

    def check_training(self, call: Call) -> None:
        """The images must be large enough for the tiles."""
        super().check_training(call)
        for length, tiles in zip(self.size(call.shape), self.tile_grid_size, strict=True):
            # The last tiles are padded by reflection, which cannot add more than there is.
            if length is not None and -(-length // tiles) * tiles > 2 * length:
                raise ShapeError(
                    f"cannot cut {length} pixels into {tiles} tiles",
                    argument="tile_grid_size",
                    help=f"use at most {2 * length} tiles there",
                )


class Equalization(ImageLayer):
    """Spreads the brightness of images evenly over the value range; for use inside a Pipeline."""

    announces_dtype = True
    example = on_image("Pipeline, layers: [Equalization]")
    computes = "floats"

    value_range: SortedRange = (0, 255)
    bins: PositiveInt = 256
    data_format: DataFormat | None = None

    def check(self) -> Iterator[Problem]:
        """The value range must not be empty."""
        low, high = self.value_range
        if low == high:
            yield Problem(
                "argument-value",
                "needs two different numbers in value_range",
                ("value_range",),
                "for instance [0, 255]",
            )

    def check_training(self, call: Call) -> None:
        """The channels are equalized one by one, so their number must be known."""
        super().check_training(call)
        need_known(call.shape, self.channel_axis, "to equalize each channel")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """RuleError: only a Pipeline can call it."""
        # Keras returns the input itself from the symbolic call, so the model is cut off at this layer.
        raise RuleError(
            "is dropped by Keras when it is in a model by itself",
            help="put it into a Pipeline: {type: Pipeline, layers: [Equalization]}",
            code="refused-layer",
        )


class Solarization(_WithRange):
    """Inverts the bright parts of images, those above a random threshold."""

    changes_ragged = (3, 4)
    example = on_image("Solarization, threshold_factor: 0.5")
    computes = "floats"

    addition_factor: _UpTo = 0.0
    threshold_factor: _UpTo = 0.0
