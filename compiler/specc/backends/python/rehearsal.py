"""Runs a source with a stand-in for Keras, which only notes what is made and called: whether it is the graph's model.

A source in the form of a spec is another program than the one that expanded the spec; this compares what both make.
The text is specc's own: identifiers that `Names` has made, literals, and the few functions that a source uses. Should a
spec ever get code into it, that cannot reach beyond the stand-in: a text with a private name or attribute is not run.
"""

from __future__ import annotations

import ast
import builtins
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from specc import keras_signatures, layers
from specc.backends.python.reading.expressions import PYTHON_FUNCTIONS, Unwritable
from specc.backends.python.reading.facts import inner_graphs
from specc.formulas.operators import BINARY, COMPARE
from specc.ir import Ref, TypedGraph
from specc.operations.base import Operation

_OF_SOURCES = ("enumerate", "float", "isinstance", "list", "range", "slice", "tuple", "zip")
"""The functions of Python that a source uses for itself."""
_BUILTINS: dict[str, Any] = {
    name: getattr(builtins, name)
    for name in (*_OF_SOURCES, *(name for name in PYTHON_FUNCTIONS.values() if "." not in name))
}

_METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "@": "matmul", "**": "pow",
    "|": "or", "&": "and", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}  # fmt: skip
"""Python's names for what operators do with tensors."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
_MODELS = ("keras.Model", "keras.Sequential")


def makes_the_same(text: str, other: str, graph: TypedGraph, values: Mapping[str, Any] = NOTHING) -> bool:
    """Whether two sources make the same model, names of layers and all but for the names of operations.

    The first has parameters, which can be given other values than their defaults. Unwritable if it cannot be told.
    """
    expected = _noted(_run(other, graph), set())
    try:
        return bool(_noted(_run(text, graph, values), set()) == expected)
    except (TypeError, ValueError, LookupError, AttributeError, NameError, ArithmeticError, RecursionError):
        return False


class _Shape:
    """The shape of some tensor, or what is computed from it."""

    def __getitem__(self, part: object) -> _Shape:
        return self

    def _computed(self, other: object) -> _Shape:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _computed
    __floordiv__ = __rfloordiv__ = __truediv__ = __rtruediv__ = __mod__ = __pow__ = _computed

    def __eq__(self, other: object) -> bool:
        raise Unwritable("a condition on a shape that is not known")

    __hash__ = None  # type: ignore[assignment]


class _Any:
    """Equal to anything: what is not known."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class _Tensor:
    """An output of a call."""

    dtype = "dtype"

    def __init__(self, made: _Made, given: tuple[Any, ...], outputs: int | None, port: int = 0) -> None:
        self.made = made
        self.given = given
        self.outputs = outputs
        self.port = port
        self.call = self
        """The first output of the same call."""
        self.number = made.known.number(made, given)
        """Equal to that of the calls that do the same with the same."""

    @property
    def shape(self) -> Any:
        """The shape, as far as it is known."""
        given = dict(self.made.given[1]).get("shape") if self.made.kind == "keras.Input" else None
        return (None, *given) if isinstance(given, tuple) else self.made.known.shape(self.made, self.number, self.port)

    def __getitem__(self, port: Any) -> _Tensor:
        if self.outputs == 1:
            return self._operated("get_item", self, port)
        found = _Tensor(self.made, self.given, 1, port)
        found.call = self.call
        return found

    def _operated(self, operation: str, *given: Any) -> _Tensor:
        return _Tensor(_Made(f"keras.ops.{operation}", (given, ()), self.made.known), (), 1)

    def __neg__(self) -> _Tensor:
        return self._operated("negative", self)

    def __invert__(self) -> _Tensor:
        return self._operated("logical_not", self)

    def __iter__(self) -> Iterator[_Tensor]:
        if self.outputs is None:
            raise Unwritable("a layer, as often as it has other numbers of outputs")
        return iter([self[port] for port in range(self.outputs)])


