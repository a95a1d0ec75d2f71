"""Losses as operations, one number for each example or element, and measures of how alike images are."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from specc.arguments import Axis, DataFormat, Integer, NonNegativeNumber, PositiveInt, PositiveNumber
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, RuleError, ShapeError
from specc.dtypes import BOOL, FLOATS, INTS, result_type
from specc.operations.base import Operation, on_two
from specc.operations.rules import need_dtype, need_one_dtype
from specc.shapes import Shape, Tensor, differ, fits, need_rank, normalize_axis, show_shape

_CLASSES = frozenset({"int32", "int64"})


def _need_alike(first: Tensor, second: Tensor, what: str) -> None:
    if first.shape != second.shape:
        raise ShapeError(f"needs {what} of one shape, got {show_shape(first.shape)} and {show_shape(second.shape)}")


class Crossentropy(Operation, accepts=FLOATS):
    """A cross entropy of targets and outputs."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("target"), Argument("output"))
    sample: ClassVar[str] = on_two()

    from_logits: bool = False

    def _need_pair(self, call: Call) -> Tensor:
        """The output, whose target has its shape and dtype."""
        target, output = call.tensor("target"), call.tensor("output")
        _need_alike(target, output, "targets and outputs")
        need_one_dtype(target, output)
        return output

    def _need_last(self, axis: int, shape: Shape) -> None:
        need_rank(shape, 1, least=True)
        if normalize_axis(axis, len(shape)) != len(shape) - 1:
            raise RuleError(
                f"takes the classes on the last axis only, not on axis {axis}", argument="axis", help="remove axis"
            )


class BinaryCrossentropy(Crossentropy, op="binary_crossentropy"):
    """The binary cross entropy of each element."""

    shape_rule = "the shape of output"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        output = self._need_pair(call)
        yield Tensor(output.shape, output.dtype)


class CategoricalCrossentropy(Crossentropy, op="categorical_crossentropy"):
    """The cross entropy of probabilities, or one-hot classes, along the last axis."""

    shape_rule = "the shape of output without its last axis"

    axis: Axis = -1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        output = self._need_pair(call)
        self._need_last(self.axis, output.shape)
        yield Tensor(output.shape[:-1], output.dtype)


class SparseCategoricalCrossentropy(Crossentropy, op="sparse_categorical_crossentropy", accepts=INTS | FLOATS):
    """The cross entropy of class numbers, and probabilities along the last axis."""

    shape_rule = "the shape of output without its last axis"
    sample = (
        "layers:\n  - {type: Input, name: label, shape: [], dtype: int32}\n  - {type: Input, name: scores, shape: [4]}\n"
        "  - {type: TYPE, from: [label, scores], from_logits: true}\n"
    )

    axis: Axis = -1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        target, output = call.tensor("target"), call.tensor("output")
        need_dtype(output.dtype, FLOATS, "output")
        self._need_last(self.axis, output.shape)
        labels = target.shape
        if len(labels) == len(output.shape) and labels[-1] == 1:
            labels = labels[:-1]
        if not fits(labels, output.shape[:-1]):
            raise ShapeError(
                f"needs a class for each row, got {show_shape(target.shape)} and {show_shape(output.shape)}",
                help="the target has the shape of the output without its last axis",
            )
        yield Tensor(output.shape[:-1], output.dtype)


# -- Sequences of labels -------------------------------------------------------------------------


class CtcLoss(Operation, op="ctc_loss"):
    """The connectionist temporal classification loss of each sequence."""

    tensors = (Argument("target"), Argument("output"), Argument("target_length"), Argument("output_length"))
    shape_rule = "(batch, labels), (batch, steps, classes), (batch,) and (batch,) -> (batch,)"
    sample = (
        "layers:\n  - {type: Input, name: labels, shape: [3], dtype: int32}\n"
        "  - {type: Input, name: scores, shape: [8, 5]}\n"
        "  - {type: Input, name: label_count, shape: [], dtype: int32}\n"
        "  - {type: Input, name: step_count, shape: [], dtype: int32}\n"
        "  - {type: TYPE, from: [labels, scores, label_count, step_count]}\n"
    )

    mask_index: Integer = 0

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        output = call.tensor("output")
        need_dtype(output.dtype, FLOATS, "output")
        need_rank(output.shape, 3)
        for name, rank in (("target", 2), ("target_length", 1), ("output_length", 1)):
            tensor = call.tensor(name)
            need_dtype(tensor.dtype, _CLASSES, name)
            need_rank(tensor.shape, rank)
            if tensor.shape[0] != output.shape[0]:
                raise ShapeError(
                    f"needs one batch for all, got {show_shape(tensor.shape)} and {show_shape(output.shape)}",
                    tensors=(name, "output"),
                )
        yield Tensor(output.shape[:1], result_type(output.dtype, "float32"))


