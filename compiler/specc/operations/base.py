"""What every operation is: a function of ``keras.ops`` as a node of the graph, with no weights.

An operation's tensors go by the names of Keras's function. Where Keras also takes a constant (``x2`` of ``ops.add``),
the argument is both a tensor argument and a field: one of the two is given.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from specc.arguments import TypeWords, plugged
from specc.calls import Argument, Call, Callee
from specc.diagnostics.problem import KnownSizeError, RuleError
from specc.dtypes import ALL, DType, result_type
from specc.layers.accept import need_dense
from specc.operations import CLASSES, TO_MAKE, find
from specc.operations.number_lists import NumberList, NumberListField
from specc.operations.rules import need_dtype, same, tensor_dtype
from specc.shapes import LARGEST_DIM, LARGEST_RANK, Shape, Tensor, show_shape

Handling = Literal["refused", "kept", "made dense"]
"""What happens to sparse or ragged tensors when the model runs."""

MOST_OUTPUTS = 4096
OutputCount = Annotated[int, Field(ge=1, le=MOST_OUTPUTS), TypeWords(f"an integer from 1 to {MOST_OUTPUTS}")]
"""The number of outputs of an operation, if an argument gives it."""


def on(shape: str = "[4]", dtype: str = "float32", /, **arguments: str) -> str:
    """The sample of an operation on one input; "batch [2, 4]" is a shape with the size of its batch."""
    return f"layers:\n{_input('x', shape, dtype)}{_item(arguments)}"


def on_two(first: str = "[4]", second: str = "[4]", /, **arguments: str) -> str:
    """The sample of an operation on two inputs."""
    inputs = _input("a", first, "float32") + _input("b", second, "float32")
    return f"layers:\n{inputs}{_item({'from': '[a, b]', **arguments})}"


def _input(name: str, shape: str, dtype: str) -> str:
    typed = "" if dtype == "float32" else f", dtype: {dtype}"
    return f"  - {{type: Input, name: {name}, {'batch_' * shape.startswith('batch')}shape: {shape.removeprefix('batch ')}{typed}}}\n"


def _item(arguments: dict[str, str]) -> str:
    further = "".join(f", {key}: {value}" for key, value in arguments.items())
    return f"  - {{type: TYPE{further}}}\n"


class Operation(Callee):
    """A function of ``keras.ops``.

    The fields of a subclass are the function's arguments that are not tensors. If the result has the shape of its
    tensor, nothing else is needed; otherwise the subclass defines its shape in `_shape`, or all outputs in `_outputs`.
    ``class Elu(Unary, op="elu", accepts=FLOATS)`` registers ``ops.elu``; the header can also set the class variables
    `gives`, `with_sparse` (``sparse="kept"``) and `with_ragged` (``ragged="refused"``). `make` makes classes without a
    body.
    """

    kind = "operation"
    keras_module = "ops"
    allowed_in_sequential = False

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x"),)
    """The tensor arguments of the function, in Keras's order."""
    function: ClassVar[str] = ""
    """Keras's function, with its full public name: "keras.ops.matmul"."""
    constants: ClassVar[tuple[str, ...]] = ()
    """The tensor arguments that can be constants; each is a field too."""
    accepts: ClassVar[frozenset[str]] = ALL
    """The dtypes of a tensor that Keras can compute with."""
    gives: ClassVar[Callable[[str], str]] = same
    """The dtype of the result for that of the tensor, unless `_outputs` gives another."""
    with_sparse: ClassVar[Handling] = "refused"
    """What happens to sparse tensors when the model runs."""
    with_ragged: ClassVar[Handling] = "refused"
    """What happens to ragged tensors."""
    broadcasts: ClassVar[bool] = False
    """Whether tensors with fewer axes get leading axes of size 1, and are stretched."""
    weighs_constants: ClassVar[bool] = False
    """Whether Keras converts a constant to a tensor before it finds the common dtype, so it counts like a tensor."""
    several: ClassVar[bool] = False
    """Whether Keras's function returns a list or a tuple, even of one."""

    sample: ClassVar[str] = on()
    """The example, with TYPE instead of the type's name."""

    def __init_subclass__(
        cls,
        op: str = "",
        accepts: frozenset[str] | None = None,
        gives: Callable[[str], str] | None = None,
        sparse: Handling | None = None,
        ragged: Handling | None = None,
    ) -> None:
        """A class with an ``op`` is that function of ``keras.ops``, or of a plugin; one without is a base of several."""
        super().__init_subclass__()
        facts = {"accepts": accepts, "gives": gives, "with_sparse": sparse, "with_ragged": ragged}
        for name, value in facts.items():
            if value is not None:
                setattr(cls, name, value)
        if op:
            cls.function = f"{cls.imported_from or 'keras.ops'}.{op}"
            cls.example = cls.__dict__.get("example") or cls.sample.replace("TYPE", cls.keras_name())
        if op and not cls.imported_from:
            CLASSES[cls.keras_name()] = cls

    @classmethod
    def keras_name(cls) -> str:
        """The name of the type in a spec: "ops.matmul"."""
        return cls.function.replace(cls.imported_from or "keras.ops", "ops", 1)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.keras_name(),), self.__getstate__()  # a class made from a table is in no module

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """The class variable `tensors`."""
        return self.tensors

    def open_tensors(self) -> tuple[Argument, ...]:
        """The tensor arguments that are not constants: the ones that ``from`` fills in order."""
        given = [name for name in self.constants if self._has(name)]
        return tuple(it for it in self.tensors if it.name not in given) if given else self.tensors

    def _has(self, name: str) -> bool:
        return getattr(self, name) is not None

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of a call, after the checks that all operations share."""
        self._check_tensors(call)
        self._take_lists(call)
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
        """The outputs of a call whose tensors are all given and have dtypes that it accepts."""
        x = call.first
        yield Tensor(self._shape(x.shape), type(self).gives(x.dtype), sparse=x.sparse and self.with_sparse == "kept")

    def _shape(self, shape: Shape) -> Shape:
        """The shape of the result for that of the tensor."""
        return shape

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
        if self.tensors and not call.tensors:
            raise RuleError(
                "needs a tensor, and has only constants", code="missing-argument", help="give one of them in 'from'"
            )
        for name in call.tensors:
            for tensor in call.many(name):
                need_dtype(tensor.dtype, self.accepts, name)
                need_dense(tensor, name, sparse=self.with_sparse != "refused", ragged=self.with_ragged != "refused")

    def _take_lists(self, call: Call) -> None:
        """Give the rules number lists as the tensors that Keras makes of them."""
        for name in self.constants:
            value = getattr(self, name)
            if isinstance(value, NumberList):
                call.tensors = {**call.tensors, name: Tensor(value.shape, value.dtype)}
                need_dtype(value.dtype, self.accepts, name)

    def operand(self, call: Call, name: str) -> tuple[Shape, DType, bool]:
        """Shape, dtype and sparsity of the value of an argument; a constant is a dense scalar, mostly of weak dtype."""
        tensor = call.one(name)
        if tensor is None:
            constant = getattr(self, name)
            return (), tensor_dtype(constant) if self.weighs_constants else type(constant), False
        return tensor.shape, tensor.dtype, tensor.sparse

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The positional and the keyword arguments of Keras's function, given the value of each tensor argument.

        ``tensors`` maps the names to symbolic tensors, variables of a source, or anything else to call the function with
        (a list of them if the argument takes several). Constants are plain Python values, including slices.
        """
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        constants = self.call_constants()
        for argument in self.tensors:
            if argument.required or argument.name in self.constants:
                positional.append(tensors.get(argument.name, constants.get(argument.name)))
            elif argument.name in tensors:
                keywords[argument.name] = tensors[argument.name]
        fields = self.argument_fields()
        for name in self.argument_order():
            if name in self.constants or name not in constants:
                continue
            if fields[name].is_required():
                positional.append(constants[name])
            else:
                keywords[name] = constants[name]
        return positional, keywords

    def call_constants(self) -> dict[str, Any]:
        """The arguments that were given, as Keras's function takes them.

        A number list in place of a tensor is the operation that makes one: of a list itself, Keras announces no shape.
        """
        given = self.given()
        lists = [name for name in self.constants if isinstance(given.get(name), NumberList)]
        if lists:
            array: Any = find("ops.array")
            given = {**given, **{name: array.of(given[name]) for name in lists}}
        return given


