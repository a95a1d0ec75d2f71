"""What the image layers have in common: their input, their arguments' types, the layers' base class.

Keras gives an image layer's output a shape without looking at the image; what an image must be like shows
only when the layer runs. `ImageLayer` checks it beforehand.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator

from specc.arguments import Integer, Number, TypeWords, freeze
from specc.arguments.roles import IN_ORDER, Saved
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.layers.base import Argument, Call, Layer, example_of, training_failure
from specc.shapes import Dim, Shape, Tensor, is_float, show_shape

Interpolation = Literal["nearest", "bilinear"]
FillMode = Literal["reflect", "wrap", "constant", "nearest"]
ValueRange = Annotated[
    tuple[Number, Number], BeforeValidator(freeze), TypeWords("a list of 2 numbers, the least and the greatest value")
]
SortedRange = Annotated[ValueRange, IN_ORDER]
Seed = Integer | None
Computes = Literal["any", "numbers", "floats"]
NeedsSize = Literal["never", "training", "always"]

_Factor = float | tuple[float, float]


def _from(lowest: int) -> Saved:
    """Keras makes a range of one number: from its negative, but not below the lowest, up to it."""
    return Saved(
        lambda factor: sorted(factor) if isinstance(factor, tuple) else (max(-abs(factor), lowest), abs(factor)),
        unset=(-0.0, 0.0),
    )


def _each_within(low: float, high: float, *, open_below: bool = False) -> Callable[[_Factor], _Factor]:
    """Every number of a factor must lie from ``low`` to ``high``."""

    def check(factor: _Factor) -> _Factor:
        for number in factor if isinstance(factor, tuple) else (factor,):
            if not low <= number <= high or (open_below and number == low):
                raise ValueError
        return factor

    return check


def _overlaps(low: float, high: float) -> Callable[[_Factor], _Factor]:
    """A number must lie from ``low`` to ``high``; two need only overlap that range, as in Keras's base class."""

    def check(factor: _Factor) -> _Factor:
        first, second = factor if isinstance(factor, tuple) else (factor, factor)
        if first > high or second < low or not (isinstance(factor, tuple) or low <= factor <= high):
            raise ValueError
        return factor

    return check


_FROM_0 = TypeWords("a number from 0 to 1 or a list of 2 such numbers")
_FROM_MINUS_1 = TypeWords("a number from -1 to 1 or a list of 2 such numbers")

Factor = Annotated[_Factor, BeforeValidator(freeze), AfterValidator(_overlaps(0, 1)), _FROM_0, _from(0)]
SignedFactor = Annotated[_Factor, BeforeValidator(freeze), AfterValidator(_overlaps(-1, 1)), _FROM_MINUS_1, _from(-1)]
StrictFactor = Annotated[_Factor, BeforeValidator(freeze), AfterValidator(_each_within(0, 1)), _FROM_0, _from(0)]
ShearFactor = Annotated[StrictFactor, _from(-1)]
StrictSignedFactor = Annotated[_Factor, BeforeValidator(freeze), AfterValidator(_each_within(-1, 1)), _FROM_MINUS_1]
ZoomFactor = Annotated[
    _Factor,
    BeforeValidator(freeze),
    AfterValidator(_each_within(-1, 1, open_below=True)),
    TypeWords("a number above -1 and up to 1 or a list of 2 such numbers"),
]
BitsFactor = Annotated[
    int | tuple[int, int],
    BeforeValidator(freeze),
    AfterValidator(_overlaps(1, 8)),
    TypeWords("an integer from 1 to 8 or a list of 2 such integers"),
    _from(1),
]


SIZES = "give the Input's shape a height and a width, or put a Resizing layer before it"


