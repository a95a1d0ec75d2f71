"""The dtypes that Keras announces of symbolic tensors, which files have: some are others than those that a model computes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specc.dtypes import FLOATX, result_type
from specc.layers.base import Layer
from specc.operations.base import Operation
from specc.policies import Policy
from specc.shapes import Tensor

AS_FLOATX = frozenset({"reciprocal", "view_as_real", "polar", "logsumexp", "normalize", "psnr"})
"""Operations that Keras announces in float32."""
AS_GIVEN = frozenset({"leaky_relu", "multi_hot", "eig", "svd"})
"""Operations that Keras announces in the dtype of their first tensor."""
COMPLEX_AS_FLOATX = frozenset({"deg2rad", "rad2deg"})
COMPLEX_AS_GIVEN = frozenset({"absolute", "abs", "cbrt", "real", "imag", "angle", "std", "nanmean", "logdet", "hypot"})
"""Operations that Keras announces so for complex numbers."""

UNWEIGHED = frozenset({"mod", "fmod", "logaddexp", "logaddexp2", "dot", "outer"})
"""Operations whose numbers count like tensors only when the model computes."""


def of_layer(layer: Layer, default: Policy, outputs: Sequence[Tensor]) -> list[str]:
    """The dtypes of the outputs of a layer; ``outputs`` are what it gives for tensors as they are announced."""
    if layer.announces_dtype:
        return [tensor.symbolic.dtype for tensor in outputs]
    policy = default if layer.dtype is None else Policy.named(layer.policy_name(default.name))
    return [policy.compute] * len(outputs)


def of_operation(operation: Operation, given: Sequence[Tensor], outputs: Sequence[Tensor]) -> list[str]:
    """The dtypes of the outputs of an operation of tensors as they are announced."""
    name = operation.keras_name().removeprefix("ops.")
    found = [tensor.symbolic.dtype for tensor in outputs]
    is_complex = [tensor.dtype for tensor in given if tensor.dtype.startswith("complex")]
    if name in AS_FLOATX or (name in COMPLEX_AS_FLOATX and is_complex):
        return [FLOATX] * len(found)
    if name in AS_GIVEN:
        return [given[0].dtype] * len(found)
    if name in COMPLEX_AS_GIVEN and is_complex:
        return is_complex[:1] * len(found)
    constants = list(_scalars(operation))
    if constants and name in UNWEIGHED:
        as_float = [float] if name.startswith("log") else []
        return [result_type(*(tensor.dtype for tensor in given), *constants, *as_float)]
    if constants and name == "arctan2" and constants != [float]:
        return [result_type(FLOATX, *(tensor.dtype for tensor in given))]
    return found


def _scalars(operation: Operation) -> Iterator[type[float] | type[int] | type[bool]]:
    """The types of the numbers in the place of tensors."""
    for name in operation.constants:
        value = getattr(operation, name)
        if isinstance(value, int | float):
            yield type(value)
