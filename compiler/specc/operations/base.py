"""What every operation is: a function of ``keras.ops`` as a node of the graph, with no weights.

An operation's tensors go by the names of Keras's function. Where Keras also takes a constant (``x2`` of ``ops.add``),
the argument is both a tensor argument and a field: one of the two is given.
"""

from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import Field

from specc.arguments import LARGEST_INT, TypeWords
from specc.calls import Argument, Call, Callee
from specc.diagnostics.problem import AxisError, DTypeError, KnownSizeError, RuleError, ShapeError
from specc.dtypes import ALL, FLOATS, FLOATX, INTS, DType, result_type
from specc.layers.accept import need_dense
from specc.operations import find
from specc.shapes import LARGEST_DIM, LARGEST_RANK, Dim, Shape, Tensor, broadcast, normalize_axis, show_shape, size

Constant = Annotated[
    bool | Annotated[int, Field(ge=-LARGEST_INT, le=LARGEST_INT)] | float, TypeWords("a number, or true or false")
]
"""A number that stands for a tensor; whether it is an integer decides about the dtype of the result."""

Ragged = Literal["refused", "kept", "made dense"]
"""What becomes of ragged tensors when the model runs."""

MOST_OUTPUTS = 4096
OutputCount = Annotated[int, Field(ge=1, le=MOST_OUTPUTS), TypeWords(f"an integer from 1 to {MOST_OUTPUTS}")]
"""How many outputs an operation has, where an argument says it."""


class Operation(Callee):
    """A function of ``keras.ops``.

    A subclass sets `function` and `tensors`, has the function's other arguments as fields, and says in
    `_outputs` what comes out.
    """

    kind: ClassVar[str] = "operation"
    keras_module: ClassVar[str] = "ops"
    allowed_in_sequential: ClassVar[bool] = False

    tensors: ClassVar[tuple[Argument, ...]]
    """The tensor arguments of the function, in Keras's order."""
    function: ClassVar[str] = ""
    """Keras's function, with its full public name: "keras.ops.matmul"."""
    constants: ClassVar[tuple[str, ...]] = ()
    """The tensor arguments that a constant can stand for; each is a field too."""
    accepts: ClassVar[frozenset[str]] = ALL
    """The dtypes of a tensor that Keras can compute with."""
    takes_sparse: ClassVar[bool] = False
    """Whether Keras can compute with sparse tensors."""
    with_ragged: ClassVar[Ragged] = "refused"
    """What becomes of ragged tensors."""
    broadcasts: ClassVar[bool] = False
    """Whether tensors with fewer axes get them in front, of size 1, and are stretched."""
    weighs_constants: ClassVar[bool] = False
    """Whether Keras makes a tensor of a constant before it looks for the common dtype, so that it counts like one."""
    several: ClassVar[bool] = False
    """Whether Keras's function returns a list or a tuple, even of one."""

    @classmethod
    def keras_name(cls) -> str:
        """The name of the type in a spec: "ops.matmul"."""
        return cls.function.removeprefix("keras.")

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.keras_name(),), self.__getstate__()  # a class made from a table is in no module

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """What the class says in `tensors`."""
        return self.tensors

    def open_tensors(self) -> tuple[Argument, ...]:
        """The tensor arguments that no constant stands for: the ones that ``from`` fills in order."""
        given = [name for name in self.constants if self._has(name)]
        return tuple(it for it in self.tensors if it.name not in given) if given else self.tensors

    def _has(self, name: str) -> bool:
        return getattr(self, name) is not None

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of a call, after what every operation checks."""
        self._check_tensors(call)
        outputs = tuple(self._outputs(call))
        if self.with_ragged == "kept" and any(tensor.ragged for name in call.tensors for tensor in call.many(name)):
            outputs = tuple(output._replace(ragged=True) for output in outputs)
        for output in outputs:
            if len(output.shape) > LARGEST_RANK:
                raise KnownSizeError(f"would give {show_shape(output.shape)}, more than {LARGEST_RANK} dimensions")
            if any(dim is not None and dim > LARGEST_DIM for dim in output.shape):
                raise KnownSizeError(f"would give {show_shape(output.shape)}; a dimension goes up to {LARGEST_DIM}")
        return outputs

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        """What comes out of a call whose tensors are all there and of dtypes that it accepts."""
        raise NotImplementedError

    def _check_tensors(self, call: Call) -> None:
        for argument in self.tensors:
            name = argument.name
            both = name in self.constants and self._has(name)
            if both and name in call.tensors:
                raise RuleError(
                    f"gets '{name}' twice, as a tensor and as a constant",
                    argument=name,
                    tensors=(name,),
                    code="argument-clash",
                    help=f"remove '{name}' from the arguments or from what it takes as input",
                )
            if name in self.constants and not both and name not in call.tensors:
                raise RuleError(
                    f"needs '{name}'",
                    tensors=(),
                    code="missing-argument",
                    help=f"add '{name}' to 'from' as a tensor, or to the arguments as a constant",
                )
        if not call.tensors:
            raise RuleError(
                "needs a tensor, and has only constants", code="missing-argument", help="give one of them in 'from'"
            )
        for name in call.tensors:
            for tensor in call.many(name):
                need_dtype(tensor.dtype, self.accepts, name)
                need_dense(tensor, name, sparse=self.takes_sparse, ragged=self.with_ragged != "refused")

    def operand(self, call: Call, name: str) -> tuple[Shape, DType, bool]:
        """Shape, dtype and sparsity of what stands for an argument; a constant is a dense scalar, mostly of weak dtype."""
        tensor = call.one(name)
        if tensor is None:
            constant = getattr(self, name)
            return (), tensor_dtype(constant) if self.weighs_constants else type(constant), False
        return tensor.shape, tensor.dtype, tensor.sparse

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The positional and the keyword arguments of Keras's function, given what stands for each tensor argument.

        ``tensors`` maps the names to symbolic tensors, to variables of a source, to whatever the caller calls with (a
        list of them where the argument takes many). Constants are plain Python values, slices among them.
        """
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        constants = self.call_constants()
        for argument in self.tensors:
            if argument.required or argument.name in self.constants:
                positional.append(tensors.get(argument.name, constants.get(argument.name)))
            elif argument.name in tensors:
                keywords[argument.name] = tensors[argument.name]
        for name, field in self.argument_fields().items():
            if name in self.constants or name not in constants:
                continue
            if field.is_required():
                positional.append(constants[name])
            else:
                keywords[name] = constants[name]
        return positional, keywords

    def call_constants(self) -> dict[str, Any]:
        """The arguments that were given, as Keras's function takes them."""
        return self.given()


