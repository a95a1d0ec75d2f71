"""What ``specc layers`` prints about what a spec can name: layer types, operations, and the objects of every kind."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from specc import layers, objects
from specc.arguments import Arguments, in_words
from specc.arguments.kinds import layer_type
from specc.diagnostics.columns import wrap
from specc.diagnostics.suggest import did_you_mean
from specc.frontend import std
from specc.language import layer_pages, std_pages
from specc.language.layer_pages import COLUMNS
from specc.layers.base import Layer
from specc.objects.base import KerasObject
from specc.operations.base import Operation
from specc.words import plural

SHORTEST_PART = 3
"""Fewest letters of a part of a name that is searched."""
MOST_NAMES = 12
"""Most names with a certain part that are listed."""


class Entry(NamedTuple):
    """Something that a spec can name."""

    kind: str
    """"layer", "operation", "initializer", "loss"..."""
    family: str
    name: str
    """The name in Keras's documentation."""
    cls: type[Arguments]


def entries() -> Iterator[Entry]:
    """Layer types by family, then the objects by kind."""
    for family, names in layer_pages.families():
        for name in names:
            if (cls := layers.find(name)) is not None:
                yield Entry("operation" if issubclass(cls, Operation) else "layer", family, name, cls)
    for kind in objects.MODULES:
        for name in objects.main_names(kind):
            if (found := objects.find(kind, name)) is not None:
                yield Entry(kind, plural(objects.WORDS.get(kind, kind)), name, found)


def overview() -> str:
    """All names by family and kind, for a terminal."""
    families: dict[str, list[str]] = {}
    for entry in entries():
        families.setdefault(entry.family, []).append(entry.name)
    lines = []
    for family, names in families.items():
        lines.append(f"{family}:")
        lines.append(f"  {wrap(', '.join(names), COLUMNS, 2, 2)}")
    lines.append(std_pages.overview())
    lines.append(
        "\n'specc layers TYPE' shows the arguments of one of them, and of a layer its ports, shape rule and an example."
    )
    return "\n".join(lines)


def names() -> list[str]:
    """Every name that `find` knows, aliases among them; for completion."""
    spelled = (name for kind in objects.MODULES for name in objects.spellings(kind))
    return list(dict.fromkeys([*layers.names(), *layers.ALIASES, *spelled]))


def find(name: str) -> list[Entry]:
    """All that a name refers to, in any letter case: ``softmax`` is an activation, and a layer is called Softmax.

    Exact spellings come first.

    >>> [(entry.kind, entry.name) for entry in find("softmax")]
    [('activation', 'softmax'), ('layer', 'Softmax')]
    """
    exact, other = [], []
    folded = name.lower()
    for entry in entries():
        spellings = _spellings(entry)
        if name in spellings:
            exact.append(entry)
        elif folded in map(str.lower, spellings):
            other.append(entry)
    return exact + other


def today(name: str) -> str | None:
    """The layer type or operation that other libraries or older versions of Keras call that; None for a Keras name.

    >>> today("Linear"), today("Dense"), today("softmax")
    ('Dense', None, None)
    """
    found = layer_type(name)
    return None if found is None or found in layers.ALIASES or found.lower() == name.lower() else found


def unknown(name: str) -> str:
    """What to say of an unknown name: the reason, and the most similar name."""
    if name in layers.REFUSED:
        return f"{name} cannot be used in a spec: {layers.REFUSED[name]}"
    for kind in objects.MODULES:
        if name in (refused := objects.refused(kind)):
            return f"{name} cannot be used in a spec: {refused[name]}"
    help, known = layers.unknown(name).help or "", names()
    if "specc layers" in help:
        known += [*std.names(), *std.blocks()]
        help = did_you_mean(name, known) or "'specc layers' lists them"
    within = [one for one in known if len(name) >= SHORTEST_PART and name.lower() in one.lower()]
    if within:
        more = f" and {len(within) - MOST_NAMES} more" if len(within) > MOST_NAMES else ""
        help = f"{help}; names with it: {', '.join(within[:MOST_NAMES])}{more}"
    return f"there is no layer type {name!r}; {help}"


def describe(entry: Entry, name: str) -> str:
    """One entry for a terminal; ``name`` is the name that was asked for."""
    if issubclass(entry.cls, Layer | Operation):
        asked = next((spelling for spelling in _spellings(entry) if spelling.lower() == name.lower()), entry.name)
        return layer_pages.describe(asked) or ""
    heading = f"{entry.name}: {objects.article(entry.kind)}"
    lines = [heading, wrap(_doc(entry.cls), COLUMNS, 0, 0), ""]
    rows = arguments(entry.cls)
    if rows:
        lines += ["arguments", *layer_pages.argument_lines(rows)]
    else:
        lines.append("It takes no arguments.")
    if aliases := _aliases(entry):
        lines += ["also called", f"  {', '.join(aliases)}"]
    if page := _link(entry):
        lines.append(f"see  {page}")
    return "\n".join(lines)


def as_dict(entry: Entry) -> dict[str, Any]:
    """One entry as plain data; keys that only layers have are omitted for an object."""
    found: dict[str, Any] = {
        "name": entry.name,
        "kind": entry.kind,
        "family": entry.family,
        "description": _doc(entry.cls),
        "aliases": _aliases(entry),
        "arguments": [_argument(row) for row in arguments(entry.cls)],
        "url": _link(entry),
    }
    if issubclass(entry.cls, Layer | Operation):
        found |= {
            "inputs": [
                {"name": tensor.name, "required": tensor.required, "many": tensor.many} for tensor in entry.cls.tensors
            ],
            "outputs": layer_pages.ports(entry.cls) or ["output"],
            "call": {name: in_words(kind) for name, kind in entry.cls.options.items()},
            "shape": entry.cls.shape_rule or None,
            "example": entry.cls.example or None,
        }
    return found


def arguments(cls: type[Arguments]) -> list[layer_pages.Argument]:
    """The arguments in Keras's order."""
    if issubclass(cls, Layer | Operation):
        return layer_pages.arguments(cls)
    return [layer_pages.argument(cls, name, cls.argument_fields()[name]) for name in cls.argument_order()]


def _argument(row: layer_pages.Argument) -> dict[str, Any]:
    from specc.backends.configuration import plain  # late: only JSON needs it, and the IR with it

    required = row.default is inspect.Parameter.empty
    return {
        "name": row.name,
        "description": row.text,
        "value": row.words,
        "required": required,
        "default": None if required else plain(row.default),
    }


def _spellings(entry: Entry) -> list[str]:
    return [entry.name, *_aliases(entry)]


def _aliases(entry: Entry) -> list[str]:
    if issubclass(entry.cls, KerasObject):
        return [name for name in entry.cls.spellings if name != entry.name]
    return [alias for alias, name in layers.ALIASES.items() if name == entry.name]


def _doc(cls: type) -> str:
    return " ".join(layer_pages.description(cls).split())


def _link(entry: Entry) -> str | None:
    if issubclass(entry.cls, Layer | Operation):
        return layer_pages.link(entry.cls)
    if entry.cls.imported_from:
        return None
    if issubclass(entry.cls, KerasObject) and not entry.cls.has_class and entry.kind != "activation":
        return None
    return f"{layer_pages.KERAS_DOCS}/keras/{entry.cls.keras_module.replace('.', '/')}/{entry.name}"