class _Made:
    """An object of Keras: a layer, a model, an optimizer."""

    def __init__(self, kind: str, given: tuple[Any, ...], known: _Known) -> None:
        self.kind = kind
        self.given = given
        self.trainable = True
        self.layers: list[_Made] = []
        self.operations = [self]
        self.compiled: tuple[Any, ...] = ()
        self.name = dict(given[1]).get("name")
        self.known = known

    def __call__(self, *arguments: Any, **keywords: Any) -> _Tensor:
        return _Tensor(self, (arguments, tuple(keywords.items())), self.known.outputs.get(str(self.name), 1))

    def is_shared(self, owned: set[int]) -> bool:
        """Whether it is an argument of another already and may not be: initializers draw the same numbers again.

        ``owned`` are those that are, and gets it.
        """
        is_again = id(self) in owned
        owned.add(id(self))
        signature = keras_signatures.find(self.kind.removeprefix("keras."))
        is_of_one = self.kind.startswith("keras.layers.") or (signature is not None and "seed" in signature.arguments)
        return is_again and is_of_one

    def get_config(self) -> _Made:
        """What `from_config` makes the same object of."""
        return self

    def from_config(self, config: _Made) -> _Made:
        """The same object."""
        return _Made(self.kind, self.given, self.known)

    def add(self, layer: Any) -> None:
        """Add a layer to a Sequential."""
        self.given[0][0].append(layer)

    @property
    def output_shape(self) -> Any:
        """The shape of what the last layer of a Sequential gives."""
        last = self.given[0][0][-1]
        return last.shape if isinstance(last, _Tensor) else self.known.shape(last)

    def compile(self, **keywords: Any) -> None:
        self.compiled = tuple(keywords.items())


class _Module(ModuleType):
    """Keras, or a module of it or of a plugin."""

    def __init__(self, name: str, known: _Known) -> None:
        super().__init__(name)
        self._known = known

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Module(f"{self.__name__}.{name}", self._known)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        kind = self.__name__
        if kind == "keras.tree.flatten":
            return arguments[0]
        if arguments and _takes_one_tensor(kind):
            arguments = (_number_of(arguments[0]), *arguments[1:])
        made = _Made(kind, (arguments, tuple(keywords.items())), self._known)
        if kind == "keras.Input":
            return _Tensor(made, (), 1)
        if self._known.is_operation(kind):
            return _Tensor(made, (), self._known.outputs.get(kind, 1))
        return made


@cache
def _takes_one_tensor(function: str) -> bool:
    """Whether an operation has no other tensor: Keras then makes one of a number, as ``keras.ops.array`` does."""
    found = layers.find(function.removeprefix("keras.")) if function.startswith("keras.ops.") else None
    return found is not None and issubclass(found, Operation) and len(found.tensors) == 1 and not found.tensors[0].many


def _number_of(given: Any) -> Any:
    """The number that a tensor was made of; else what is given."""
    is_array = isinstance(given, _Tensor) and given.made.kind == "keras.ops.array" and not given.made.given[1]
    number = given.made.given[0][0] if is_array else None
    return number if isinstance(number, int | float) else given


def _method(operation: str, is_reflected: bool) -> Callable[[_Tensor, Any], _Tensor]:
    def method(left: _Tensor, right: Any) -> _Tensor:
        return left._operated(operation, *((right, left) if is_reflected else (left, right)))

    return method


for _sign in (*BINARY.values(), *COMPARE.values()):
    if _sign.sign in _METHODS:
        setattr(_Tensor, f"__{_METHODS[_sign.sign]}__", _method(_sign.operation, is_reflected=False))
        setattr(_Tensor, f"__r{_METHODS[_sign.sign]}__", _method(_sign.operation, is_reflected=True))