class CtcDecode(Operation, op="ctc_decode"):
    """The most probable labels of each sequence, and how probable they are."""

    several = True
    graded = False
    tensors = (Argument("inputs"), Argument("sequence_lengths"))
    shape_rule = "(batch, steps, classes) and (batch,) -> (top_paths, batch, steps) and (batch, top_paths)"
    sample = (
        "layers:\n  - {type: Input, name: scores, batch_shape: [2, 8, 5]}\n"
        "  - {type: Input, name: step_count, batch_shape: [2], dtype: int32}\n"
        "  - {type: TYPE, from: [scores, step_count]}\n"
    )

    strategy: Literal["greedy", "beam_search"] = "greedy"
    beam_width: PositiveInt = 100
    top_paths: PositiveInt = 1
    merge_repeated: bool = True
    mask_index: Integer = 0

    def check(self) -> Iterator[Problem]:
        """A greedy search finds one path."""
        if self.strategy == "greedy" and self.top_paths > 1:
            message = f"finds one path by a greedy search, not {self.top_paths}"
            yield Problem("argument-clash", message, ("top_paths",), "set strategy: beam_search")

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The labels, and the logarithm of how probable each path is."""
        return ("labels", "scores")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, count = call.tensor("inputs"), call.tensor("sequence_lengths")
        need_dtype(inputs.dtype, frozenset({"float32"}), "inputs")
        need_dtype(count.dtype, _CLASSES, "sequence_lengths")
        need_rank(inputs.shape, 3)
        need_rank(count.shape, 1)
        batch, steps, _ = inputs.shape
        if differ(batch, count.shape[0]):
            raise ShapeError(f"needs one batch for both, got {show_shape(inputs.shape)} and {show_shape(count.shape)}")
        yield Tensor((self.top_paths, batch, steps), "int32")
        yield Tensor((batch, self.top_paths), "float32")


# -- Images --------------------------------------------------------------------------------------


class Psnr(Operation, op="psnr", accepts=FLOATS):
    """The peak signal-to-noise ratio of all elements, in decibels."""

    tensors = (Argument("x1"), Argument("x2"))
    shape_rule = "()"
    sample = on_two("batch [2, 4]", "batch [2, 4]", max_val="1.0")

    max_val: PositiveNumber

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        _need_alike(x1, x2, "two tensors")
        yield Tensor((), need_one_dtype(x1, x2))


class Ssim(Operation, op="image.ssim", accepts=(BOOL | INTS | FLOATS) - {"float16"}):
    """The structural similarity of each two images."""

    tensors = (Argument("image1"), Argument("image2"))
    shape_rule = "(batch,)"
    sample = on_two("[16, 16, 3]", "[16, 16, 3]")

    max_val: PositiveNumber = 1.0
    filter_size: PositiveInt = 11
    filter_sigma: PositiveNumber = 1.5
    k1: NonNegativeNumber = 0.01
    k2: NonNegativeNumber = 0.03
    data_format: DataFormat | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        first, second = call.tensor("image1"), call.tensor("image2")
        if len(first.shape) not in (3, 4):
            need_rank(first.shape, 4)
        _need_alike(first, second, "images")
        height = len(first.shape) - (2 if self.data_format == "channels_first" else 3)
        for axis in (height, height + 1):
            length = first.shape[axis]
            if length is not None and length < self.filter_size:
                raise ShapeError(
                    f"compares parts of {self.filter_size} by {self.filter_size}, got {show_shape(first.shape)}",
                    argument="filter_size",
                    help=f"set filter_size to {length} or less",
                )
        yield Tensor(first.shape[:-3], need_one_dtype(first, second))