def _unpickled(name: str) -> Operation:
    """An operation whose state a pickle is about to set."""
    cls = find(name)
    if cls is None:
        raise ValueError(f"there is no operation {name!r}")
    return cls.__new__(cls)


# -- Operations of one kind, made from a table ---------------------------------------------------

_Operation = TypeVar("_Operation", bound=Operation)


def make(base: type[_Operation], name: str, does: str, **attributes: Any) -> type[_Operation]:
    """A subclass for ``keras.ops.<name>``, documented with ``does``, with some class attributes of its own."""
    title = "".join(part.capitalize() for part in name.replace(".", "_").split("_"))
    namespace = {
        "__module__": base.__module__,
        "__qualname__": title,
        "__doc__": does,
        "function": f"keras.ops.{name}",
        **attributes,
    }
    metaclass: Any = type(base)
    made: type[_Operation] = metaclass(title, (base,), namespace)
    return made


def catalogue(*classes: type[Operation]) -> dict[str, type[Operation]]:
    """Operation classes by the names that specs use."""
    return {cls.keras_name(): cls for cls in classes}


def example(name: str, shape: str = "[4]", dtype: str = "float32", /, **arguments: str) -> str:
    """A spec that applies an operation to one input."""
    return f"layers:\n{_input('x', shape, dtype)}{_item(name, arguments)}"


def example_of_two(name: str, first: str = "[4]", second: str = "[4]", /, **arguments: str) -> str:
    """A spec that applies an operation to two inputs."""
    inputs = _input("a", first, "float32") + _input("b", second, "float32")
    return f"layers:\n{inputs}{_item(name, {'from': '[a, b]', **arguments})}"


def _input(name: str, shape: str, dtype: str) -> str:
    typed = "" if dtype == "float32" else f", dtype: {dtype}"
    return f"  - {{type: Input, name: {name}, shape: {shape}{typed}}}\n"


def _item(name: str, arguments: dict[str, str]) -> str:
    further = "".join(f", {key}: {value}" for key, value in arguments.items())
    return f"  - {{type: ops.{name}{further}}}\n"


# -- Arithmetic that operations share ------------------------------------------------------------


def need_dtype(dtype: str, accepts: frozenset[str], name: str | None = None) -> None:
    """DTypeError where Keras cannot compute with tensors of that dtype."""
    if dtype in accepts:
        return
    fits = "float32" if FLOATX in accepts else "int32"
    raise DTypeError(
        f"cannot compute with {dtype}",
        tensors=None if name is None else (name,),
        help=f"put {{type: ops.cast, dtype: {fits}}} before it" if dtype != "string" else "it takes numbers",
    )


def tensor_dtype(constant: Constant) -> str:
    """The dtype of the tensor that Keras makes of a constant by itself.

    >>> tensor_dtype(True), tensor_dtype(2), tensor_dtype(2**31), tensor_dtype(0.5)
    ('bool', 'int32', 'int64', 'float32')
    """
    if isinstance(constant, bool):
        return "bool"
    if isinstance(constant, float):
        return FLOATX
    return "int32" if -(2**31) <= constant < 2**31 else "int64"


