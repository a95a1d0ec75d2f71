"""Input, and the layers that Keras files under core."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from specc.arguments import (
    Activation,
    Constraint,
    DType,
    Initializer,
    NonNegativeInt,
    Number,
    PositiveInt,
    Regularizer,
    TypeWords,
    freeze,
)
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import result_type
from specc.layers.accept import ANYTHING, Unary, dense_help
from specc.layers.activations import accept_activation
from specc.layers.base import Call, Layer, Policy, Weight, example_of, unsaved_regularizer
from specc.layers.einsum import FORMS, Equation, Shapes, shapes
from specc.layers.weight_arguments import WithBias, WithKernel
from specc.shapes import LARGEST_RANK, Shape, Tensor, is_float, need_known, need_rank, show_shape

_Dim = Annotated[int, Field(ge=1, le=2**31 - 1)] | None
_Shape = Annotated[
    tuple[_Dim, ...],
    BeforeValidator(freeze),
    Field(max_length=LARGEST_RANK),
    TypeWords(f"a list of at most {LARGEST_RANK} sizes, each null or from 1 to 2^31 - 1"),
]
_Sizes = Annotated[
    PositiveInt | Annotated[tuple[_Dim, ...], Field(max_length=LARGEST_RANK)],
    BeforeValidator(freeze),
    TypeWords("a positive integer, or a list of sizes, each a positive integer or null"),
]

_NO_QUANTIZATION = "build the model first, then quantize it with model.quantize()"
_NO_TENSOR = "a spec contains no tensors; give shape and dtype"


class Input(Layer):
    """Where data enters the model. ``shape`` is without the batch axis; null is an unknown size."""

    tensors = ()
    missing_base_arguments = frozenset({"trainable", "activity_regularizer"})
    refused = {"tensor": _NO_TENSOR, "input_tensor": _NO_TENSOR}
    shape_rule = "(batch_size, *shape)"
    example = example_of("Flatten", "[28, 28, 1]")

    shape: _Shape | None = None
    batch_size: PositiveInt | None = None
    dtype: DType | None = None
    sparse: bool | None = None
    ragged: bool | None = None
    batch_shape: _Shape | None = None
    optional: bool = False

    @classmethod
    def foreign(cls) -> frozenset[str]:
        """An Input has nothing to train or to freeze."""
        return cls.missing_base_arguments

    def check(self) -> Iterator[Problem]:
        """What Keras refuses: a shape given in both ways or in neither, and sparse together with ragged."""
        if self.shape is None and self.batch_shape is None:
            help = "add 'shape', a list without the batch axis: [28, 28, 1]"
            yield Problem("missing-argument", "needs 'shape'", help=help)
        for name in ("shape", "batch_size"):
            if getattr(self, name) is not None and self.batch_shape is not None:
                message = f"takes '{name}' or 'batch_shape', not both"
                yield Problem("argument-clash", message, (name,), "remove one", "key")
        if self.sparse and self.ragged:
            yield Problem("argument-clash", "cannot be both sparse and ragged", ("ragged",), "remove one")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The tensor that Keras makes; its dtype is ``dtype`` or float32, whatever the model's policy."""
        shape = self.batch_shape if self.batch_shape is not None else (self.batch_size, *(self.shape or ()))
        return (Tensor(shape, self.dtype or "float32", sparse=bool(self.sparse), ragged=bool(self.ragged)),)


def _lora(rank: int | None, name: str, constraint: Any, argument: str) -> Iterator[Problem]:
    """The problem of LoRA together with a constraint on the weight that it freezes."""
    if rank and constraint is not None:
        yield Problem(
            "argument-clash",
            f"cannot have both 'lora_rank' and '{argument}'",
            (argument,),
            f"remove one: LoRA does not train the {name} that the constraint is for",
            "key",
        )


def _adapted(weight: Weight, rank: int | None) -> tuple[Weight, tuple[Weight, ...]]:
    """A weight, frozen if LoRA is used, and the two factors that are then trained in its place."""
    if not rank:
        return weight, ()
    *most, last = weight.shape
    return weight._replace(trainable=False), (
        Weight(f"lora_{weight.name}_a", (*most, rank), "float32", initializer="he_uniform"),
        Weight(f"lora_{weight.name}_b", (rank, last), "float32"),
    )


