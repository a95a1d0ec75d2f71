"""Keras's objects that are not layers: initializers, regularizers, constraints, activations, losses, metrics,
optimizers, learning rate schedules.

One module a kind, named as Keras's own; its classes are in ``CLASSES``, what no spec can use in
``REFUSED``. A function ``named``, where there is one, finds a class without making the others.
In a spec an object is its name in any spelling that Keras knows (``he_normal``, ``HeNormal``), or a map with ``type``
and arguments.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from specc import words
from specc.arguments import UNKNOWN_CODES, Arguments, kinds, plugged
from specc.arguments.kinds import KINDS, Kind
from specc.budget import current
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem, ProblemsError
from specc.diagnostics.suggest import certain, did_you_mean, fold, nearest
from specc.diagnostics.text_safety import quote_value
from specc.objects.base import LARGEST_FLOAT32, KerasObject
from specc.source import Path

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
"""Each kind of object, and the module that contains its classes."""


WORDS = {"schedule": "learning rate schedule"}
"""Kinds that have another name in messages."""
ACTIVATION_LAYERS = ("ReLU", "LeakyReLU", "ELU", "Softmax")
"""The layers that Keras also takes as an activation, with arguments."""


def _module(kind: str) -> ModuleType:
    return import_module(f"specc.objects.{MODULES[kind]}")


def spellings(kind: str) -> dict[str, type[KerasObject]]:
    """Every name that Keras knows for the objects of a kind, and those of plugins; main names first."""
    return _spellings(kind, tuple(plugged.CLASSES[kind].values()))


@cache
def _spellings(kind: str, of_plugins: tuple[Any, ...]) -> dict[str, type[KerasObject]]:
    classes: tuple[type[KerasObject], ...] = (*_module(kind).CLASSES, *of_plugins)
    names = {cls.keras_name(): cls for cls in classes}
    for cls in classes:
        for name in cls.spellings:
            names.setdefault(name, cls)
    return names


@cache
def _any_case(kind: str, of_plugins: tuple[Any, ...]) -> dict[str, type[KerasObject]]:
    return {name.lower(): cls for name, cls in _spellings(kind, of_plugins).items() if cls.any_case}


def main_names(kind: str) -> list[str]:
    """The names of a kind's objects, one each, as Keras's documentation has them."""
    return list(dict.fromkeys(cls.keras_name() for cls in spellings(kind).values()))


def find(kind: str, name: str) -> type[KerasObject] | None:
    """The class of a name in any of Keras's spellings.

    >>> find("initializer", "he_normal").__name__, find("optimizer", "ADAMW").__name__
    ('HeNormal', 'AdamW')
    """
    named = getattr(_module(kind), "named", None)
    if named is not None and (found := named(name)) is not None:
        return cast("type[KerasObject]", found)
    of_plugins = tuple(plugged.CLASSES[kind].values())
    return _spellings(kind, of_plugins).get(name) or _any_case(kind, of_plugins).get(name.lower())


def resolve(kind: str, value: Any) -> Arguments | None:
    """The object that a checked argument means: an instance is itself, a name is its class with defaults."""
    if isinstance(value, str):
        cls = find(kind, value)
        return cls() if cls is not None else None
    return value if isinstance(value, Arguments) else None


def parse(kind: str, value: Any) -> Any:
    """Check an argument that is an object of that kind.

    A name that Keras accepts is kept as written; a map becomes an instance; an instance stays; a learning rate may be
    a number. ProblemsError has what is wrong, with paths relative to ``value``.
    """
    if isinstance(value, Arguments):
        return value
    if isinstance(value, dict):
        return _parse_map(kind, value)
    if kind == "schedule" and isinstance(value, int | float) and not isinstance(value, bool):
        return _learning_rate(value)
    if not isinstance(value, str):
        raise ProblemsError([Problem("argument-value", f"must be {_expected(kind)}, not {quote_value(value)}")])
    cls = find(kind, value)
    if cls is None:
        raise ProblemsError([unknown(kind, value)])
    instance = _instance(cls, {})
    return value if cls.by_name else instance


def refused(kind: str) -> dict[str, str]:
    """The names of a kind that Keras has and no spec can use, each with the reason and what to do instead."""
    names: dict[str, str] = _module(kind).REFUSED
    return names


def article(kind: str) -> str:
    """
    >>> article("initializer"), article("loss"), article("schedule")
    ('an initializer', 'a loss', 'a learning rate schedule')
    """
    return words.with_article(WORDS.get(kind, kind))


COST_OF_A_HINT = 100
"""The cost of finding the name that an unknown one was meant to be, in comparisons of names."""


def unknown(kind: str, name: str, path: Path = ()) -> Problem:
    """The problem of a name that no object of that kind has."""
    word = WORDS.get(kind, kind)
    refused: dict[str, str] = _module(kind).REFUSED
    if name in refused:
        said = (
            f"{quote_value(name)} cannot be used in a spec"
            if path
            else f"cannot be {quote_value(name)}, which no spec can use"
        )
        return Problem("refused-object", said, path, refused[name])
    budget = current()
    help, fix = _meant(kind, name) if budget.comparisons > 0 else (None, None)
    budget.comparisons -= COST_OF_A_HINT
    if help is None:
        names = main_names(kind)
        help = f"{words.plural(word)}: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
    said = f"unknown {word} {quote_value(name)}"
    if kind == "schedule" and not path:
        said = f"must be a number or a {word}, not {quote_value(name)}"
    return Problem(UNKNOWN_CODES[kind], said, path, help, fix=fix if fix is None or not path else _name_only(fix))


def _name_only(fix: Fix) -> Fix | None:
    """The fix for a name that is the ``type`` of a map, if a map is not allowed."""
    return fix if isinstance(fix.value, str) else None


def _meant(kind: str, name: str) -> tuple[str | None, Fix | None]:
    """What to do about a name that no object of that kind has."""
    from specc.arguments import python_syntax, vocabulary  # only errors need these modules

    if "lambda" in name.split():
        return "a spec contains no code; write operations as items (type: ops.NAME), or a layer class in a plugin", None
    number = _as_number(name) if kind == "schedule" else None
    if number:
        return f"write {number} without quotes", None
    function, _, arguments = name.partition("(")
    if kind == "activation" and arguments not in ("", ")") and (layer := _layer_of(function)) is not None:
        made = python_syntax.as_item(f"{layer}({arguments}")
        if made is not None and "..." not in made:
            return f"write the layer: {flow(made)}", Fix(made)
    if (made := python_syntax.as_object(kind, name)) is not None:
        right = made if len(made) > 1 else made["type"]
        text = flow(right)
        return f"write {text}", Fix(right) if "..." not in text else None
    last = name.rpartition(".")[2].strip()
    if last != name and (find(kind, last) is not None or last in ACTIVATION_LAYERS):  # a path in Python: tf.nn.relu
        return f"write {last}", Fix(last)
    known = spellings(kind)
    if (equal := _equal(kind, last)) is not None:
        return f"did you mean '{equal}'?", Fix(equal)
    if (word := vocabulary.first(kind, last)) is not None:
        return word.help(last), Fix(word.write) if word.is_exact() else None
    other = next((one for one in MODULES if one != kind and find(one, name) is not None), None)
    if other is not None:
        return f"{quote_value(name)} is {article(other)}", None
    sure = certain(name, known)
    return did_you_mean(name, known), Fix(sure) if sure is not None else None


def _equal(kind: str, name: str) -> str | None:
    """The name of that kind that differs in letter case, ``_`` and ``-`` only."""
    folded = fold(name)
    return nearest(name, [one for one in spellings(kind) if fold(one) == folded])


def _name_meant(kind: str, name: str) -> str | None:
    """The name that is meant by one in any spelling, or by another library's: ``l1_l2``, ``keras.losses.MSE``."""
    from specc.arguments import vocabulary  # only errors need these modules

    last = name.rpartition(".")[2]
    if find(kind, last) is not None:
        return last
    word = vocabulary.first(kind, last)
    return _equal(kind, last) or (word.write if word is not None and word.is_exact() else None)


