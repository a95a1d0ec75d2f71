"""Operations of linear algebra on the matrices in the last two axes: inverses, decompositions, systems of equations."""

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from specc.arguments import NonNegativeNumber
from specc.calls import Argument, Call
from specc.diagnostics.problem import ShapeError
from specc.dtypes import COMPLEX
from specc.operations.base import Operation, make, on
from specc.operations.rules import always_int32, magnitude, need_all_known, need_one_dtype
from specc.shapes import Dim, Shape, Tensor, differ, need_known, need_rank, show_shape

_EXACT = frozenset({"float32", "float64"})
_FIELD = _EXACT | COMPLEX
_WITH_HALF = _FIELD | {"float16"}

_SQUARED = (
    "layers:\n  - {type: Input, name: x, shape: [4, 6]}\n  - {type: ops.transpose, name: turned, axes: [0, 2, 1]}\n"
    "  - {type: ops.matmul, name: squared, from: [x, turned]}\n  - TYPE\n"
)
"""The sample of an operation on positive definite matrices."""


def _need_matrices(shape: Shape, *, square: bool = False) -> tuple[Dim, Dim]:
    """The rows and columns; ShapeError for less than two axes, or for matrices that are not square."""
    need_rank(shape, 2, least=True, help="it works on the matrices in the last two axes")
    rows, columns = shape[-2:]
    if square and rows != columns:
        raise ShapeError(f"needs square matrices, got {show_shape(shape)}", help="make the last two axes equally long")
    return rows, columns


class OnMatrices(Operation):
    """An operation on the matrices in the last two axes."""

    shape_rule: ClassVar[str] = "the shape of x"
    sample: ClassVar[str] = on("[4, 4]")

    def _shape(self, shape: Shape) -> Shape:
        _need_matrices(shape, square=True)
        return shape


class OfMatrices(Operation):
    """One number for each matrix in the last two axes."""

    shape_rule: ClassVar[str] = "the shape of x without its last two axes"
    sample: ClassVar[str] = on("[4, 4]")
    square: ClassVar[bool] = True

    def _shape(self, shape: Shape) -> Shape:
        _need_matrices(shape, square=self.square)
        return shape[:-2]


make(OnMatrices, "inv", "The inverse matrices.", accepts=_WITH_HALF)
make(OfMatrices, "det", "The determinants.", accepts=_FIELD)


class Cholesky(OnMatrices, op="cholesky", accepts=_EXACT):
    """The Cholesky factors of positive definite matrices: lower triangles, or upper ones."""

    sample = _SQUARED

    upper: bool = False


class CholeskyInverse(OnMatrices, op="cholesky_inverse", accepts=_FIELD):
    """The inverse of matrices whose Cholesky factors are given: lower triangles, or upper ones."""

    upper: bool = False


class Logdet(OfMatrices, op="logdet", accepts=_FIELD, gives=magnitude):
    """The logarithm of the determinants of positive definite matrices."""

    sample = _SQUARED

    def _shape(self, shape: Shape) -> Shape:
        rows, columns = _need_matrices(shape)
        _need_matrices(shape, square=differ(rows, columns))
        return shape[:-2]


class MatrixRank(OfMatrices, op="matrix_rank", accepts=_EXACT, gives=always_int32):
    """The rank of matrices: how many singular values are above the tolerance."""

    square = False

    tol: NonNegativeNumber | None = None


class Pinv(Operation, op="pinv", accepts=_EXACT):
    """The pseudo-inverse of matrices; singular values below rcond times the largest one count as 0."""

    shape_rule = "(..., n, m) -> (..., m, n)"
    sample = on("[3, 4]")

    rcond: NonNegativeNumber | None = None

    def _shape(self, shape: Shape) -> Shape:
        rows, columns = _need_matrices(shape)
        return (*shape[:-2], columns, rows)


# -- Decompositions ------------------------------------------------------------------------------


class Eig(Operation, op="eig", accepts=_FIELD):
    """The eigenvalues and eigenvectors of square matrices, which are complex."""

    several = True
    shape_rule = "(..., n, n) -> (..., n) and (..., n, n)"
    sample = on("[4, 4]")

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The eigenvalues, and the eigenvectors as columns."""
        return ("eigenvalues", "eigenvectors")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        _need_matrices(call.shape, square=True)
        dtype = self._dtype(call.first.dtype)
        yield from (Tensor(call.shape[:-1], dtype), Tensor(call.shape, dtype))

    def _dtype(self, dtype: str) -> str:
        return {"float32": "complex64", "float64": "complex128"}.get(dtype, dtype)


class Eigh(Eig, op="eigh"):
    """The eigenvalues and eigenvectors of symmetric (complex: Hermitian) matrices."""

    def _dtype(self, dtype: str) -> str:
        return dtype


class Qr(Operation, op="qr", accepts=_WITH_HALF):
    """Matrices as the product of an orthogonal and an upper triangular one."""

    several = True
    shape_rule = "(..., n, m) -> (..., n, k) and (..., k, m) with k = min(n, m), or n if the mode is complete"
    sample = on("[4, 3]")

    mode: Literal["reduced", "complete"] = "reduced"

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The orthogonal matrices and the triangular ones."""
        return ("q", "r")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rows, columns = _known_sizes(call.shape)
        inner = rows if self.mode == "complete" else min(rows, columns)
        for shape in ((rows, inner), (inner, columns)):
            yield Tensor((*call.shape[:-2], *shape), call.first.dtype)