class Dense(Unary, WithKernel, WithBias):
    """A fully connected layer: ``activation(inputs @ kernel + bias)`` over the last axis."""

    any_batch = True
    takes_ragged = False
    unlike_weights = "promoted"
    shape_rule = "(batch, ..., n) -> (batch, ..., units)"
    options = {"training": bool}
    refused = {"quantization_config": _NO_QUANTIZATION}
    example = example_of("Dense, units: 10, activation: relu", "[3]")

    units: PositiveInt
    activation: Activation | None = None
    use_bias: bool = True
    lora_rank: NonNegativeInt | None = None
    lora_alpha: Number | None = None

    def check(self) -> Iterator[Problem]:
        """LoRA together with a constraint."""
        yield from _lora(self.lora_rank, "kernel", self.kernel_constraint, "kernel_constraint")

    def accepts_sparse(self, call: Call) -> bool:
        """TensorFlow multiplies sparse matrices, but no sparse tensors of a higher rank."""
        return len(call.shape) == 2

    def output_shape(self, shape: Shape) -> Shape:
        """The last axis becomes ``units``."""
        need_rank(shape, 2, least=True)
        need_known(shape, -1, "to size its kernel")
        return (*shape[:-1], self.units)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The output; RuleError if the activation cannot be applied to it."""
        (output,) = super().infer(call)
        accept_activation(self.activation, output)
        return (output,)

    def weights(self, call: Call) -> Iterable[Weight]:
        """Kernel, bias, and the factors of LoRA."""
        width = need_known(call.shape, -1, "to size its kernel")
        dtype = call.policy.variable
        kernel = Weight("kernel", (width, self.units), dtype, initializer=self.kernel_initializer)
        kernel, lora = _adapted(kernel, self.lora_rank)
        yield kernel
        if self.use_bias:
            yield Weight("bias", (self.units,), dtype, initializer=self.bias_initializer)
        yield from lora


class EinsumDense(Unary, WithKernel, WithBias):
    """A fully connected layer over the axes that an einsum equation names."""

    takes_ragged = False
    unlike_weights = "promoted"
    passes_mask = False
    shape_rule = "what equation says: abc,cd->abd takes (batch, b, c) to (batch, b, d)"
    options = {"training": bool}
    refused = {
        "gptq_unpacked_column_size": _NO_QUANTIZATION,
        "quantization_config": _NO_QUANTIZATION,
    }
    example = example_of('EinsumDense, equation: "abc,cd->abd", output_shape: [null, 8], bias_axes: d', "[5, 6]")

    equation: str
    output_shape_: _Sizes = Field(alias="output_shape")
    activation: Activation | None = None
    bias_axes: str | None = None
    lora_rank: NonNegativeInt | None = None
    lora_alpha: Number | None = None

    def check(self) -> Iterator[Problem]:
        """The equation's grammar, the letters of ``bias_axes``, and LoRA together with a constraint."""
        equation = Equation.parse(self.equation)
        if equation is None:
            yield Problem(
                "argument-value",
                f"equation must have the form {FORMS}",
                ("equation",),
                "the part before the comma is the input with its batch axis, the one after it the kernel",
            )
            return
        for message in equation.flaws():
            yield Problem("argument-value", f"equation {message}", ("equation",))
        if self.bias_axes is not None:
            yield from self._bias_problems(equation, self.bias_axes)
        yield from _lora(self.lora_rank, "kernel", self.kernel_constraint, "kernel_constraint")

    def _bias_problems(self, equation: Equation, axes: str) -> Iterator[Problem]:
        wrong = [letter for letter in axes if letter not in equation.output]
        help = f"the output has {', '.join(equation.output)}"
        if wrong:
            message = f"bias_axes has {quote_value(wrong[0])}, which is not in the equation's output"
            yield Problem("argument-value", message, ("bias_axes",), help)
        if not axes:
            yield Problem(
                "argument-value", "bias_axes must name an axis", ("bias_axes",), f"{help}; remove it for none"
            )

    def shapes(self, shape: Shape) -> Shapes:
        """The shapes of kernel, bias and output; ShapeError if the kernel or bias would have an unknown size."""
        equation = Equation.parse(self.equation)
        assert equation is not None, "check() has refused other equations"
        wanted = (self.output_shape_,) if isinstance(self.output_shape_, int) else self.output_shape_
        found = shapes(equation, self.bias_axes, shape, wanted)
        for name, weight in (("kernel", found.kernel), ("bias", found.bias)):
            if weight is not None and None in weight:
                raise ShapeError(
                    f"needs known sizes for its {name}, got {show_shape(weight)} from an input of {show_shape(shape)}",
                    help="give the sizes in output_shape, or in the Input's shape",
                )
        return found

    def output_shape(self, shape: Shape) -> Shape:
        """The shape that the equation gives for the input."""
        return self.shapes(shape).output

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The output; RuleError if the activation cannot be applied to it."""
        (output,) = super().infer(call)
        accept_activation(self.activation, output)
        return (output,)

    def weights(self, call: Call) -> Iterable[Weight]:
        """Kernel, bias, and the factors of LoRA."""
        found = self.shapes(call.shape)
        dtype = call.policy.variable
        shape = tuple(size for size in found.kernel if size is not None)
        kernel, lora = _adapted(Weight("kernel", shape, dtype, initializer=self.kernel_initializer), self.lora_rank)
        yield kernel
        if found.bias is not None:
            shape = tuple(size for size in found.bias if size is not None)
            yield Weight("bias", shape, dtype, initializer=self.bias_initializer)
        yield from lora


class Embedding(Unary):
    """Looks up a trained vector for each integer."""

    any_batch = True
    casts = False
    shape_rule = "(batch, ...) -> (batch, ..., output_dim)"
    refused = {
        "weights": "a spec contains no arrays; build the model, then use layer.set_weights()",
        "input_length": "Keras 3 has no such argument; remove it",
        "quantization_config": _NO_QUANTIZATION,
    }
    example = example_of("Embedding, input_dim: 1000, output_dim: 16, mask_zero: true", "[20], dtype: int32", "words")
    graded = False

    input_dim: PositiveInt
    output_dim: PositiveInt
    embeddings_initializer: Initializer = "uniform"
    embeddings_regularizer: Regularizer | None = None
    embeddings_constraint: Constraint | None = None
    mask_zero: bool = False
    lora_rank: NonNegativeInt | None = None
    lora_alpha: Number | None = None

    def check(self) -> Iterator[Problem]:
        """LoRA together with a constraint."""
        yield from _lora(self.lora_rank, "embeddings", self.embeddings_constraint, "embeddings_constraint")

    def accepts_sparse(self, call: Call) -> bool:
        """Keras cannot make the mask of a sparse tensor."""
        return not self.mask_zero

    def output_shape(self, shape: Shape) -> Shape:
        """A vector for each integer."""
        return (*shape, self.output_dim)

    def accept(self, call: Call) -> None:
        """RuleError for data that are not integers, and for LoRA's float32 factors if Keras does not cast them."""
        super().accept(call)
        own, model = call.policy, call.default_policy
        if self.lora_rank and model.compute != model.variable and own.compute == own.variable != "float32":
            raise DTypeError(
                f"cannot adapt a table of {own.variable} with LoRA in a model of {model.name}",
                argument="lora_rank",
                help="remove its dtype",
            )

    def output_mask(self, call: Call) -> Shape | None:
        """With ``mask_zero``, a mask of the input's shape; the input's own mask is dropped."""
        return call.shape if self.mask_zero else None

    def weights(self, call: Call) -> Iterable[Weight]:
        """The table, and the factors of LoRA."""
        shape = (self.input_dim, self.output_dim)
        table = Weight("embeddings", shape, call.policy.variable, initializer=self.embeddings_initializer)
        table, lora = _adapted(table, self.lora_rank)
        yield table
        yield from lora


