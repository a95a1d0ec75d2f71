"""Keras's objects that are not layers: initializers, regularizers, constraints, activations, losses, metrics,
optimizers, learning rate schedules.

One module a kind, named as Keras's own; each lists its classes in ``CLASSES``. In a spec an object is its name in any
spelling that Keras knows (``he_normal``, ``HeNormal``), or a map with ``type`` and arguments.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from specc.arguments import Arguments
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.suggest import did_you_mean, nearest
from specc.diagnostics.text_safety import show
from specc.objects.base import KerasObject

MODULES = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "activation": "activations",
    "loss": "losses",
    "metric": "metrics",
    "optimizer": "optimizers",
    "schedule": "schedules",
}
"""Each kind of object, and the module here that holds its classes."""


@cache
def spellings(kind: str) -> dict[str, type[KerasObject]]:
    """Every name that Keras knows for the objects of a kind, main names first."""
    classes: tuple[type[KerasObject], ...] = import_module(f"specc.objects.{MODULES[kind]}").CLASSES
    names = {cls.keras_name(): cls for cls in classes}
    for cls in classes:
        for name in cls.spellings:
            names.setdefault(name, cls)
    return names


def main_names(kind: str) -> list[str]:
    """The names of a kind's objects, one each, as Keras's documentation has them."""
    return list(dict.fromkeys(cls.keras_name() for cls in spellings(kind).values()))


def find(kind: str, name: str) -> type[KerasObject] | None:
    """The class of a name in any of Keras's spellings."""
    return spellings(kind).get(name)


def resolve(kind: str, value: Any) -> Arguments | None:
    """The object that a checked argument stands for: an instance is itself, a name is its class with defaults."""
    if isinstance(value, str):
        cls = find(kind, value)
        return cls() if cls is not None else None
    return value if isinstance(value, Arguments) else None


def parse(kind: str, value: Any) -> Any:
    """Check an argument that is an object of that kind.

    A name is kept as it was written; a map becomes an instance; an instance stays. ProblemsError says
    what is wrong, with paths that count from ``value``.
    """
    if isinstance(value, Arguments):
        return value
    if isinstance(value, str):
        problems = _class_problems(kind, value, ()) or find(kind, value).parse({})[1]  # type: ignore[union-attr]
        if problems:
            raise ProblemsError(problems)
        return value
    if isinstance(value, dict):
        return _parse_map(kind, value)
    raise ProblemsError([Problem("argument-value", f"must be {article(kind)}: a name, or a map with 'type', not {show(value)}")])


def article(kind: str) -> str:
    """
    >>> article("initializer"), article("loss")
    ('an initializer', 'a loss')
    """
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _parse_map(kind: str, value: dict[str, Any]) -> Arguments:
    if "type" not in value:
        best = nearest("type", [key for key in value if isinstance(key, str)])
        hint = f"write 'type' instead of {show(best)}" if best else f"add 'type', the name of {article(kind)}"
        raise ProblemsError([Problem("missing-key", f"has no 'type' that says which {kind}", (), hint)])
    name = value["type"]
    if not isinstance(name, str):
        raise ProblemsError([Problem("argument-value", f"needs the name of {article(kind)}, not {show(name)}", ("type",))])
    given = {key: item for key, item in value.items() if key != "type"}
    cls: type[Arguments] | None = find(kind, name)
    if cls is None and kind == "activation":
        cls = _activation_layer(name)
    if cls is None:
        raise ProblemsError(_class_problems(kind, name, ("type",)))
    parsed, problems = cls.parse(given)
    if parsed is None:
        who = cls.__name__
        raise ProblemsError(
            [Problem(p.code, f"{who}: {p.message}", p.path, p.help, p.part) for p in problems]
        )
    return parsed


def _activation_layer(name: str) -> type[Arguments] | None:
    """The activation layers that Keras also takes as an activation with arguments."""
    from specc import layers

    return layers.find(name) if name in ("ReLU", "LeakyReLU", "ELU", "Softmax") else None


def _class_problems(kind: str, name: str, path: tuple[str | int, ...]) -> list[Problem]:
    if find(kind, name) is not None:
        return []
    hint = did_you_mean(name, spellings(kind))
    if hint is None:
        names = main_names(kind)
        hint = f"{kind}s: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
    return [Problem(f"unknown-{kind}", f"{show(name)} is no {kind} of Keras", path, hint)]