class Svd(Operation, op="svd", accepts=_FIELD):
    """The singular value decomposition of matrices."""

    shape_rule = (
        "(..., n, m) -> (..., n, n), (..., k) and (..., m, m) with k = min(n, m); only (..., k) without compute_uv"
    )
    sample = on("[4, 3]")

    full_matrices: bool = True
    compute_uv: bool = True

    @property
    def several(self) -> bool:  # type: ignore[override]  # for the other operations, the class knows it
        """Whether Keras's function returns a tuple."""
        return self.compute_uv

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The two unitary matrices and between them the singular values, or these alone."""
        return ("u", "s", "v") if self.compute_uv else ("s",)

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rows, columns = _known_sizes(call.shape)
        batch, dtype, count = call.shape[:-2], call.first.dtype, min(rows, columns)
        values = Tensor((*batch, count), magnitude(dtype))
        if not self.compute_uv:
            yield values
            return
        left, right = (rows, columns) if self.full_matrices else (count, count)
        yield Tensor((*batch, rows, left), dtype)
        yield values
        yield Tensor((*batch, right, columns), dtype)


def _known_sizes(shape: Shape) -> tuple[int, int]:
    _need_matrices(shape)
    rank = len(shape)
    return need_known(shape, rank - 2, "to decompose it"), need_known(shape, rank - 1, "to decompose it")


# -- Systems of equations ------------------------------------------------------------------------


class Solve(Operation, op="solve", accepts=_FIELD):
    """The solutions of a x = b for square matrices a, and vectors or matrices b."""

    tensors = (Argument("a"), Argument("b"))
    shape_rule = "(..., n, n) and (..., n) or (..., n, m) -> the shape of b"
    sample = (
        "layers:\n  - {type: Input, name: a, shape: [4, 4]}\n  - {type: Input, name: b, shape: [4]}\n"
        "  - {type: TYPE, from: [a, b]}\n"
    )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        a, b = call.tensor("a").shape, call.tensor("b").shape
        rows, _ = _need_matrices(a, square=True)
        if len(b) not in (len(a) - 1, len(a)):
            raise ShapeError(
                f"needs a 'b' of {len(a) - 1} or {len(a)} dimensions for {show_shape(a)}, got {show_shape(b)}",
                help="a vector or a matrix for each matrix of 'a'",
            )
        length = b[-1] if len(b) < len(a) else b[-2]
        if rows != length or any(map(differ, a[:-2], b)):
            raise ShapeError(
                f"cannot solve {show_shape(a)} for {show_shape(b)}",
                help="each matrix of 'a' needs as many rows as its 'b', and their batches must be equal",
            )
        yield Tensor(b, need_one_dtype(call.tensor("a"), call.tensor("b")))


class SolveTriangular(Solve, op="solve_triangular"):
    """The solutions of a x = b for upper triangular matrices a, or lower ones."""

    lower: bool = False


class Lstsq(Operation, op="lstsq", accepts=_FIELD):
    """The solution of a x = b by least squares, for one matrix a of known size."""

    tensors = (Argument("a"), Argument("b"))
    shape_rule = "(n, m) and (n,) or (n, k) -> (m,) or (m, k)"
    sample = (
        "layers:\n  - {type: Input, name: a, batch_shape: [6, 4]}\n  - {type: Input, name: b, batch_shape: [6]}\n"
        "  - {type: TYPE, from: [a, b]}\n"
    )

    rcond: NonNegativeNumber | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        a, b = call.tensor("a").shape, call.tensor("b").shape
        need_rank(a, 2)
        need_all_known(a)
        if len(b) not in (1, 2) or a[0] != b[0]:
            raise ShapeError(
                f"cannot fit {show_shape(a)} to {show_shape(b)}", help="'b' has a number or a row for each row of 'a'"
            )
        yield Tensor((a[1], *b[1:]), need_one_dtype(call.tensor("a"), call.tensor("b")))
