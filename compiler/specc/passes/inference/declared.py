"""Whether a whole spec that is used as a block is given the tensors that its Input layers declare."""

from __future__ import annotations

from specc.diagnostics.problem import RuleError
from specc.ir import Declared
from specc.shapes import Tensor, is_float, show_shape


class DeclaredError(RuleError):
    """A tensor is not what an Input declares."""

    def __init__(self, message: str, help: str, name: str, declared: Declared) -> None:
        super().__init__(message, help=help, tensors=(name,), places=(("declared here", declared.place),))


def check_declared(name: str, declared: Declared, given: Tensor) -> None:
    """DeclaredError if a tensor has another rank, another size where one is declared, or another kind of dtype.

    Layers cast floats of one width to another, so these fit each other.
    """
    wanted = declared.tensor
    if len(wanted.shape) != len(given.shape) or any(
        one is not None and two is not None and one != two for one, two in zip(wanted.shape, given.shape, strict=True)
    ):
        raise DeclaredError(
            f"takes {show_shape(wanted.shape)} at '{name}', not {show_shape(given.shape)}",
            "null in the shape of an Input is any size"
            if len(wanted.shape) == len(given.shape)
            else "give it a tensor of that many axes, or change the shape of the Input",
            name,
            declared,
        )
    if wanted.dtype != given.dtype and not (is_float(wanted.dtype) and is_float(given.dtype)):
        raise DeclaredError(
            f"takes {wanted.dtype} at '{name}', not {given.dtype}",
            f"cast it before, with {{type: ops.cast, dtype: {wanted.dtype}}}, or change the dtype of the Input",
            name,
            declared,
        )
