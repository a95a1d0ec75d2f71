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
    wrong = f"takes {show_shape(wanted.shape)} at '{name}', not {show_shape(given.shape)}"
    if len(wanted.shape) != len(given.shape):
        raise DeclaredError(
            wrong, "give it a tensor of that many axes, or change the shape of the Input", name, declared
        )
    sizes = enumerate(zip(wanted.shape, given.shape, strict=True))
    other = {axis: two for axis, (one, two) in sizes if one is not None and two is not None and one != two}
    if other:
        raise DeclaredError(wrong, _sizes_help(declared, other), name, declared)
    if wanted.dtype != given.dtype and not (is_float(wanted.dtype) and is_float(given.dtype)):
        raise DeclaredError(
            f"takes {wanted.dtype} at '{name}', not {given.dtype}",
            f"cast it before, with {{type: ops.cast, dtype: {wanted.dtype}}}, or change the dtype of the Input",
            name,
            declared,
        )


def _sizes_help(declared: Declared, given: dict[int, int]) -> str:
    """What to do about other sizes than those declared, by axis: an argument may say them."""
    written = {str(declared.place.at("shape", axis - 1).written) for axis in given}
    argument = next(iter(written)).removeprefix("$")
    if len(written) > 1 or written != {f"${argument}"} or not argument.isidentifier():
        return "null in the shape of an Input is any size"
    sizes = set(given.values())
    value = next(iter(sizes)) if len(sizes) == 1 else "null"
    return f"its argument says that size: write {argument}: {value}"
