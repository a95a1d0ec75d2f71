"""Layers that turn raw features (strings, integers, numbers to be scaled) into what a network takes.

Text and vocabularies are in `specc.layers.lookup`.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import Axes, Integer, Number, Numbers, PositiveInt, TypeWords, freeze
from specc.arguments.roles import AS_LIST, Saved
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import FLOATX, INTS
from specc.layers.accept import PLAIN, Unary, kind, need_dense, need_kind
from specc.layers.base import Argument, Call, Layer, Policy, Weight, example_of
from specc.layers.encodings import encoded_tensor, need_countable, need_integers, need_sparse_encoding
from specc.shapes import (
    LARGEST_RANK,
    Shape,
    Tensor,
    broadcast,
    distinct_axes,
    fits,
    need_known,
    need_rank,
    show_shape,
)

Salt = Annotated[
    Integer | tuple[Integer, Integer], BeforeValidator(freeze), TypeWords("an integer or a list of 2 integers")
]


class CategoryEncoding(Layer):
    """Encodes integer categories as vectors: one-hot, multi-hot or counted."""

    announces_dtype = True
    converts = False
    tensors = (Argument("inputs"), Argument("count_weights", required=False))
    casts = False
    shape_rule = "(batch, ..., n) -> (batch, ..., num_tokens); one_hot: (batch, ..., n, num_tokens)"
    example = example_of("CategoryEncoding, num_tokens: 8", "[3], dtype: int64", "colours")
    graded = False
    unsaved = frozenset({"sparse"})

    num_tokens: PositiveInt | None = None
    output_mode: Annotated[
        Literal["count", "multi_hot", "one_hot", "binary"],
        Saved(lambda mode: "multi_hot" if mode == "binary" else mode),
    ] = "multi_hot"
    sparse: bool = False

    def check(self) -> Iterator[Problem]:
        """``num_tokens`` is required, although it has a default in Keras's signature."""
        if self.num_tokens is None:
            yield Problem("missing-argument", "needs 'num_tokens'", help="add 'num_tokens': a positive integer")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The encoding, in the policy's variable dtype, although Keras announces the compute dtype."""
        tensor, weights = call.first, call.one("count_weights")
        need_kind(tensor, PLAIN)
        need_dense(tensor, ragged=not self.sparse)
        if self.sparse and self.output_mode != "one_hot" and len(tensor.shape) <= 2:
            # In a graph, as in predict, Keras casts the categories to the compute dtype before they are counted.
            need_integers(call.policy.compute)
        need_countable(call.policy.variable, len(tensor.shape), self.output_mode, self.sparse)
        if weights is not None:
            self._check_weights(tensor, weights)
        dtype = call.policy.variable
        return (
            encoded_tensor(
                tensor.shape, self.num_tokens, self.output_mode, dtype, sparse=self.sparse, ragged=tensor.ragged
            ),
        )

    def scratch(self, call: Call) -> int:
        """A vector for each number, before they become one."""
        return Tensor((*call.shape, self.num_tokens or 0)).bytes or 0

    def cautions(self, call: Call) -> Iterator[Problem]:
        """An argument that Keras does not save."""
        if self.sparse:
            yield Problem(
                "cannot-load",
                "gives dense tensors once the model is loaded from a file, where Keras does not save sparse",
                ("sparse",),
                "set 'sparse' to false, or save the weights alone and build the model from its spec",
            )

    def _check_weights(self, tensor: Tensor, weights: Tensor) -> None:
        if self.output_mode != "count":
            raise ShapeError(
                f"uses 'count_weights' in output_mode count only, not in {self.output_mode}",
                argument="output_mode",
                help="set 'output_mode' to count, or remove 'count_weights'",
            )
        need_kind(weights, PLAIN, "count_weights")
        # TensorFlow itself counts up to two axes, and needs one weight each; for more, Keras expands the weights.
        alike = fits(tensor.shape, weights.shape)
        if not alike and (len(tensor.shape) <= 2 or broadcast(tensor.shape, weights.shape) is None):
            raise ShapeError(
                f"needs a weight for each input: {show_shape(tensor.shape)} and {show_shape(weights.shape)} differ",
                help="give 'count_weights' the shape of the inputs",
            )


