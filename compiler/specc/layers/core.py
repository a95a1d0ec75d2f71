"""Input, and the layers that Keras files under core."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from specc.arguments import (
    Activation,
    DType,
    Number,
    PositiveInt,
    TypeWords,
    freeze,
)
from specc.arguments.roles import AS_LIST
from specc.diagnostics.problem import Problem, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import result_type
from specc.layers.accept import ANYTHING, Unary
from specc.layers.activations import accept_activation
from specc.layers.base import Call, Layer, Operate, Policy, Weight, example_of, unsaved_regularizer
from specc.layers.einsum import FORMS, Equation, Shapes, as_matrix, scale_shape, shapes, unquantized
from specc.layers.quantization import (
    NO_QUANTIZATION,
    Quantizable,
    WithLora,
    adapted,
    arranged,
    lora_with_constraint,
    lora_with_float8,
    stored,
)
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
    AS_LIST,
    TypeWords("a positive integer, or a list of sizes, each a positive integer or null"),
]

_NO_TENSOR = "a spec contains no tensors; give shape and dtype"


class Input(Layer):
    """Where data enters the model. ``shape`` is without the batch axis; null is an unknown size."""

    announces_dtype = True
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


class Dense(WithLora, Quantizable, WithKernel, WithBias):
    """A fully connected layer: ``activation(inputs @ kernel + bias)`` over the last axis."""

    any_batch = True
    takes_ragged = False
    unlike_weights = "promoted"
    shape_rule = "(batch, ..., n) -> (batch, ..., units)"
    options = {"training": bool}
    refused = {"quantization_config": NO_QUANTIZATION}
    saves_no_regularizer = "never"
    uses_alpha = False
    example = example_of("Dense, units: 10, activation: relu", "[3]")
    quantizes = ("int8", "int4", "float8")

    units: PositiveInt
    activation: Activation | None = None
    use_bias: bool = True

    def check(self) -> Iterator[Problem]:
        """LoRA together with a constraint, or with float8."""
        yield from lora_with_constraint(self.lora_rank, "kernel", self.kernel_constraint, "kernel_constraint")
        yield from lora_with_float8(self, self.lora_rank)

    def accepts_sparse(self, call: Call) -> bool:
        """TensorFlow multiplies sparse matrices, but no sparse tensors of a higher rank, and none with integers."""
        return len(call.shape) == 2 and call.policy.quantization is None

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
        """Kernel, bias, and the factors of LoRA; see `specc.layers.quantization` for what a quantized kernel is."""
        width = need_known(call.shape, -1, "to size its kernel")
        dtype = call.policy.variable
        kernel = Weight("kernel", (width, self.units), dtype, initializer=self.kernel_initializer)
        kernel, lora = adapted(kernel, self.lora_rank)
        bias = [Weight("bias", (self.units,), dtype, initializer=self.bias_initializer)] if self.use_bias else []
        yield from arranged(call.policy, kernel, [*bias, *lora], stored(kernel, call.policy))


class EinsumDense(WithLora, Quantizable, WithKernel, WithBias):
    """A fully connected layer over the axes that an einsum equation names."""

    takes_ragged = False
    unlike_weights = "promoted"
    passes_mask = False
    shape_rule = "what equation says: abc,cd->abd takes (batch, b, c) to (batch, b, d)"
    options = {"training": bool}
    refused = {
        "gptq_unpacked_column_size": NO_QUANTIZATION,
        "quantization_config": NO_QUANTIZATION,
    }
    quantizes = ("int8", "int4", "float8")
    saves_no_regularizer = "always"
    example = example_of('EinsumDense, equation: "abc,cd->abd", output_shape: [null, 8], bias_axes: d', "[5, 6]")

    equation: str
    output_shape_: _Sizes = Field(alias="output_shape")
    activation: Activation | None = None
    bias_axes: str | None = None

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
        yield from lora_with_constraint(self.lora_rank, "kernel", self.kernel_constraint, "kernel_constraint")
        yield from lora_with_float8(self, self.lora_rank)
        quantization = None if self.dtype is None else Policy.named(self.dtype).quantization
        if quantization is not None and quantization.mode != "float8":
            for message, help in unquantized(equation, quantization.mode, bool(self.lora_rank)):
                yield Problem("argument-value", f"equation {message}", ("equation",), help)

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
        """Kernel, bias, and the factors of LoRA; see `specc.layers.quantization` for what a quantized kernel is."""
        found = self.shapes(call.shape)
        policy, equation = call.policy, Equation.parse(self.equation)
        shape = tuple(size for size in found.kernel if size is not None)
        fans = None if equation is None else equation.fans()
        kernel = Weight("kernel", shape, policy.variable, initializer=self.kernel_initializer, fans=fans)
        kernel, lora = adapted(kernel, self.lora_rank)
        bias = []
        if found.bias is not None:
            shape = tuple(size for size in found.bias if size is not None)
            bias.append(Weight("bias", shape, policy.variable, initializer=self.bias_initializer))
        integers: tuple[Weight, ...] = ()
        if policy.quantization is not None and equation is not None:
            matrix, scale = as_matrix(equation, kernel.shape), scale_shape(equation, kernel.shape)
            integers = stored(kernel, policy, matrix=matrix, scale=scale)
        yield from arranged(policy, kernel, [*bias, *lora], integers)


class Identity(Unary):
    """Returns its input unchanged."""

    announces_dtype = True
    any_batch = True
    takes = ANYTHING
    takes_sparse = True
    saves_no_regularizer = "given"
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

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """Where any feature differs from ``mask_value``."""
        differs = operate("ops.not_equal", {"x1": inputs}, x2=self.mask_value)
        return operate("ops.any", {"x": differs}, axis=-1)

    def output_mask(self, call: Call) -> Shape | None:
        """One boolean for the features of each step."""
        return call.shape[:-1]
