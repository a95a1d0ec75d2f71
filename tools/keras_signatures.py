"""Records the signatures of the installed Keras, or compares them with those that specc knows.

    python tools/keras_signatures.py            write them to compiler/specc/keras-VERSION.txt
    python tools/keras_signatures.py --check    list what differs; exit code 1 if anything does

A signature a line, as `specc.keras_signatures` reads them: of constructors, of ``call`` and ``build`` of layers, of functions.
Then what each function of ``keras.ops`` becomes when it is called on a symbolic tensor. What a constructor takes through ``**kwargs`` (most often what
every layer takes) stands behind ``*``, where a reader of Keras's own signature would not see it.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import keras
from keras.src.ops.operation import Operation

from specc import keras_signatures
from specc.keras_signatures import REQUIRED, Signature

VERSION = ".".join(keras.__version__.split(".")[:2])

CLASSES: dict[str, type] = {
    "layers": keras.layers.Layer,
    "initializers": keras.initializers.Initializer,
    "regularizers": keras.regularizers.Regularizer,
    "constraints": keras.constraints.Constraint,
    "losses": keras.losses.Loss,
    "metrics": keras.metrics.Metric,
    "optimizers": keras.optimizers.Optimizer,
    "optimizers.schedules": keras.optimizers.schedules.LearningRateSchedule,
}
"""Keras's public modules whose classes are recorded, and the base of those classes."""
FUNCTIONS = ("activations", "ops", "ops.image")
"""Keras's public modules whose functions are recorded."""
SINGLE = {"layers.Input": keras.Input, "Model.compile": keras.Model.compile}

_NOT_RECORDED = {"activations.deserialize", "activations.get", "activations.serialize"}
_OF_KERAS_2 = {"decay", "input_dim", "input_shape"}
"""Arguments that constructors still take for old programs' sake."""
_POPPED = re.compile(r'kwargs\.pop\(\s*"(\w+)",\s*([^()]+?)\s*\)')
"""An argument that a constructor takes without naming it in its signature, and the default."""


def recorded() -> dict[str, Signature]:
    """Every signature of the installed Keras, by its public name without ``keras.``."""
    found = {name: Signature(dict(_parameters(function))) for name, function in SINGLE.items()}
    for module, base in CLASSES.items():
        for name, cls in _main_names(module, base).items():
            found[f"{module}.{name}"] = constructor(cls)
            if module == "layers":
                found[f"{module}.{name}.call"] = Signature(dict(_parameters(cls.call)))
                if not _is_built_at_once(cls):
                    found[f"{module}.{name}.build"] = Signature(dict(_parameters(cls.build)))
    for module in FUNCTIONS:
        for name, function in _public(module).items():
            full = f"{module}.{name}"
            if inspect.isfunction(function) and full not in _NOT_RECORDED and not _is_shorter(module, name, function):
                found[full] = Signature(dict(_parameters(function)))
    return dict(sorted(found.items()))


def _is_built_at_once(cls: type) -> bool:
    """Whether the constructor of a layer builds it, so that no call does."""
    own = (vars(base).get("__init__") for base in cls.__mro__)
    texts = [inspect.getsource(inspect.unwrap(it)) for it in own if inspect.isfunction(it)]
    return any("_build_at_init()" in it or re.search(r"^        self\.built = True$", it, re.MULTILINE) for it in texts)


def _public(module: str) -> dict[str, Any]:
    found = reduce(getattr, module.split("."), keras)
    return {name: getattr(found, name) for name in dir(found) if not name.startswith("_")}


def _main_names(module: str, base: type) -> dict[str, type]:
    """The classes of a module, each once: by its own name, where that is public, and not by those that it also has."""
    names: dict[type, list[str]] = {}
    for name, found in _public(module).items():
        if inspect.isclass(found) and issubclass(found, base):
            names.setdefault(found, []).append(name)
    return {cls.__name__ if cls.__name__ in known else known[0]: cls for cls, known in names.items()}


def _is_shorter(module: str, name: str, function: Any) -> bool:
    """Whether ``keras.ops`` has the function too, so that it goes by its shorter name."""
    return module.startswith("ops.") and getattr(keras.ops, name, None) is function


def constructor(cls: type) -> Signature:
    """What a class takes: its own arguments, and behind them those that go on to a base class in ``**kwargs``."""
    arguments: dict[str, Any] = {}
    named: int | None = None  # known at the class itself
    taken: set[str] = set()
    """What a constructor has named itself, or fills when it calls that of its base class."""
    filled = 0
    own = [found for base in cls.__mro__ if inspect.isfunction(found := vars(base).get("__init__"))]
    for function in map(inspect.unwrap, own):
        source = textwrap.dedent(inspect.getsource(function))
        parameters = {name: default for name, default in _parameters(function) if not name.startswith("*")}
        popped = {name: _literal(default) for name, default in _POPPED.findall(source) if name not in _OF_KERAS_2}
        taken |= set(list(parameters)[:filled])
        arguments |= {name: it for name, it in (parameters | popped).items() if name not in taken | arguments.keys()}
        named = len(parameters) if named is None else named
        taken |= parameters.keys()
        passed = _passed_on(source)
        if passed is None:
            break
        filled = passed[0]
        taken |= passed[1]
    return Signature(arguments, named)