class Hashing(Layer):
    """Hashes strings or integers into a fixed number of bins."""

    announces_dtype = True
    converts = False
    casts = False
    shape_rule = "the shape of the inputs; encoded: (batch, ..., n) -> (batch, ..., num_bins)"
    example = example_of("Hashing, num_bins: 64", "[1], dtype: string", "city")
    graded = False

    num_bins: PositiveInt
    mask_value: bool | Integer | Number | str | None = None
    salt: Salt | None = None
    output_mode: Literal["int", "one_hot", "multi_hot", "count"] = "int"
    sparse: bool = False

    def policy_name(self, default: str) -> str:
        """Integers for bins and Keras's float type for encodings, unless it is given."""
        return self.dtype or ("int64" if self.output_mode == "int" else FLOATX)

    def check(self) -> Iterator[Problem]:
        """A dtype that cannot represent bins, and sparse bins."""
        if self.output_mode == "int" and self.dtype not in (None, "int32", "int64"):
            yield Problem(
                "argument-clash", "gives bins in int32 or int64 only", ("dtype",), "set 'dtype' to one of them"
            )
        yield from need_sparse_encoding(self.sparse, self.output_mode)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The bins or their encoding; Keras's float type replaces the model's policy."""
        tensor = call.first
        if kind(tensor.dtype) == "complex":
            need_kind(tensor, PLAIN)
        self._check_mask(tensor)
        if self.output_mode == "int":
            return (Tensor(tensor.shape, self.dtype or "int64", ragged=tensor.ragged),)
        if self.output_mode == "one_hot":
            need_rank(tensor.shape, 1, least=True)
        dtype = Policy.named(self.dtype or FLOATX).variable
        need_countable(dtype, len(tensor.shape), self.output_mode, self.sparse)
        shape = tensor.shape
        if self.output_mode == "one_hot" and shape[1:] and shape[-1] == 1:
            shape = shape[:-1]  # a remaining axis of size 1 is removed by the encoding
        made = encoded_tensor(shape, self.num_bins, self.output_mode, dtype, sparse=self.sparse, ragged=tensor.ragged)
        if self.output_mode != "one_hot":
            return (made,)
        # Keras announces that the last axis is replaced, but the data gets a new one.
        after = f"{{type: CategoryEncoding, num_tokens: {self.num_bins}, output_mode: one_hot}}"
        return (made.but((*tensor.shape[:-1], self.num_bins), f"remove output_mode, and put {after} after it"),)

    def _check_mask(self, tensor: Tensor) -> None:
        if self.mask_value is None or self.num_bins == 1:
            return
        of = kind(tensor.dtype)
        fit = {"string": (str,), "bool": (bool,), "int": (int,), "float": (bool, int, float)}[of]
        if not isinstance(self.mask_value, fit):
            raise DTypeError(
                f"cannot find the mask value {self.mask_value!r} among {tensor.dtype}",
                argument="mask_value",
                help=f"give 'mask_value' as {_A_VALUE[of]}",
            )


_A_VALUE = {"string": "a string", "bool": "true or false", "int": "an integer", "float": "a number"}


class HashedCrossing(Layer):
    """Crosses two features, by hashing each pair of values into a fixed number of bins."""

    converts = False
    tensors = (Argument("inputs", many=True, least=2, most=2),)
    casts = False
    ctor_drops_trainable = True
    shape_rule = "(batch,) or (batch, 1), as the inputs; one_hot: (batch, num_bins)"
    example = (
        "layers:\n"
        "  - {type: Input, name: city, shape: [1], dtype: string}\n"
        "  - {type: Input, name: hour, shape: [1], dtype: int64}\n"
        "  - {type: HashedCrossing, num_bins: 64, from: [city, hour]}\n"
    )
    graded = False

    unsaved = frozenset({"trainable", "activity_regularizer"})
    saves_policy = False

    num_bins: PositiveInt
    output_mode: Literal["int", "one_hot"] = "int"
    sparse: bool = False

    def policy_name(self, default: str) -> str:
        """Integers for bins unless it is given."""
        return self.dtype or ("int64" if self.output_mode == "int" else default)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The crossed bins, int64 unless a dtype is given, or their one-hot encoding."""
        first, second = call.many()
        for tensor in (first, second):
            need_dense(tensor)
            if tensor.dtype not in INTS and tensor.dtype != "string":
                raise DTypeError(
                    f"crosses strings and integers only, not {tensor.dtype}",
                    help="put a Discretization layer before it, or give the Input an integer dtype",
                )
        shape = first.shape
        if len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] != 1):
            raise ShapeError(
                f"needs inputs of shape (batch,) or (batch, 1), got {show_shape(shape)}",
                help="split the features into separate inputs",
            )
        if shape != second.shape:
            raise ShapeError(
                f"cannot cross {show_shape(shape)} and {show_shape(second.shape)}: the shapes differ",
                help="give both features the same shape",
            )
        if self.output_mode == "int":
            dtype = call.policy.compute if self.dtype is not None else "int64"
            need_countable(dtype, len(shape), self.output_mode)
            return (Tensor(shape, dtype),)
        compute = call.policy.compute
        need_countable(compute, len(shape), self.output_mode)
        return (encoded_tensor(shape, self.num_bins, self.output_mode, compute, sparse=self.sparse),)