class ReversibleEmbedding(Unary):
    """An embedding that, called with ``reverse``, turns vectors back into a score for each integer."""

    casts = False
    options = {"reverse": bool}
    shape_rule = (
        "(batch, ...) -> (batch, ..., output_dim); with reverse: (batch, ..., output_dim) -> (batch, ..., input_dim)"
    )
    refused = {
        "weights": "a spec contains no arrays; build the model, then use layer.set_weights()",
        "quantization_config": _NO_QUANTIZATION,
    }
    example = (
        "layers:\n  - {type: Input, name: words, shape: [20], dtype: int32}\n"
        "  - {type: ReversibleEmbedding, name: table, input_dim: 1000, output_dim: 16}\n"
        "  - {type: Dense, name: hidden, units: 16}\n"
        "  - {share: table, name: scores, from: hidden, call: {reverse: true}}\n"
    )

    input_dim: PositiveInt
    output_dim: PositiveInt
    tie_weights: bool = True
    embeddings_initializer: Initializer = "uniform"
    embeddings_regularizer: Regularizer | None = None
    embeddings_constraint: Constraint | None = None
    mask_zero: bool = False
    reverse_dtype: DType | None = None
    logit_soft_cap: Number | None = None

    def accepts_sparse(self, call: Call) -> bool:
        """For a lookup, unless there is a mask; in reverse, only a matrix."""
        return len(call.shape) == 2 if call.options.get("reverse") else not self.mask_zero

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """A lookup, or in reverse a product with the table's transpose."""
        self.accept(call)
        data = call.first
        if not call.options.get("reverse"):
            mask = data.shape if self.mask_zero else None
            return (Tensor((*data.shape, self.output_dim), call.policy.compute, mask=mask, ragged=data.ragged),)
        need_rank(data.shape, 1, least=True)
        if data.ragged:
            raise ShapeError("cannot reverse a ragged tensor", help=dense_help("ragged"))
        if data.shape[-1] not in (self.output_dim, None):
            raise ShapeError(
                f"needs vectors of its output_dim {self.output_dim} to reverse, got {show_shape(data.shape)}",
                help=f"put a Dense layer with units {self.output_dim} before it",
                argument="output_dim",
            )
        return (Tensor((*data.shape[:-1], self.input_dim), self._score_dtype(call)),)

    def _score_dtype(self, call: Call) -> str:
        """The dtype of the product, which Keras does not cast to the compute dtype that it announces."""
        data = self.reverse_dtype or call.first.dtype
        table = self.reverse_dtype or self._table_dtype(call)
        dtype = "int32" if data == table == "int8" else result_type(data, table)
        return dtype if self.logit_soft_cap is None else result_type(dtype, float)

    def _table_dtype(self, call: Call) -> str:
        """The dtype of the reverse table, which a mixed policy of the model does not cast."""
        model = call.default_policy
        if model.compute == model.variable:
            return call.policy.compute
        return call.policy.variable if self.tie_weights else "float32"  # Keras assumes float32 for one that is not cast

    def weights(self, call: Call) -> Iterable[Weight]:
        """The table, and the reverse table unless they are tied."""
        dtype = call.policy.variable
        yield Weight("embeddings", (self.input_dim, self.output_dim), dtype, initializer=self.embeddings_initializer)
        if not self.tie_weights:
            shape = (self.output_dim, self.input_dim)
            yield Weight("reverse_embeddings", shape, dtype, initializer=self.embeddings_initializer)