class ImageLayer(Layer):
    """Works on one image or a batch of images.

    The class variables say what the images must be like for the layer to run. Most of it matters in training only:
    at other times most of these layers pass the images on.
    """

    tensors = (Argument("data"),)
    options = {"training": bool}
    shape_rule = "the shape of the images: (batch, height, width, channels) or (height, width, channels)"

    computes: ClassVar[Computes] = "any"
    """The dtypes it can compute in when training; "numbers" excludes bool."""
    channels: ClassVar[tuple[int, ...]] = ()
    """The numbers of channels it can work on when training; empty for any number."""
    always: ClassVar[bool] = False
    """Whether it changes images in inference too."""
    needs_size: ClassVar[NeedsSize] = "never"
    """When it must know the height and the width of the images."""
    traces_half: ClassVar[bool] = True
    """Whether it can train in float16 when Keras traces it: in ``predict``, ``fit`` and a `Pipeline`."""
    changes_ragged: ClassVar[tuple[int, ...]] = ()
    """The ranks of ragged images that it can change; others it can only pass on."""

    unsaved = frozenset({"bounding_box_format"})

    bounding_box_format: str | None = None

    def saved(self) -> dict[str, Any]:
        """The format of bounding boxes if it is given."""
        return {} if self.bounding_box_format is None else {"bounding_box_format": self.bounding_box_format}

    @property
    def channel_axis(self) -> int:
        """The axis of the channels, counted from the end."""
        return -3 if getattr(self, "data_format", None) == "channels_first" else -1

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The output images, as Keras announces them without running the layer."""
        if self.needs_size == "always":
            self.need_size(call)
        return (self.transform(call),)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Images that it can pass on in ``predict`` but not change in ``fit``."""
        built_for_inference, call = call.built_for_inference, replace(call, built_for_inference=False)
        if self._fails_in_half(call):
            path = ("dtype",) if self.dtype is not None else ()
            yield Problem("cannot-train", "cannot train in float16", path, "set its dtype to float32")
        elif call.first.ragged and not self.always and self.changes(call) and self._fails_on_ragged(call):
            yield Problem("cannot-train", "cannot train on ragged images", help="put a Resizing layer before it")
        elif self._fixes_size(call) and None in self.size(call.shape):
            yield Problem(
                "cannot-train",
                f"cannot train on images of several sizes, got {show_shape(call.shape)}",
                help=SIZES,
            )
        elif built_for_inference:
            yield from training_failure(self, call)

    def need_size(self, call: Call) -> None:
        """ShapeError if the height or the width is unknown: Keras uses them when it traces the layer."""
        self._check_images(call)
        if None in self.size(call.shape):
            raise ShapeError(f"needs a known height and width, got {show_shape(call.shape)}", help=SIZES)

    def transform(self, call: Call) -> Tensor:
        """The output images, in the compute dtype."""
        self._check_images(call)
        if self.always or self.changes(call):
            self.check_training(call)
        return Tensor(self.output_shape(call.shape), call.policy.compute, ragged=call.first.ragged)

    def traced(self, call: Call) -> Tensor:
        """The output inside a `Pipeline`, which runs the layer on placeholder images to find the shape."""
        self._check_images(call)
        needed = self.needs_size == "always" or self._fixes_size(call)
        if needed and None in self.size(call.shape):
            raise ShapeError(
                f"contains {self.type_name}, which needs a known height and width here, got {show_shape(call.shape)}",
                help=f"give the Input's shape numbers, or take {self.type_name} out of the Pipeline",
            )
        if self._fails_in_half(call):
            raise DTypeError(
                f"contains {self.type_name}, which cannot compute in float16 here",
                help=f"give {self.type_name} dtype float32, or take it out of the Pipeline",
            )
        return self.transform(call)

    def changes(self, call: Call) -> bool:
        """Whether it changes these images as in training."""
        return trains(call)

    def _fixes_size(self, call: Call) -> bool:
        return self.needs_size == "training" and self.changes(call)

    def _fails_in_half(self, call: Call) -> bool:
        return not self.traces_half and call.policy.compute == "float16" and self.changes(call)

    def _fails_on_ragged(self, call: Call) -> bool:
        return len(call.shape) not in self.changes_ragged

    def size(self, shape: Shape) -> tuple[Dim, Dim]:
        """The height and the width of images of that shape."""
        return (shape[-3], shape[-2]) if self.channel_axis == -1 else (shape[-2], shape[-1])

    def resized(self, shape: Shape, height: Dim, width: Dim) -> Shape:
        """The shape with another height and width."""
        if self.channel_axis == -1:
            return (*shape[:-3], height, width, shape[-1])
        return (*shape[:-2], height, width)

    def check_training(self, call: Call) -> None:
        """RuleError for images that the layer cannot work on when training."""
        self.need_compute(call.policy.compute, self.computes)
        self.need_channels(call.shape, self.channels)

    def need_compute(self, compute: str, allowed: Computes) -> None:
        """DTypeError if the layer cannot compute in that dtype."""
        if (allowed == "floats" and not is_float(compute)) or (allowed == "numbers" and compute == "bool"):
            wanted = "a floating dtype" if allowed == "floats" else "a dtype of numbers"
            raise DTypeError(
                f"computes in {wanted} only, not in {compute}",
                argument="dtype",
                help="remove 'dtype', or set it to float32",
            )

    def need_channels(self, shape: Shape, allowed: tuple[int, ...]) -> None:
        """ShapeError if the number of channels is known and not among those allowed."""
        channels = shape[self.channel_axis]
        if allowed and channels is not None and channels not in allowed:
            wanted = " or ".join(str(number) for number in allowed)
            raise ShapeError(
                f"needs images of {wanted} channels, got {show_shape(shape)} with {channels}",
                help="set 'data_format' to where the channels are: channels_last or channels_first",
            )

    def _check_images(self, call: Call) -> None:
        tensor = call.first
        if len(tensor.shape) not in (3, 4):
            raise ShapeError(
                f"needs an image (3 dimensions) or a batch of images (4), got {show_shape(tensor.shape)}",
                help="a batch of images is (batch, height, width, channels); a Reshape layer can add a missing axis",
                surplus=len(tensor.shape) - 4,
            )
        if tensor.sparse:
            raise DTypeError("needs dense images, got sparse ones")
        if tensor.ragged and (self.always or call.options.get("training")) and self._fails_on_ragged(call):
            raise DTypeError("cannot take ragged images", help="put a Resizing layer before it")
        for dtype in (tensor.dtype, call.policy.compute):
            if dtype == "string" or dtype.startswith("complex"):
                raise DTypeError(f"works on numbers, not on {dtype}", help="give it decoded images")


def on_image(layer: str) -> str:
    """The example of an image layer with its arguments; see `example_of`."""
    return example_of(layer, "[32, 32, 3]", "image")


def trains(call: Call) -> bool:
    """Whether Keras builds the call as one that transforms the images: yes unless it says ``training: false``."""
    return not call.built_for_inference and call.options.get("training", True) is not False