def _passed_on(source: str) -> tuple[int, set[str]] | None:
    """What a constructor gives that of its base class: how many by position, which by name; None without ``**kwargs``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            names = {keyword.arg for keyword in node.keywords}
            if None in names:
                return len(node.args), {name for name in names if name is not None}
    return None


def _parameters(function: Any) -> Iterator[tuple[str, Any]]:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        name = f"*{parameter.name}" if parameter.kind is parameter.VAR_POSITIONAL else parameter.name
        yield name, REQUIRED if parameter.default is parameter.empty else parameter.default


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except ValueError:
        return text


def operations() -> dict[str, str]:
    """For each function that makes an operation: the class with its arguments, and the call of it.

    ``{"ops.softmax": "nn.Softmax(axis=axis)(x)"}``, the module in ``keras.src.ops``, where the function has its arguments.
    """
    found = {}
    for module in ("ops", "ops.image"):
        for name, function in _public(module).items():
            if inspect.isfunction(function) and not _is_shorter(module, name, function):
                made = _operation(inspect.unwrap(function))
                if made is not None:
                    found[f"{module}.{name}"] = made
    return dict(sorted(found.items()))


def _operation(function: Any, follow: bool = True) -> str | None:
    """What a function returns for a symbolic tensor, if that is the call of one operation."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    for node in ast.walk(tree):
        if not isinstance(node, ast.Return) or not isinstance(call := node.value, ast.Call):
            continue
        made = call.func
        if isinstance(made, ast.Attribute) and made.attr == "symbolic_call":
            made = made.value
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name):
            cls = function.__globals__.get(made.func.id)
            if inspect.isclass(cls) and issubclass(cls, Operation):
                module = cls.__module__.removeprefix("keras.src.ops.")
                made = _Standardized(tree).visit(made)
                return f"{module}.{cls.__name__}({_bound(cls, made)})({', '.join(map(ast.unparse, [*call.args, *call.keywords]))})"
        if follow and isinstance(call.func, ast.Name):  # another name of the same function
            other = function.__globals__.get(call.func.id)
            same = [ast.unparse(it) for it in call.args] == list(inspect.signature(function).parameters)
            if same and inspect.isfunction(other) and (found := _operation(other, follow=False)) is not None:
                return found
    return None


class _Standardized(ast.NodeTransformer):
    """Puts what a function first makes of an argument in the argument's place: ``padding.lower()``."""

    def __init__(self, function: Any) -> None:
        self._assigned = {}
        for node in function.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = ast.unparse(node.value).replace("backend.", "")
                value = re.sub(r"None if (\w+) is None else \w+\(\1\)", r"\1", value)
                value = re.sub(r"kwargs\.pop\('\w+', (\w+)\)", r"\1", value)
                if value != ast.unparse(node.value) or value.startswith("standardize_") or value.endswith(".lower()"):
                    self._assigned[node.targets[0].id] = ast.parse(value, mode="eval").body

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._assigned.get(node.id, node)


def _bound(cls: type, made: ast.Call) -> str:
    """The arguments of an operation's constructor by name, with those that the function leaves at their default."""
    named = {keyword.arg or "**": ast.unparse(keyword.value) for keyword in made.keywords}
    bound = inspect.signature(cls.__init__).bind(None, *map(ast.unparse, made.args), **named)  # type: ignore[misc]
    given = set(bound.arguments)
    bound.apply_defaults()
    arguments = {name: value for name, value in bound.arguments.items() if name not in ("self", "name", "kwargs")}
    return ", ".join(f"{name}={value if name in given else repr(value)}" for name, value in arguments.items())


def main(arguments: list[str]) -> int:
    """Write the file, or say what differs from it."""
    now = recorded()
    if arguments == ["--check"]:
        differences = keras_signatures.differences(keras_signatures.every(VERSION), now)
        print(*differences, sep="\n", end="\n" if differences else "")
        return 1 if differences else 0
    if arguments:
        print(__doc__)
        return 2
    head = f"# The signatures of Keras {VERSION}, made by tools/keras_signatures.py; do not edit.\n"
    path = Path(keras_signatures.__file__).with_name(f"keras-{VERSION}.txt")
    signatures = "".join(f"{name}{signature}\n" for name, signature in now.items())
    made = "".join(f"{name}: {text}\n" for name, text in operations().items())
    path.write_text(head + signatures + made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