class Identity(Unary):
    """Returns its input unchanged."""

    any_batch = True
    takes = ANYTHING
    takes_sparse = True
    shape_rule = "the input's shape"
    example = example_of("Identity, name: y", "[3]")

    def check(self) -> Iterator[Problem]:
        """What Keras cannot save."""
        yield from unsaved_regularizer(self)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The input itself, dtype and all."""
        self.accept(call)
        return (call.first,)

    @classmethod
    def keeping(cls, dtype: str, policy: Policy) -> Self:
        """An Identity that keeps a tensor's dtype: with the model's policy it would cast other floats."""
        return cls(dtype=dtype) if is_float(dtype) and dtype != policy.compute else cls()


class Masking(Unary):
    """Marks the steps at which every feature is ``mask_value``, for later layers to skip."""

    shape_rule = "the input's shape, with a mask over all its axes but the last"
    example = "layers:\n  - {type: Input, name: x, shape: [10, 8]}\n  - Masking\n  - {type: LSTM, units: 4}\n"

    mask_value: Number = 0.0

    def accepts_ragged(self, call: Call) -> bool:
        """Ragged features without steps, but not ragged steps."""
        return len(call.shape) == 2

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; ShapeError if there is no axis of features."""
        need_rank(shape, 1, least=True)
        return shape

    def output_dtype(self, call: Call) -> str:
        """The input's dtype as Keras promotes it when masked values are replaced by zeros."""
        return result_type(call.first.dtype, int)

    def output_mask(self, call: Call) -> Shape | None:
        """One boolean for the features of each step."""
        return call.shape[:-1]