class Discretization(Layer):
    """Sorts numbers into bins with given boundaries, or with ``num_bins`` that it learns by ``adapt``."""

    announces_dtype = True
    missing_base_arguments = frozenset({"trainable", "activity_regularizer"})
    saves_policy = False
    shape_rule = "the shape of the inputs; one_hot: (..., bins); counted: (batch, ..., bins) without axis 1"
    example = example_of("Discretization, bin_boundaries: [18, 35, 65], output_mode: one_hot", "[1]", "age")
    graded = False

    bin_boundaries: Numbers | None = None
    num_bins: PositiveInt | None = None
    epsilon: Number = 0.01
    output_mode: Literal["int", "one_hot", "multi_hot", "count"] = "int"
    sparse: bool = False

    def check(self) -> Iterator[Problem]:
        """Exactly one way to define the bins, with boundaries in order."""
        yield from need_sparse_encoding(self.sparse, self.output_mode)
        if self.bin_boundaries is None and self.num_bins is None:
            yield Problem(
                "missing-argument",
                "needs 'bin_boundaries' or 'num_bins'",
                help="add 'bin_boundaries', a list of numbers, or 'num_bins' and call adapt() on data once it is built",
            )
        if self.bin_boundaries is not None and self.num_bins is not None:
            yield Problem(
                "argument-clash", "takes 'bin_boundaries' or 'num_bins', not both", ("num_bins",), "remove one", "key"
            )
        if self.bin_boundaries is not None and list(self.bin_boundaries) != sorted(self.bin_boundaries):
            yield Problem(
                "argument-value", "needs its boundaries in order", ("bin_boundaries",), "sort 'bin_boundaries'"
            )

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The numbers of the bins, as int32, or their encoding in the compute dtype."""
        tensor, compute = call.first, call.policy.compute
        need_kind(tensor, PLAIN)
        need_dense(tensor, ragged=True)
        if compute == "string":  # in predict, the numbers are cast before they are sorted
            raise DTypeError("cannot sort strings into bins", argument="dtype", help="remove dtype")
        if self.output_mode == "int":
            return (Tensor(tensor.shape, "int32", ragged=tensor.ragged),)
        need_countable(compute, len(tensor.shape), self.output_mode, self.sparse)
        bins = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        made = encoded_tensor(tensor.shape, bins, self.output_mode, compute, sparse=self.sparse, ragged=tensor.ragged)
        # Keras finds the shape of counts by a trial, so it announces the real one.
        return (made if self.output_mode == "one_hot" else made._replace(announced=None),)


def _array_shape(value: Any) -> Shape | None:
    """The shape of numbers in lists of equal length, nested to any depth; None if they are not equal.

    >>> _array_shape(1.0), _array_shape(((1.0, 2.0),)), _array_shape(((1.0,), 2.0)) is None
    ((), (1, 2), True)
    """
    if not isinstance(value, tuple):
        return ()
    shapes = {_array_shape(item) for item in value}
    if len(shapes) > 1 or None in shapes:
        return None
    inner = next(iter(shapes), ())
    return None if inner is None else (len(value), *inner)


def _array(value: Any) -> Any:
    frozen = freeze(value)
    if not _holds_numbers(frozen, LARGEST_RANK) or _array_shape(frozen) is None:
        raise ValueError
    return frozen


def _holds_numbers(value: Any, depth: int) -> bool:
    if isinstance(value, tuple):
        return depth > 0 and all(_holds_numbers(item, depth - 1) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


Array = Annotated[
    Any,
    BeforeValidator(_array),
    Field(json_schema_extra={"type": ["number", "array"]}),
    TypeWords("a number or a list of numbers (nested for several axes, all rows of one length)"),
]


_OF_ONE_TYPE = Saved(lambda array: _floats(array) if _has_float(array) else array)
"""Keras makes an array of lists: with a float, all of them are."""


def _has_float(array: Any) -> bool:
    return any(map(_has_float, array)) if isinstance(array, tuple) else isinstance(array, float)


def _floats(array: Any) -> Any:
    return tuple(map(_floats, array)) if isinstance(array, tuple) else float(array)


class _Scaling(Unary):
    """Converts real numbers of any dtype to floats and scales them."""

    casts = False
    takes = PLAIN
    shape_rule = "the shape of the inputs"

    def accept(self, call: Call) -> None:
        """RuleError for data, or a dtype, that cannot be scaled."""
        super().accept(call)
        if call.policy.compute == "bool":
            raise DTypeError("cannot compute in bool", argument="dtype", help="remove 'dtype', or set it to float32")


class Rescaling(_Scaling):
    """Multiplies by ``scale`` and adds ``offset``."""

    example = example_of("Rescaling, scale: 0.00784314, offset: -1", "[32, 32, 3], dtype: uint8", "image")

    scale: Array
    offset: Array = 0.0

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The output; a longer scale makes it wider, which Keras does not announce."""
        (output,) = super().infer(call)
        help = "give it one number, or as many as the last axis has"
        return (output._replace(shape=self._joined(call.shape)).but(call.shape, help),)

    def _joined(self, shape: Shape) -> Shape:
        joined: Shape = shape
        for name in ("scale", "offset"):
            array = _array_shape(getattr(self, name)) or ()
            wider = broadcast(joined, array)
            first = array[0] if array and len(array) == len(shape) else 1
            over_batch = shape[:1] == (None,) and (len(array) > len(shape) or first != 1)
            if wider is None or over_batch:
                raise ShapeError(
                    f"cannot apply numbers of shape {show_shape(array)} to {show_shape(joined)}",
                    argument=name,
                    help=f"give '{name}' as one number, or as a list with one for each channel",
                )
            joined = wider
        return joined


