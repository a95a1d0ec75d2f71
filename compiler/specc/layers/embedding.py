"""Layers that look vectors up in a table."""

from collections.abc import Iterable, Iterator
from typing import Any

from specc.arguments import Constraint, DType, Initializer, Number, PositiveInt, Regularizer
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import result_type
from specc.layers.accept import REALS, Kind, Unary, dense_help
from specc.layers.base import Call, Operate, Weight, example_of
from specc.layers.quantization import (
    NO_QUANTIZATION,
    WithLora,
    adapted,
    arranged,
    lora_with_constraint,
    scaled_dtype,
    stored,
)
from specc.shapes import Shape, Tensor, need_rank, show_shape


class Embedding(WithLora, Unary):
    """Looks up a trained vector for each integer."""

    any_batch = True
    casts = False
    shape_rule = "(batch, ...) -> (batch, ..., output_dim)"
    refused = {
        "weights": "a spec contains no arrays; build the model, then use layer.set_weights()",
        "input_length": "Keras 3 has no such argument; remove it",
        "quantization_config": NO_QUANTIZATION,
    }
    example = example_of("Embedding, input_dim: 1000, output_dim: 16, mask_zero: true", "[20], dtype: int32", "words")
    graded = False
    quantizes = ("int8", "int4")
    saves_no_regularizer = "always"
    uses_alpha = False

    input_dim: PositiveInt
    output_dim: PositiveInt
    embeddings_initializer: Initializer = "uniform"
    embeddings_regularizer: Regularizer | None = None
    embeddings_constraint: Constraint | None = None
    mask_zero: bool = False

    def check(self) -> Iterator[Problem]:
        """LoRA together with a constraint."""
        yield from lora_with_constraint(
            self.lora_rank, "embeddings", self.embeddings_constraint, "embeddings_constraint"
        )

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
        if (
            own.quantization is None
            and self.lora_rank
            and model.compute != model.variable
            and own.compute == own.variable != "float32"
        ):
            raise DTypeError(
                f"cannot adapt a table of {own.variable} with LoRA in a model of {model.name}",
                argument="lora_rank",
                help="remove its dtype",
            )

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """What is not 0."""
        return operate("ops.not_equal", {"x1": inputs}, x2=0)

    def output_mask(self, call: Call) -> Shape | None:
        """With ``mask_zero``, a mask of the input's shape; the input's own mask is dropped."""
        return call.shape if self.mask_zero else None

    def output_dtype(self, call: Call) -> str:
        """The compute dtype; of a quantized table, what its scales make of it, unless Keras casts it after LoRA."""
        if call.policy.quantization is None or self.lora_rank:
            return call.policy.compute
        return scaled_dtype(call)

    def weights(self, call: Call) -> Iterable[Weight]:
        """The table, and the factors of LoRA; see `specc.layers.quantization` for what a quantized table is."""
        shape = (self.input_dim, self.output_dim)
        table = Weight("embeddings", shape, call.policy.variable, initializer=self.embeddings_initializer)
        table, lora = adapted(table, self.lora_rank)
        yield from arranged(call.policy, table, lora, stored(table, call.policy, along=1))


class ReversibleEmbedding(Unary):
    """An embedding that, called with ``reverse``, turns vectors back into a score for each integer."""

    casts = False
    quantizes = ("int8", "int4")
    saves_no_regularizer = "always"
    options = {"reverse": bool}
    shape_rule = (
        "(batch, ...) -> (batch, ..., output_dim); with reverse: (batch, ..., output_dim) -> (batch, ..., input_dim)"
    )
    refused = {
        "weights": "a spec contains no arrays; build the model, then use layer.set_weights()",
        "quantization_config": NO_QUANTIZATION,
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
        """For a lookup, unless it makes a mask; in reverse, only a matrix, and not by a quantized table."""
        if call.options.get("reverse"):
            return len(call.shape) == 2 and call.policy.quantization is None
        return not self.mask_zero or call.policy.quantization is not None

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """A quantized table also quantizes what it reverses, which Keras does with real numbers only."""
        is_quantized = call.options.get("reverse") and call.policy.quantization is not None
        return REALS if is_quantized else super().kinds(call)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """A lookup, or in reverse a product with the table's transpose."""
        self.accept(call)
        data = call.first
        if not call.options.get("reverse"):
            plain = call.policy.quantization is None
            mask = data.shape if self.mask_zero and plain else None  # Keras's quantized computation makes none
            dtype = call.policy.compute if plain else scaled_dtype(call)
            return (Tensor((*data.shape, self.output_dim), dtype, mask=mask, ragged=data.ragged),)
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
        if call.policy.quantization is not None:
            return self._quantized_score_dtype(call)
        data = self.reverse_dtype or call.first.dtype
        table = self.reverse_dtype or self._table_dtype(call)
        dtype = "int32" if data == table == "int8" else result_type(data, table)
        return dtype if self.logit_soft_cap is None else result_type(dtype, float)

    def _quantized_score_dtype(self, call: Call) -> str:
        """That of a quantized table, which ignores ``reverse_dtype``."""
        model, dtype, quantization = call.default_policy, call.policy.variable, call.policy.quantization
        per_row = quantization is not None and quantization.block is None
        uncast = model.compute != model.variable and dtype in ("float16", "bfloat16")
        if (
            per_row and uncast and not self.tie_weights and call.first.dtype != "float64"
        ):  # Keras takes them for float32
            raise DTypeError(
                f"cannot reverse with scales of {dtype} that are not tied in a model of {model.name}",
                argument="dtype",
                help="give the layer the dtype int8_from_float32, or set tie_weights",
            )
        return scaled_dtype(call, call.first.dtype)

    def _table_dtype(self, call: Call) -> str:
        """The dtype of the reverse table, which a mixed policy of the model does not cast."""
        model = call.default_policy
        if model.compute == model.variable:
            return call.policy.compute
        return call.policy.variable if self.tie_weights else "float32"  # Keras assumes float32 for one that is not cast

    def weights(self, call: Call) -> Iterable[Weight]:
        """The table, and the reverse table unless they are tied; each is quantized by itself."""
        policy, dtype = call.policy, call.policy.variable
        shape = (self.input_dim, self.output_dim)
        table = Weight("embeddings", shape, dtype, initializer=self.embeddings_initializer)
        turned = table._replace(name="reverse_embeddings", shape=shape[::-1], argument="embeddings")
        reverse = [turned] * (not self.tie_weights)
        integers = stored(table, policy, along=1)
        for tied_to_none in reverse if policy.quantization is not None else ():
            weights = stored(tied_to_none, policy, packs=0)
            # Keras keeps one index for both tables, and the zeros of this one as floats.
            integers += (*weights[:2], *(zero._replace(dtype=dtype) for zero in weights[2:3]))
        yield from arranged(policy, table, reverse if policy.quantization is None else [], integers)