def _expected(kind: str) -> str:
    number = "a number or " if kind == "schedule" else ""
    return f"{number}{article(kind)}: {'' if kind == 'schedule' else 'a name, or '}a map with 'type'"


def _as_number(text: str) -> str | None:
    try:
        return text.strip() if math.isfinite(float(text)) and len(text) < 30 else None
    except ValueError:
        return None


def _learning_rate(value: int | float) -> float:
    if not -LARGEST_FLOAT32 <= value <= LARGEST_FLOAT32:  # also true of NaN
        raise ProblemsError(
            [Problem("argument-value", f"must be a number that float32 can represent, not {quote_value(value)}")]
        )
    return float(value)  # Keras refuses an int


def _parse_map(kind: str, value: dict[str, Any]) -> Any:
    if "type" not in value:
        best = nearest("type", [key for key in value if isinstance(key, str)])
        hint = f"write 'type' instead of {quote_value(best)}" if best else f"add 'type', {_having(kind, value)}"
        problem = Problem("missing-key", f"has no 'type' that says which {WORDS.get(kind, kind)}", (), hint)
        raise ProblemsError([_with_type(problem, kind, value)])
    name = value["type"]
    if not isinstance(name, str):
        message = f"type must be the name of {article(kind)}, not {quote_value(name)}"
        raise ProblemsError([Problem("argument-value", message, ("type",))])
    given = {key: item for key, item in value.items() if key != "type"}
    cls: type[Arguments] | None = find(kind, name)
    if cls is None and kind == "activation" and name in ACTIVATION_LAYERS:
        layer = kinds.find("layer", name)
        cls = layer if layer is not None and issubclass(layer, Arguments) else None
    if cls is None:
        raise ProblemsError([unknown(kind, name, ("type",))])
    instance = _instance(cls, given)
    stays_a_name = isinstance(instance, KerasObject) and not instance.has_class and instance.by_name
    return name if stays_a_name else instance


