"""Operations that move the pixels of images: affine and perspective transforms, sampling at coordinates."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from specc.arguments import DataFormat, Number, PositiveInts, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import ShapeError
from specc.dtypes import FLOATS, NUMBERS
from specc.operations.base import Operation, on
from specc.operations.number_lists import NumberListField
from specc.operations.rules import need_all_known, need_dtype
from specc.shapes import Shape, Tensor, differ, need_known, need_rank, show_shape

_PIXELS = FLOATS | {"uint8", "int32", "int64"}
Sampling = Literal["bilinear", "nearest"]


class Warp(Operation):
    """Images whose pixels are moved, by the same rule for all or by one for each."""

    shape_rule: ClassVar[str] = "the shape of images"

    def _need_images(self, images: Tensor) -> None:
        need_dtype(images.dtype, _PIXELS, "images")
        if len(images.shape) not in (3, 4):
            need_rank(images.shape, 4)

    def _need_rules(self, images: Shape, rules: Shape, one: Shape, name: str) -> None:
        """ShapeError unless there is a rule of that shape for all images, or one for each."""
        alone = len(rules) == len(one)
        batch = not alone and len(rules) == len(one) + 1 and len(images) == 4
        if not (alone or batch) or any(map(differ, rules[-len(one) :], one)):
            raise ShapeError(
                f"needs '{name}' of {show_shape(one)} or (batch, {', '.join(map(str, one))}), got {show_shape(rules)}",
                tensors=(name,),
                help="one for all images, or one for each",
            )
        if batch and differ(images[0], rules[0]):
            raise ShapeError(f"needs one '{name}' for each image, got {show_shape(images)} and {show_shape(rules)}")


class AffineTransform(Warp, op="image.affine_transform"):
    """Images moved, turned, scaled and sheared: 8 numbers say where each pixel of the result comes from."""

    tensors = (Argument("images"), Argument("transform", required=False))
    constants = ("transform",)
    sample = on("[8, 8, 3]", transform="[1, 0, 2, 0, 1, 0, 0, 0]")

    transform: NumberListField | None = None
    interpolation: Sampling = "bilinear"
    fill_mode: Literal["constant", "nearest", "wrap", "reflect"] = "constant"
    fill_value: Number = 0
    data_format: DataFormat | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        images, transform = call.tensor("images"), call.tensor("transform")
        self._need_images(images)
        need_dtype(transform.dtype, NUMBERS, "transform")
        self._need_rules(images.shape, transform.shape, (8,), "transform")
        yield Tensor(images.shape, images.dtype)


class PerspectiveTransform(Warp, op="image.perspective_transform"):
    """Images seen from elsewhere: 4 points, each with the place it moves to."""

    tensors = (
        Argument("images"),
        Argument("start_points", required=False),
        Argument("end_points", required=False),
    )
    constants = ("start_points", "end_points")
    sample = on(
        "[8, 8, 3]",
        start_points="[[0.0, 0.0], [0.0, 7.0], [7.0, 0.0], [7.0, 7.0]]",
        end_points="[[1.0, 0.0], [0.0, 6.0], [7.0, 0.0], [7.0, 7.0]]",
    )

    start_points: NumberListField | None = None
    end_points: NumberListField | None = None
    interpolation: Sampling = "bilinear"
    fill_value: Number = 0
    data_format: DataFormat | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        images = call.tensor("images")
        self._need_images(images)
        points = [call.tensor(name) for name in self.constants]
        for name, tensor in zip(self.constants, points, strict=True):
            need_dtype(tensor.dtype, frozenset({"float32"}), name)
            self._need_rules(images.shape, tensor.shape, (4, 2), name)
        if points[0].shape != points[1].shape:
            raise ShapeError(
                f"needs as many places as points, got {show_shape(points[0].shape)} and {show_shape(points[1].shape)}"
            )
        yield Tensor(images.shape, images.dtype)


class MapCoordinates(Operation, op="image.map_coordinates"):
    """The elements of a tensor at some coordinates, between them too; TensorFlow needs its sizes for it."""

    tensors = (Argument("inputs"), Argument("coordinates", required=False))
    constants = ("coordinates",)
    shape_rule = "(axes of inputs, ...) -> (...)"
    sample = on("batch [8, 8]", coordinates="[[0.5, 1.0, 2.5], [0.0, 1.5, 3.0]]", order="1")

    coordinates: NumberListField | None = None
    order: Annotated[Literal[0, 1], TypeWords("0 or 1")]
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "constant"
    fill_value: Number = 0

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, coordinates = call.tensor("inputs"), call.tensor("coordinates")
        need_dtype(inputs.dtype, NUMBERS, "inputs")
        need_dtype(coordinates.dtype, FLOATS, "coordinates")
        need_all_known(inputs.shape)
        need_rank(coordinates.shape, 2, least=True)
        if coordinates.shape[0] != len(inputs.shape):
            raise ShapeError(
                f"needs a row of coordinates for each of the {len(inputs.shape)} axes of {show_shape(inputs.shape)}, "
                f"got {show_shape(coordinates.shape)}",
                tensors=("coordinates",),
            )
        yield Tensor(coordinates.shape[1:], inputs.dtype)


class ScaleAndTranslate(Operation, op="image.scale_and_translate", accepts=FLOATS):
    """Images scaled and moved along some axes into another shape, batch axis included."""

    tensors = (Argument("images"), Argument("scale", required=False), Argument("translation", required=False))
    constants = ("scale", "translation")
    shape_rule = "output_shape"
    sample = on(
        "batch [2, 8, 8, 3]",
        output_shape="[2, 4, 4, 3]",
        scale="[0.5, 0.5]",
        translation="[0.0, 1.0]",
        spatial_dims="[1, 2]",
        method="linear",
    )

    output_shape: PositiveInts
    scale: NumberListField | None = None
    translation: NumberListField | None = None
    spatial_dims: Annotated[tuple[int, ...], BeforeValidator(freeze), TypeWords("a list of axes")]
    method: Literal["linear", "bilinear", "trilinear", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5"]
    antialias: bool = True

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """All by name: in Keras's order, the shape comes between the tensors."""
        constants = self.call_constants()
        given = {name: tensors.get(name, constants.get(name)) for name in ("images", "scale", "translation")}
        return [given.pop("images")], {**given, **{name: constants[name] for name in constants if name not in given}}

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        images = call.tensor("images")
        for name in self.constants:
            need_dtype(call.tensor(name).dtype, frozenset({"float32"}), name)
            if call.tensor(name).shape != (len(self.spatial_dims),):
                raise ShapeError(f"needs a number in '{name}' for each of the axes {list(self.spatial_dims)}")
        need_rank(images.shape, len(self.output_shape))
        for axis, wanted in enumerate(self.output_shape):
            moved = axis in self.spatial_dims or axis - len(images.shape) in self.spatial_dims
            if not moved and need_known(images.shape, axis, "that stays as it is") != wanted:
                raise ShapeError(
                    f"keeps axis {axis} of {show_shape(images.shape)}, which output_shape makes {wanted}",
                    argument="output_shape",
                )
        yield Tensor(self.output_shape, images.dtype)

    def scratch(self, call: Call) -> int:
        """How much each place of an axis counts in each place of the new one."""
        before, after = call.tensor("images").shape, self.output_shape
        return max((Tensor((before[axis], after[axis])).bytes or 0 for axis in self.spatial_dims), default=0)