def as_float(dtype: DType) -> str:
    """The dtype of a function with real values, such as a sine.

    >>> as_float("int64"), as_float("float16"), as_float("bool")
    ('float32', 'float16', 'float32')
    """
    return result_type(dtype, float)


def as_float_or_same(dtype: str) -> str:
    """floatx for integers and booleans; any other dtype stays."""
    return FLOATX if dtype in INTS or dtype == "bool" else dtype


def same(dtype: str) -> str:
    """The dtype that goes in."""
    return dtype


def counted(dtype: str) -> str:
    """Of what is computed with bools as numbers: int32 for bool; any other dtype stays."""
    return "int32" if dtype == "bool" else dtype


def need_broadcast(first: Shape, second: Shape) -> Shape:
    """The shape of two tensors broadcast together; ShapeError where they do not fit."""
    joined = broadcast(first, second)
    if joined is None:
        raise ShapeError(
            f"cannot broadcast {show_shape(first)} and {show_shape(second)}",
            help="counted from the last axis, their dimensions must be equal, or 1 in one of them",
        )
    return joined


def fits_broadcast(shape: Shape, target: Shape) -> bool:
    """Whether a tensor of that shape fills one of the target shape when it is broadcast."""
    missing = len(target) - len(shape)
    return missing >= 0 and all(
        dim in (1, None) or wide in (dim, None) for dim, wide in zip(shape, target[missing:], strict=True)
    )


def need_broadcast_to(shape: Shape, target: Shape, argument: str | None = None) -> None:
    """ShapeError unless a tensor of that shape fills one of the target shape when it is broadcast."""
    if fits_broadcast(shape, target):
        return
    raise ShapeError(
        f"cannot broadcast {show_shape(shape)} to {show_shape(target)}",
        argument=argument,
        help="counted from the last axis, each of its dimensions must be equal to the target's, or 1",
    )


def normalize_axes(axes: int | tuple[int, ...], rank: int, argument: str = "axis") -> tuple[int, ...]:
    """Axes counted from the front; AxisError for one that is not there or is named twice."""
    given = (axes,) if isinstance(axes, int) else axes
    found = tuple(normalize_axis(axis, rank, argument) for axis in given)
    for position, axis in enumerate(found):
        if axis in found[:position]:
            raise AxisError(f"has axis {axis} twice in '{argument}'", argument=argument, help="name each axis once")
    return found


def reduced(shape: Shape, axes: int | tuple[int, ...] | None, keepdims: bool, argument: str = "axis") -> Shape:
    """The shape after a reduction over some axes, or over all."""
    if axes is None:
        return (1,) * len(shape) if keepdims else ()
    gone = normalize_axes(axes, len(shape), argument)
    if keepdims:
        return tuple(1 if axis in gone else dim for axis, dim in enumerate(shape))
    return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)


def flat(shape: Shape) -> Shape:
    """The shape of all elements in one row."""
    return (size(shape),)


def differ(one: Dim, other: Dim) -> bool:
    """Whether two dimensions are known to be unequal."""
    return one is not None and other is not None and one != other


def may_hold_alike(first: Shape, second: Shape) -> bool:
    """Whether tensors of these shapes can have equally many elements.

    >>> may_hold_alike((2, 3), (6,)), may_hold_alike((None, 4), (6,)), may_hold_alike((None, 3), (None, 2))
    (True, False, True)
    """
    totals = size(first), size(second)
    known = [prod(dim for dim in shape if dim is not None) for shape in (first, second)]
    if totals[0] is not None and totals[1] is not None:
        return totals[0] == totals[1]
    return all(total is None or total % factor == 0 for total, factor in zip(totals, reversed(known), strict=True))


class Row(NamedTuple):
    """One operation of a table: its name, what it does, and what its kind needs to know."""

    name: str
    does: str
    dtype: Callable[[str], str] = same
    accepts: frozenset[str] = FLOATS
    sparse: bool | None = None
    """Whether the result of a sparse tensor is sparse; null where Keras cannot compute with one."""


class Unary(Operation):
    """An operation on each element of one tensor."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x"),)
    with_ragged: ClassVar[Ragged] = "kept"
    shape_rule: ClassVar[str] = "the shape of x"
    row: ClassVar[Row]

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.first
        yield Tensor(x.shape, self.row.dtype(x.dtype), sparse=x.sparse and bool(self.row.sparse))


def unary(row: Row, base: type[_Operation]) -> type[_Operation]:
    """The class of one row of a table of elementwise operations."""
    return make(base, row.name, row.does, **row_attributes(row, dtype=FLOATX if row.accepts & FLOATS else "int32"))


def row_attributes(row: Row, dtype: str = FLOATX, **arguments: str) -> dict[str, Any]:
    """The class attributes that a row of a table says."""
    return {
        "row": row,
        "accepts": row.accepts,
        "takes_sparse": row.sparse is not None,
        "example": example(row.name, "[4]", dtype, **arguments),
    }
