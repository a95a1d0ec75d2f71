"""What an unknown argument, or an unknown key of the spec, was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from specc.budget import current
from specc.diagnostics import vocabulary
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import certain, fold, nearest
from specc.diagnostics.text_safety import show
from specc.diagnostics.vocabulary import Word

if TYPE_CHECKING:
    from specc.arguments import Arguments


COST_OF_A_HINT = 20
"""What finding out what a name was meant to be costs, in comparisons of names; in a spec with very many it is not done."""


def unknown_argument(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> Problem:
    """The problem of an argument that the class does not have, with what was meant or where it belongs."""
    if name in cls.refused:
        return Problem("refused-argument", f"'{name}' cannot be given in a spec", (name,), cls.refused[name], "key")
    budget = current()
    help, fix = _help(cls, name, given) if budget.comparisons > 0 else (None, None)
    budget.comparisons -= COST_OF_A_HINT
    return Problem(f"unknown-{cls.noun}", f"has no {cls.noun} {show(name)}", (name,), help, "key", fix)


def meant(cls: type[Arguments], name: str) -> str | None:
    """The argument that a name stands for that is none: an older name, or one with a slip."""
    budget = current()
    budget.comparisons -= COST_OF_A_HINT
    if budget.comparisons < 0:
        return None
    names = list(cls.argument_fields())
    if (equal := _equal(name, names)) is not None:
        return equal
    if (word := _word(cls, name)) is not None:
        return word.write or None
    return nearest(name, names)


def _help(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> tuple[str, Fix | None]:
    names = list(cls.argument_fields())
    equal = _equal(name, names)
    if equal is not None:
        return f"did you mean '{equal}'?", _fix(equal, given)
    if (place := cls.elsewhere(name) or _place(cls, name, given)) is not None:
        return place, None
    if (word := _word(cls, name)) is not None:
        return word.help(name, given.get(name)), _fix(word.write, given) if word.is_exact() else None
    if (best := nearest(name, names)) is not None:
        return f"did you mean '{best}'?", _fix(best, given) if certain(name, names) == best else None
    return f"it takes {', '.join(names)}" if names else f"it takes no {cls.noun}s", None


def _fix(name: str, given: Mapping[str, Any]) -> Fix | None:
    return None if name in given else Fix(name)


def _word(cls: type[Arguments], name: str) -> Word | None:
    """The row of the table that is about the name as an argument of this class."""
    fields = cls.argument_fields()
    if cls.noun == "key":
        return next((word for word in vocabulary.look_up("key", name) if word.is_about(cls.__name__)), None)
    is_layer = cls.kind == "layer"
    rows = vocabulary.look_up("argument" if is_layer else f"{cls.kind} argument", name)
    for word in rows:
        if word.is_about(cls.keras_name()) and (not word.write or word.write in fields):
            return word
    part = "Item" if is_layer else "Training" if cls.kind == "compile" else None
    return next((word for word in vocabulary.look_up("key", name) if part and word.is_about(part)), None)


def _place(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> str | None:
    """Where a name belongs that stands in the wrong place."""
    if cls.kind != "layer":
        return None
    from specc.frontend.schema import ITEM_KEYS, Spec

    if name in ITEM_KEYS:
        return f"'{name}' is a key of an item; it has no place at a layer inside another"
    inside = _inside(cls, name, given)
    return (inside and f"it is an argument of the layer inside: write {inside[1]}") or (
        f"'{name}' is a key of the spec itself: write it beside 'layers'" if name in Spec.argument_fields() else None
    )


def belongs_inside(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> str | None:
    """The argument whose layer has an argument that was given to the wrapper around it."""
    inside = _inside(cls, name, given) if cls.kind == "layer" else None
    return inside[0] if inside is not None else None


def _inside(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> tuple[str, str] | None:
    """An argument of the layer inside a wrapper that was given to the wrapper: where it belongs, and that as text."""
    from specc import layers
    from specc.diagnostics.python_syntax import flow

    for row in vocabulary.look_up("inside", cls.__name__):
        argument, *likely = row.write.split()
        written = given.get(argument)
        inner = {"type": written} if isinstance(written, str) else written
        if (
            argument.startswith("cell")
            and isinstance(inner, dict)
            and layers.find(f"{inner.get('type')}Cell") is not None
        ):
            inner = {**inner, "type": f"{inner['type']}Cell"}
        if inner is None:
            inner = next(({"type": kind} for kind in likely if name in _arguments_of(kind)), None)
        if not isinstance(inner, dict) or not isinstance(inner.get("type"), str):
            continue
        found = layers.find(inner["type"])
        if found is not None and name in found.argument_fields():
            return argument, flow({argument: {**inner, name: given.get(name)}})[1:-1]
    return None


def _arguments_of(kind: str) -> Iterable[str]:
    from specc import layers

    cls = layers.find(kind)
    return cls.argument_fields() if cls is not None else ()


def _equal(name: str, names: list[str]) -> str | None:
    """The name that differs in letter case, ``_`` and ``-`` only."""
    folded = fold(name)
    return nearest(name, [one for one in names if fold(one) == folded])