class Normalization(_Scaling):
    """Shifts and scales to mean 0 and variance 1, with statistics that are given or learned by ``adapt``."""

    example = example_of("Normalization, mean: [0.1, 5, 20], variance: [1, 2, 9]", "[3]")

    axis: Annotated[Axes | None, Saved(AS_LIST.form, unset=())] = -1
    mean: Annotated[Array | None, _OF_ONE_TYPE] = None
    variance: Annotated[Array | None, _OF_ONE_TYPE] = None
    invert: bool = False

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that keep their own mean, as they were given."""
        if self.axis is None:
            return ()
        return (self.axis,) if isinstance(self.axis, int) else self.axis

    def check(self) -> Iterator[Problem]:
        """Mean and variance must be given together and in one shape, with no more axes than ``axis``."""
        for given, missing in (("mean", "variance"), ("variance", "mean")):
            if getattr(self, given) is not None and getattr(self, missing) is None:
                yield Problem(
                    "argument-clash", f"has '{given}' without '{missing}'", (given,), f"add '{missing}'", "key"
                )
        if self.mean is None or self.variance is None:
            return
        mean, variance = _array_shape(self.mean) or (), _array_shape(self.variance) or ()
        if mean != variance:
            message = f"has a mean of shape {show_shape(mean)} and a variance of {show_shape(variance)}"
            yield Problem("argument-clash", message, ("variance",), "give both the same shape")
        elif len(mean) > len(self.axes):
            message = f"has a mean of {len(mean)} dimensions for {len(self.axes)} axes"
            yield Problem("argument-clash", message, ("mean",), "name an axis for each dimension in 'axis'")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The input's shape in the compute dtype; RuleError unless the mean fits."""
        output = super().infer(call)
        kept = self._kept(call.shape)
        mean = _array_shape(self.mean) or ()
        for length, size in zip(reversed(mean), reversed(kept), strict=False):
            if length not in (1, size):
                raise ShapeError(
                    f"cannot spread a mean of shape {show_shape(mean)} over axes of {show_shape(kept)}",
                    argument="mean",
                    help="give a number for each position on the axes, or one number for all",
                )
        return output

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights that ``adapt`` learns; none if mean and variance are given."""
        if self.mean is None:
            kept, dtype = self._kept(call.shape), call.policy.variable
            yield Weight("mean", kept, dtype, trainable=False, initializer="zeros")
            yield Weight("variance", kept, dtype, trainable=False, initializer="ones")
            yield Weight("count", (), "int64", trainable=False, initializer="zeros")

    def _kept(self, shape: Shape) -> tuple[int, ...]:
        """The sizes of the axes with their own mean, in the order of the input."""
        axes = sorted(distinct_axes(self.axes, len(shape)))
        return tuple(need_known(shape, axis, "to normalize along it") for axis in axes)
