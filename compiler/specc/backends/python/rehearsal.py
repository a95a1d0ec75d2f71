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
from types import MappingProxyType, ModuleType
from typing import Any

from specc import keras_signatures
from specc.backends.python.expressions import PYTHON_FUNCTIONS, Unwritable
from specc.backends.python.facts import inner_graphs
from specc.formulas.operators import BINARY, COMPARE
from specc.ir import TypedGraph

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
_Shapes = Mapping[str, Mapping[int, tuple[int | None, ...]]]
NOTHING: Mapping[str, Any] = MappingProxyType({})
_MODELS = ("keras.Model", "keras.Sequential")


def makes_the_same(text: str, other: str, graph: TypedGraph, values: Mapping[str, Any] = NOTHING) -> bool:
    """Whether two sources make the same model, names of layers and all but for the names of operations.

    The first has parameters, which can be given other values than their defaults. Unwritable if it cannot be told.
    """
    expected = _noted(_run(other, graph))
    try:
        return bool(_noted(_run(text, graph, values)) == expected)
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
        given_shape = dict(made.given[1]).get("shape") if made.kind == "keras.Input" else None
        known = made.shapes.get(str(made.name), {}).get(port, _Shape())
        self.shape = (None, *given_shape) if isinstance(given_shape, tuple) else known

    def __getitem__(self, port: Any) -> _Tensor:
        if self.outputs == 1:
            return self._operated("get_item", self, port)
        found = _Tensor(self.made, self.given, 1, port)
        found.call = self.call
        return found

    def _operated(self, operation: str, *given: Any) -> _Tensor:
        return _Tensor(_Made(f"keras.ops.{operation}", (given, ()), {}), (), 1)

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

    def __init__(
        self, kind: str, given: tuple[Any, ...], outputs: Mapping[str, int | None], shapes: _Shapes = NOTHING
    ) -> None:
        self.kind = kind
        self.given = given
        self.trainable = True
        self.layers: list[_Made] = []
        self.operations = [self]
        self.compiled: tuple[Any, ...] = ()
        self.name = dict(given[1]).get("name")
        self.shapes = shapes
        self._outputs = outputs

    def __call__(self, *arguments: Any, **keywords: Any) -> _Tensor:
        return _Tensor(self, (arguments, tuple(keywords.items())), self._outputs.get(str(self.name), 1))

    def add(self, layer: Any) -> None:
        """Add a layer to a Sequential."""
        self.given[0][0].append(layer)

    @property
    def output_shape(self) -> Any:
        """The shape of what the last layer of a Sequential gives."""
        last = self.given[0][0][-1]
        return last.shape if isinstance(last, _Tensor) else self.shapes.get(str(last.name), {}).get(0, _Shape())

    def compile(self, **keywords: Any) -> None:
        self.compiled = tuple(keywords.items())


class _Module(ModuleType):
    """Keras, or a module of it or of a plugin."""

    def __init__(self, name: str, outputs: Mapping[str, int | None], shapes: _Shapes) -> None:
        super().__init__(name)
        self._known = outputs
        self._shapes = shapes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Module(f"{self.__name__}.{name}", self._known, self._shapes)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        kind = self.__name__
        if kind == "keras.tree.flatten":
            return arguments[0]
        made = _Made(kind, (arguments, tuple(keywords.items())), self._known, self._shapes)
        if kind == "keras.Input":
            return _Tensor(made, (), 1)
        if kind.startswith("keras.ops."):
            return _Tensor(made, (), self._known.get(kind, 1))
        return made


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
    outputs, shapes = _outputs(graph), _shapes(graph)
    modules = {"collections": ModuleType("collections"), "sys": ModuleType("sys")}
    modules["collections"].Counter = Counter  # type: ignore[attr-defined]
    modules["sys"].getrecursionlimit = lambda: 0  # type: ignore[attr-defined]
    modules["sys"].setrecursionlimit = lambda limit: None  # type: ignore[attr-defined]

    def load(name: str, *_: object) -> Any:
        return modules[name] if name in modules else math if name == "math" else _Module(name, outputs, shapes)

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


def _shapes(graph: TypedGraph) -> _Shapes:
    """The shapes of the outputs of each layer, by its name and the output's number, where they are the same in all models."""
    found: dict[str, dict[int, tuple[int | None, ...]]] = {}
    for each in [graph, *inner_graphs(graph)]:
        for name, tensors in each.tensors.items():
            shapes = {port: tensor.symbolic.shape for port, tensor in enumerate(tensors)}
            found[name] = shapes if found.get(name, shapes) == shapes else {}
    return found


def _outputs(graph: TypedGraph) -> dict[str, int | None]:
    """How many outputs the calls of each layer have, by its name, and those of operations; None where it differs."""
    found: dict[str, int | None] = {}
    for each in [graph, *inner_graphs(graph)]:
        for name, node in each.nodes.items():
            count = len(each.tensors[name])
            key = getattr(node.layer, "function", name)
            found[key] = count if found.get(key, count) == count else None
    return found


def _noted(model: _Made) -> Any:
    """All calls that lead to the outputs of a model, each after those that it reads, and all arguments."""
    numbers: dict[int, int] = {}
    layers: dict[int, int] = {}
    steps: list[Any] = []

    def described(value: Any) -> Any:
        if isinstance(value, _Tensor):
            return ("tensor", numbers[id(value.call)], value.port)
        if isinstance(value, _Made):
            return _noted(value) if value.kind in _MODELS else of_object(value)
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
        return (
            made.kind,
            described(positional),
            tuple((key, described(keywords[key])) for key in sorted(keywords)),
            made.trainable,
        )

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


def _tensors(value: Any) -> list[_Tensor]:
    """The tensors in some arguments."""
    if isinstance(value, _Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return []
    return [tensor for item in value for tensor in _tensors(item)]