def _run(text: str, graph: TypedGraph, values: Mapping[str, Any] = NOTHING) -> _Made:
    """The model that a source makes."""
    known = _Known(graph)
    modules = {"collections": ModuleType("collections"), "sys": ModuleType("sys")}
    modules["collections"].Counter = Counter  # type: ignore[attr-defined]
    modules["sys"].getrecursionlimit = lambda: 0  # type: ignore[attr-defined]
    modules["sys"].setrecursionlimit = lambda limit: None  # type: ignore[attr-defined]

    def load(name: str, _globals: Any = None, _locals: Any = None, parts: Any = (), *_: object) -> Any:
        name = name if parts else name.partition(".")[0]  # ``import a.b`` gives a
        return modules[name] if name in modules else math if name == "math" else _Module(name, known)

    tree = ast.parse(text)
    if any(map(_is_private, ast.walk(tree))):
        raise NameError("a private name")
    scope: dict[str, Any] = {"__builtins__": {**_BUILTINS, "__import__": load}, "__name__": "rehearsal"}
    exec(compile(tree, "model.py", "exec"), scope)
    build: Callable[..., _Made] = scope["build_model"]
    return build(**values)


def _is_private(node: ast.AST) -> bool:
    """Whether a part of a source names what Python keeps for itself, through which code could leave its scope."""
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("_")
    return isinstance(node, ast.Name) and node.id.startswith("__") and node.id != "__name__"


class _Known:
    """What a graph, with the models nested in it, tells of the calls that a source makes."""

    def __init__(self, graph: TypedGraph) -> None:
        self.outputs = _outputs(graph)
        nodes = [node for each in [graph, *inner_graphs(graph)] for node in each.nodes.values()]
        self._of_plugins = {
            it.layer.function for it in nodes if isinstance(it.layer, Operation) and it.layer.imported_from
        }
        self._numbers: dict[Any, int] = {}
        self._shapes: dict[tuple[str | int, int], Any] = {}
        """The shapes of outputs, by the numbers of the calls or the names of the layers, as far as they are the same."""
        self._constants: dict[Any, int | float] = {}
        """Numbers that tensors are made of."""
        for each in [graph, *inner_graphs(graph)]:
            calls: dict[str, _Output] = {}
            for name in each.order:
                calls[name] = self._of_node(each, name, calls)

    def shape(self, made: _Made, number: int = -1, port: int = 0) -> Any:
        """The shape of an output of a call, if it is known."""
        of_layer = self._shapes.get((str(made.name), port), _Shape())
        return self._shapes.get((number, port), of_layer)

    def is_operation(self, kind: str) -> bool:
        """Whether a function is an operation: one of Keras's, or a plugin's that the graph has."""
        return kind.startswith("keras.ops.") or kind in self._of_plugins

    def number(self, made: _Made, given: tuple[Any, ...]) -> int:
        """The number of a call: of a layer by its name, of an operation by its arguments."""
        if self.is_operation(made.kind):
            _, keywords = _by_name(made)
            return self._number(made.kind, sorted(keywords.items()))
        return self._number(str(made.name), given)

    def _number(self, kind: str, given: Any) -> int:
        key = kind, _described(given) if self.is_operation(kind) else tuple(it.number for it in _tensors(given))
        return self._numbers.setdefault(key, len(self._numbers))

    def _of_node(self, graph: TypedGraph, name: str, calls: Mapping[str, _Output]) -> _Output:
        node = graph.nodes[name]
        inputs = {argument: _output(calls, given) for argument, given in node.inputs.items()}
        if isinstance(node.layer, Operation):
            found = self._of_operation(node.layer, inputs)
        else:
            found = _Output(self._number(node.shares or name, list(inputs.values())), 0)
        for port, tensor in enumerate(graph.tensors[name]):
            shape = tensor.symbolic.shape
            for key in (found.number, port), (node.shares or name, port):
                known = self._shapes.setdefault(key, shape)
                self._shapes[key] = known if isinstance(known, _Shape) or known == shape else _Shape()
        return found

    def _of_operation(self, operation: Operation, inputs: Mapping[str, Any]) -> _Output:
        positional, keywords = operation.call_arguments(inputs)
        given = [self._of_operation(it, {}) if isinstance(it, Operation) else it for it in positional]
        if given and _takes_one_tensor(operation.function):
            given[0] = self._constants.get(given[0], given[0])
        found = _Output(self.number(_Made(operation.function, (given, tuple(keywords.items())), self), ()), 0)
        if operation.function == "keras.ops.array" and isinstance(given[0], int | float):
            self._constants[found] = given[0]
        return found


