"""Keras's regularizers."""

from typing import Annotated, ClassVar, Literal

from specc.arguments import NonNegativeNumber
from specc.arguments.roles import AS_FLOAT32, Saved, float32
from specc.objects.base import KerasObject, classes_in
from specc.shapes import show_shape


class Regularizer(KerasObject):
    """Adds a penalty on a weight or an output to the loss."""

    kind = "regularizer"
    keras_module = "regularizers"

    penalizes: ClassVar[tuple[str, ...]] = ("float",)
    """The dtypes of outputs that it can penalize, as prefixes of their names."""

    def problem(self, shape: tuple[int | None, ...]) -> str | None:
        """Why it cannot penalize a tensor of that shape, as a predicate, or None."""
        return None

    def dtype_problem(self, dtype: str) -> str | None:
        """Why it cannot penalize an output of that dtype, as a predicate, or None."""
        can = dtype.startswith(self.penalizes) or dtype == "bfloat16"
        return None if can else f"cannot penalize {dtype}"


_WIDE = ("float", "bool", "int32", "int64", "uint32", "uint64")


_OrZero = Annotated[NonNegativeNumber | None, Saved(float, unset=0.0)]


class L1(Regularizer, names="l1"):
    """The sum of the absolute values, times ``l1``."""

    penalizes = _WIDE

    l1: Annotated[NonNegativeNumber | None, Saved(float32, unset=float32(0.01))] = 0.01


class L2(Regularizer, names="l2"):
    """The sum of the squares, times ``l2``."""

    penalizes = (*_WIDE, "complex")

    l2: Annotated[NonNegativeNumber | None, Saved(float, unset=0.01)] = 0.01


class L1L2(Regularizer, names="l1l2"):
    """The sum of the absolute values, times ``l1``, and of the squares, times ``l2``."""

    penalizes = ("float", "bool", "int", "uint", "complex")

    l1: _OrZero = 0.0
    l2: _OrZero = 0.0


class OrthogonalRegularizer(Regularizer, names="orthogonal_regularizer"):
    """Penalizes the rows or columns of a matrix for pointing in similar directions."""

    factor: Annotated[NonNegativeNumber, AS_FLOAT32] = 0.01
    mode: Literal["rows", "columns"] = "rows"

    def problem(self, shape: tuple[int | None, ...]) -> str | None:
        """Only matrices have rows and columns; Keras needs their number when it traces the layer."""
        if len(shape) != 2:
            return f"needs a matrix, got {show_shape(shape)}"
        open_size = shape[0 if self.mode == "rows" else 1] is None
        return f"needs a known number of {self.mode}, got {show_shape(shape)}" if open_size else None


CLASSES = classes_in(globals())
REFUSED: dict[str, str] = {
    "Regularizer": "it is the base class of regularizers and adds nothing; use L1, L2 or L1L2",
    "regularizer": "it is the base class of regularizers and adds nothing; use L1, L2 or L1L2",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