def _unpickled(name: str) -> Operation:
    """An operation whose state a pickle is about to set."""
    cls = plugged.CLASSES["operation"].get(name) or find(name)
    if cls is None or not issubclass(cls, Operation):
        raise ValueError(f"there is no operation {name!r}")
    return cls.__new__(cls)


class Unary(Operation, ragged="kept"):
    """An operation on each element of one tensor."""

    shape_rule = "the shape of x"


class OfTwo(Operation):
    """An operation on two tensors, one of which can be a list of numbers."""

    tensors = (Argument("x1", required=False), Argument("x2", required=False))
    constants = ("x1", "x2")
    sample = on_two()

    x1: NumberListField | None = None
    x2: NumberListField | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        yield Tensor(self._shape_of_two(x1.shape, x2.shape), result_type(x1.dtype, x2.dtype))

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        """The shape of the result for those of the two."""
        raise NotImplementedError


def make(base: type[Operation], op: str, does: str, **said: Any) -> None:
    """A class for ``keras.ops.<op>`` that needs no body: its base, its docstring, and its header and class variables.

    ``make(Unary, "exp", "e to the power of the number.", accepts=NUMBERS, gives=as_float_or_same)``

    It is made when it is first looked for: a spec uses few of a family.
    """
    TO_MAKE[f"ops.{op}"] = lambda: _made(base, op, does, **said)


def _made(base: type[Operation], op: str, does: str, **said: Any) -> None:
    title = "".join(part.capitalize() for part in op.replace(".", "_").split("_"))
    header = {key: said.pop(key) for key in ("accepts", "gives", "sparse", "ragged") if key in said}
    metaclass: Any = type(base)
    metaclass(
        title, (base,), {"__module__": base.__module__, "__qualname__": title, "__doc__": does, **said}, op=op, **header
    )