class _Output(NamedTuple):
    """An output of a node, by the number of its call."""

    number: int
    port: int


def _output(calls: Mapping[str, _Output], given: Ref | tuple[Ref, ...]) -> Any:
    """What a call of a node is given for an argument."""
    if isinstance(given, Ref):
        return calls[given.node]._replace(port=given.port)
    return [_output(calls, ref) for ref in given]


def _described(value: Any) -> Any:
    """Equal for arguments that are the same."""
    if isinstance(value, _Tensor | _Output):
        return "tensor", value.number, value.port
    if isinstance(value, list | tuple):
        return tuple(map(_described, value))
    return repr(value)


def _outputs(graph: TypedGraph) -> dict[str, int | None]:
    """How many outputs the calls of each layer have, by its name, and those of operations; None where it differs."""
    found: dict[str, int | None] = {}
    for each in [graph, *inner_graphs(graph)]:
        for name, node in each.nodes.items():
            count = len(each.tensors[name])
            key = getattr(node.layer, "function", name)
            found[key] = count if found.get(key, count) == count else None
    return found


def _noted(model: _Made, owned: set[int]) -> Any:
    """All calls that lead to the outputs of a model, each after those that it reads, and all arguments.

    ``owned`` gets the objects that are arguments of another.
    """
    numbers: dict[int, int] = {}
    layers: dict[int, int] = {}
    steps: list[Any] = []

    def described(value: Any) -> Any:
        if isinstance(value, _Tensor):
            return ("tensor", numbers[id(value.call)], value.port)
        if isinstance(value, _Made) and value.kind in _MODELS:
            return _noted(value, owned)
        if isinstance(value, _Made):
            return (*of_object(value), value.is_shared(owned))
        if isinstance(value, _Shape):
            return _Any()
        if isinstance(value, list | tuple):
            return tuple(described(item) for item in value)
        if isinstance(value, dict):
            return tuple((key, described(item)) for key, item in value.items())
        return value.__name__ if isinstance(value, _Module) else value if not isinstance(value, slice) else repr(value)

    def of_object(made: _Made) -> Any:
        positional, keywords = _by_name(made)
        keywords = {key: it for key, it in keywords.items() if (key, it) not in (("trainable", True), ("dtype", None))}
        named = tuple((key, described(keywords[key])) for key in sorted(keywords))
        return made.kind, described(positional), named, made.trainable

    stack = list(reversed(_tensors(model.given)))
    held: list[Any] = []  # so that no number of an object is used again
    while stack:
        tensor = stack[-1].call
        own = () if tensor.made.kind in _MODELS else tensor.made.given
        waiting = [it for it in _tensors((tensor.given, own)) if id(it.call) not in numbers]
        if id(tensor) in numbers:
            stack.pop()
        elif waiting:
            stack.append(waiting[0])
        else:
            stack.pop()
            made = tensor.made
            is_new = id(made) not in layers
            number = layers.setdefault(id(made), len(layers))
            steps.append((number, described(made) if is_new else None, described(tensor.given)))
            numbers[id(tensor)] = len(numbers)
            held.append(tensor)
    return steps, of_object(model), described(model.compiled)


def _by_name(made: _Made) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of an object, those of an operation by their names."""
    positional, keywords = made.given[0], dict(made.given[1])
    signature = keras_signatures.find(made.kind.removeprefix("keras.")) if ".ops." in made.kind else None
    names = [name for name in signature.arguments if name not in keywords] if signature is not None else []
    return positional[len(names) :], keywords | dict(zip(names, positional, strict=False))


def _tensors(value: Any) -> list[Any]:
    """The tensors in some arguments."""
    if isinstance(value, _Tensor | _Output):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return []
    return [tensor for item in value for tensor in _tensors(item)]
