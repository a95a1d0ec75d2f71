"""Records the signatures of the installed Keras, or compares them with those that specc knows.

    python tools/keras_signatures.py            write them to compiler/specc/keras-VERSION.txt
    python tools/keras_signatures.py --check    list what differs; exit code 1 if anything does

A signature a line, as `specc.keras_signatures` reads them. What a constructor takes through ``**kwargs`` (most often what
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
    for module in FUNCTIONS:
        for name, function in _public(module).items():
            full = f"{module}.{name}"
            if inspect.isfunction(function) and full not in _NOT_RECORDED and not _is_shorter(module, name, function):
                found[full] = Signature(dict(_parameters(function)))
    return dict(sorted(found.items()))


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
    path.write_text(head + "".join(f"{name}{signature}\n" for name, signature in now.items()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
