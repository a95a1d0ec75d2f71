"""Which tensors a layer can compute with: kinds of dtype, and whether sparse and ragged ones.

Keras finds out only when a model runs that a layer cannot take strings or integers; here a layer says it.
"""

from functools import cache
from typing import ClassVar, Literal

from specc.diagnostics.problem import DTypeError, RuleError
from specc.layers.base import Call, Layer
from specc.shapes import Shape, Tensor

Kind = Literal["bool", "int", "float", "complex", "string"]

FLOATS: tuple[Kind, ...] = ("float",)
REALS: tuple[Kind, ...] = ("int", "float")
PLAIN: tuple[Kind, ...] = ("bool", "int", "float")
NUMBERS: tuple[Kind, ...] = ("bool", "int", "float", "complex")
STRINGS_HELP = "turn strings into numbers first, with a StringLookup or a TextVectorization layer"
ANYTHING: tuple[Kind, ...] = (*NUMBERS, "string")

_WORDS: dict[tuple[Kind, ...], str] = {
    FLOATS: "floats",
    REALS: "integers or floats",
    NUMBERS: "numbers",
    ("float", "complex"): "floats or complex numbers",
    ("bool", "float"): "floats or booleans",
    ("bool", "int", "float"): "real numbers or booleans",
}


@cache
def kind(dtype: str) -> Kind:
    """The kind of values that a dtype has.

    >>> kind("bfloat16"), kind("uint8"), kind("complex64")
    ('float', 'int', 'complex')
    """
    for name in ("bool", "int", "float", "complex"):
        if name in dtype:
            return name
    return "string"


def need_kind(tensor: Tensor, kinds: tuple[Kind, ...], argument: str = "inputs", name: str | None = None) -> None:
    """DTypeError unless the tensor's values are of one of the kinds."""
    got = kind(tensor.dtype)
    if got in kinds:
        return
    if name is None:
        name = "an input" if argument == "inputs" else f"a {argument}"
    raise DTypeError(f"needs {name} of {_WORDS[kinds]}, got {tensor.dtype}", help=_kind_help(got), tensors=(argument,))


def _kind_help(got: Kind) -> str:
    if got == "string":
        return STRINGS_HELP
    if got == "complex":
        return "give the Input a float dtype"
    return "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it"


def dense_help(form: Literal["sparse", "ragged"]) -> str:
    """What to do about a tensor of a form that the layer does not accept."""
    return f"remove '{form}' from the Input or the layer that sets it"


def need_dense(tensor: Tensor, argument: str | None = None, *, sparse: bool = False, ragged: bool = False) -> None:
    """RuleError for a sparse or a ragged tensor; ``sparse`` and ``ragged`` allow them."""
    forms: tuple[tuple[Literal["sparse", "ragged"], bool], ...] = (
        ("sparse", tensor.sparse and not sparse),
        ("ragged", tensor.ragged and not ragged),
    )
    for form, refused in forms:
        if refused:
            raise RuleError(
                f"cannot take a {form} tensor",
                tensors=None if argument is None else (argument,),
                code="dtype-mismatch",
                help=dense_help(form),
            )


def mask_covers(mask: Shape, shape: Shape) -> bool:
    """Whether a mask can be laid over a tensor: each of its sizes is 1 or the tensor's, counted from the last axis.

    >>> mask_covers((None, 1), (None, 3, 4)), mask_covers((None, 3), (None, 3, 4))
    (True, False)
    """
    pairs = zip(reversed(mask), reversed(shape), strict=False)
    return len(mask) <= len(shape) and all(one in (None, 1, size) or size is None for one, size in pairs)


def announced_by_policy(output: Tensor, call: Call) -> Tensor:
    """A tensor of strings as Keras announces it, with the compute dtype; any other tensor unchanged."""
    if output.dtype != "string":
        return output
    return output.but(output.shape, STRINGS_HELP, call.policy.compute)


class Unary(Layer):
    """A layer with one tensor of data. It declares which tensors it accepts, and passes the mask on."""

    takes: ClassVar[tuple[Kind, ...]] = NUMBERS
    """The kinds of values that it computes with."""
    takes_sparse: ClassVar[bool] = False
    takes_ragged: ClassVar[bool] = True
    passes_mask: ClassVar[bool] = True
    """Keras's ``supports_masking``: without it, the mask is dropped."""
    keeps_dtype: ClassVar[bool] = False
    """Whether values that are not floats keep their dtype, although Keras announces the compute dtype."""

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """The kinds of values that it accepts in this call."""
        return self.takes

    def accepts_sparse(self, call: Call) -> bool:
        """Whether it accepts a sparse tensor in this call."""
        return self.takes_sparse

    def accepts_ragged(self, call: Call) -> bool:
        """Whether it accepts a ragged tensor in this call."""
        return self.takes_ragged

    def accept(self, call: Call) -> None:
        """RuleError for data that Keras cannot compute with."""
        data, kinds, compute = call.first, self.kinds(call), call.policy.compute
        if compute == "string" and (kind(data.dtype) == "float" or "string" not in kinds):
            raise DTypeError(
                f"cannot compute with {data.dtype} in dtype string",
                argument="dtype",
                help="remove dtype, or give it a float type",
            )
        if self.dtype is not None and data.dtype == compute and kind(compute) not in kinds:
            raise DTypeError(
                f"needs {_WORDS[kinds]}, but computes in {compute}",
                argument="dtype",
                help="remove dtype, or give it a float type",
            )
        need_kind(data, kinds, next(iter(call.tensors)))
        if data.sparse or data.ragged:
            need_dense(data, sparse=self.accepts_sparse(call), ragged=self.accepts_ragged(call))

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The output; RuleError for data that the layer does not accept."""
        self.accept(call)
        data = call.first
        shape = self.output_shape(data.shape)
        output = Tensor(shape, self.output_dtype(call), False, self.output_mask(call), data.ragged)
        return (output if self.announces_dtype else announced_by_policy(output, call),)

    def output_dtype(self, call: Call) -> str:
        """The output's dtype when the layer runs."""
        return call.first.dtype if self.keeps_dtype else call.policy.compute

    def output_mask(self, call: Call) -> Shape | None:
        """The shape of the output's mask: the given mask, else that of the data."""
        if not self.passes_mask:
            return None
        given = call.one("mask")
        return given.shape if given is not None else call.first.mask