def _having(kind: str, given: dict[str, Any]) -> str:
    """The names of a kind that have all the given arguments; else what to name, in words."""
    names = [
        name for name in main_names(kind) if (cls := find(kind, name)) and given.keys() <= cls.argument_fields().keys()
    ]
    return " or ".join(names) if given and 0 < len(names) < 4 else f"the name of {article(kind)}"


def _layer_of(function: str) -> str | None:
    """The layer that is an activation function with arguments."""
    from specc.objects.activations import LAYERS

    return LAYERS.get(function)


def _with_type(problem: Problem, kind: str, value: dict[str, Any]) -> Problem:
    """The problem of a map without ``type``, with the map that was meant if a key or 'name' shows the type."""
    from specc.arguments.names import today
    from specc.arguments.untyped import typed

    name = value.get("name")
    if isinstance(name, str) and find(kind, name) is not None:
        made: dict[str, Any] | None = {"type": name, **{key: item for key, item in value.items() if key != "name"}}
    else:
        made = typed(value, lambda known: find(kind, known))
    function = next(iter(value), "")
    if made is None and kind == "activation" and len(value) == 1 and (layer := _layer_of(function)) is not None:
        made = typed({layer: value[function]}, lambda known: kinds.find("layer", known))
        return problem if made is None else problem.with_help(f"write the layer: {flow(made)}", Fix(made))
    cls = None if made is None else find(kind, made["type"])
    if made is not None and cls is not None:
        made = {"type": made["type"], **{today(cls, key): item for key, item in made.items() if key != "type"}}
    return problem if made is None else problem.with_help(f"write {flow(made)}", Fix(made))


def _instance(cls: type[Arguments], given: dict[str, Any]) -> Arguments:
    parsed, problems = cls.parse(given)
    if parsed is None:
        name = cls.keras_name()
        raise ProblemsError(
            [p.with_subject(name) if p.path else replace(p, message=f"({name}) {p.message}") for p in problems]
        )
    return parsed


KINDS.update(
    {
        kind: Kind(partial(find, kind), partial(parse, kind), partial(_name_meant, kind), partial(refused, kind))
        for kind in MODULES
    }
)
