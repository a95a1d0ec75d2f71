"""What LoRA and a quantized dtype policy make of a layer's table of weights: what is stored, and what that computes.

Keras: ``_int8_build``, ``_int4_build`` and ``_float8_build`` of `Dense`, `EinsumDense` and `Embedding`.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any, ClassVar

from specc.arguments import NonNegativeInt, Number
from specc.calls import Call, Policy, Weight
from specc.diagnostics.problem import Problem
from specc.dtypes import result_type
from specc.layers.accept import PLAIN, REALS, Kind, Unary
from specc.layers.base import Layer
from specc.objects.initializers import Constant

NO_QUANTIZATION = "quantize with dtype: int8_from_float32, or build the model first and use model.quantize()"
_AMAX_HISTORY = 1024
"""Steps whose largest values float8 remembers. Keras: ``QuantizedFloat8DTypePolicy.default_amax_history_length``."""
_FLOAT8_STATE = tuple(
    Weight(f"{of}_{name}", shape, "float32", initializer=initializer)
    for of in ("inputs", "kernel", "outputs_grad")
    for name, shape, initializer in (("scale", (), "ones"), ("amax_history", (_AMAX_HISTORY,), "zeros"))
)
"""What float8 keeps beside the kernel. Keras overwrites it with what it passes as gradients, so that it is trainable."""


class Quantizable(Unary):
    """A layer with a table of weights, for which Keras has a quantized computation."""

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """int8 quantizes the inputs, too, which Keras does not do with booleans; none of the modes has complex numbers."""
        quantization = call.policy.quantization
        if quantization is None:
            return super().kinds(call)
        return REALS if quantization.mode == "int8" else PLAIN


class WithLora(Layer):
    """A layer whose table LoRA can replace by two factors that are trained."""

    unsaved = frozenset({"lora_rank", "lora_alpha"})
    uses_alpha: ClassVar[bool] = True
    """Whether Keras builds it with ``lora_alpha``; else with the rank, whatever is given."""

    lora_rank: NonNegativeInt | None = None
    lora_alpha: Number | None = None

    def saved(self) -> dict[str, Any]:
        """The rank and the factor, which is the rank unless it is given; nothing without LoRA."""
        alpha = self.lora_rank if self.lora_alpha is None else self.lora_alpha
        return {"lora_rank": self.lora_rank, "lora_alpha": alpha} if self.lora_rank else {}

    def saved_call(self, call: Call) -> dict[str, Any]:
        """The factor that it is built with."""
        return {"lora_alpha": self.lora_rank} if self.lora_rank and not self.uses_alpha else {}

    def own_weights(self, weights: Sequence[Weight]) -> Sequence[Weight]:
        """The table, the bias, then what a quantization adds. Keras: ``variable_serialization_spec``.

        The factors of LoRA are added to the table when they are saved.
        """
        rank = {"kernel": 0, "embeddings": 0, "bias": 1}
        return sorted(
            (weight for weight in super().own_weights(weights) if not weight.name.startswith("lora_")),
            key=lambda weight: rank.get(weight.name, 2),
        )


def lora_with_constraint(rank: int | None, name: str, constraint: Any, argument: str) -> Iterator[Problem]:
    """The problem of LoRA together with a constraint on the weight that it freezes."""
    if rank and constraint is not None:
        yield Problem(
            "argument-clash",
            f"cannot have both 'lora_rank' and '{argument}'",
            (argument,),
            f"remove one: LoRA does not train the {name} that the constraint is for",
            "key",
        )


def adapted(weight: Weight, rank: int | None) -> tuple[Weight, tuple[Weight, ...]]:
    """A weight, frozen if LoRA is used, and the two factors that are then trained in its place."""
    if not rank:
        return weight, ()
    *most, last = weight.shape
    return weight._replace(trainable=False), (
        Weight(f"lora_{weight.name}_a", (*most, rank), "float32", initializer="he_uniform"),
        Weight(f"lora_{weight.name}_b", (rank, last), "float32"),
    )


def lora_with_float8(layer: Unary, rank: int | None) -> Iterator[Problem]:
    """The problem of LoRA in float8, which Keras has no computation for."""
    if rank and layer.dtype is not None and layer.dtype.startswith("float8"):
        message = f"cannot have 'lora_rank' with dtype {layer.dtype}"
        yield Problem("argument-clash", message, ("lora_rank",), "remove it, or quantize to int8 or int4", "key")


def arranged(policy: Policy, table: Weight, further: Sequence[Weight], stored: tuple[Weight, ...]) -> Iterator[Weight]:
    """The weights of a layer in Keras's order: its table, or what is `stored` in its place, and those beside it."""
    if policy.quantization is None:
        yield table
        yield from further
    elif policy.quantization.mode == "float8":
        yield from (*_FLOAT8_STATE, table, *further)
    else:  # what is not trained comes last
        yield from (*further, *stored)


def stored(
    table: Weight,
    policy: Policy,
    *,
    along: int = 0,
    packs: int = 1,
    matrix: tuple[int, ...] | None = None,
    scale: tuple[int, ...] | None = None,
) -> tuple[Weight, ...]:
    """What int8 and int4 store instead of a table: integers and their scales; nothing in other policies.

    The values along the axis ``along`` share a scale. int4 packs two values of the axis ``packs`` in a byte; it stores a
    table of several axes as the ``matrix`` of that shape. ``scale`` is the shape of int8's scales, if it is another.

    >>> policy = Policy.named("int4/2_from_float32")
    >>> [(it.name, it.shape, it.dtype) for it in stored(Weight("kernel", (3, 5), "float32"), policy)]
    [('kernel', (3, 3), 'int8'), ('kernel_scale', (2, 5), 'float32'), ('kernel_zero', (2, 5), 'int8'), ('g_idx', (3,), 'float32')]
    """
    quantization = policy.quantization
    if quantization is None or quantization.mode == "float8":
        return ()
    integers = table._replace(dtype="int8", trainable=False, initializer="zeros")
    scales = Weight(f"{table.name}_scale", scale or _but(table.shape, along), policy.variable, False, "ones")
    if quantization.mode == "int8":
        return integers, scales
    shape = matrix or table.shape
    integers = integers._replace(shape=_with(shape, packs, ceil(shape[packs] / 2)))
    if quantization.block is None:
        return integers, scales._replace(shape=_but(shape, along))
    scales = scales._replace(shape=_with(shape, along, ceil(shape[along] / quantization.block)))
    zeros = Weight(f"{table.name}_zero", scales.shape, "int8", False)
    groups = Constant(value=tuple(index // quantization.block for index in range(shape[along])))
    return integers, scales, zeros, Weight("g_idx", (shape[along],), "float32", False, groups)


def _but(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], *shape[axis + 1 :])


def _with(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    return (*shape[:axis], size, *shape[axis + 1 :])


def scale_dtype(call: Call) -> str:
    """The dtype of a quantized embedding's scales as it uses them: a mixed policy of the model does not cast them."""
    model = call.default_policy
    return call.policy.compute if model.compute == model.variable else call.policy.variable


def scaled_dtype(call: Call, *others: str) -> str:
    """The dtype of a quantized embedding's results, divided by its scales."""
    return result_type(call.policy.compute, scale_dtype(call), *others)
