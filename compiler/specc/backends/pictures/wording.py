"""A layer's arguments in a few words, as a picture shows them: "32 filters, same, relu"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from specc.arguments import Arguments
from specc.arguments.fields import in_order
from specc.calls import Callee
from specc.diagnostics.text_safety import printable, quote_value, shorten
from specc.words import plural

TIMES = "\N{MULTIPLICATION SIGN}"
LONGEST_PHRASE = 44
LONGEST_VALUE = 24
DEEPEST_OBJECT = 3

_COUNTED = {"units": "unit", "filters": "filter", "num_heads": "head", "num_query_heads": "query head"}
_SIZES = {"kernel_size": "kernel", "pool_size": "pool", "size": "size"}
"""Sizes along the spatial axes: alone if there are several of them (3 by 3), else with a word."""
_STEPS = {"strides": "stride", "dilation_rate": "dilation"}
_ALONE = ("activation", "padding", "layer")
"""Arguments whose value says enough."""
_LAST = ("activity_regularizer", "dtype", "trainable")
_ON_THE_ARROWS = ("shape", "batch_shape", "batch_size", "dtype")
"""Arguments of an Input that its tensor shows, too."""


def in_brief(layer: Callee, options: dict[str, Any] | None = None) -> list[str]:
    """The arguments that a spec gives, and the constant call arguments, a phrase for each.

    >>> from specc.layers.core import Dense
    >>> in_brief(Dense(units=10, activation="relu", use_bias=False, trainable=False))
    ['10 units', 'relu', 'no bias', 'frozen']
    """
    hidden = _ON_THE_ARROWS if layer.type_name == "Input" else ()
    phrases = list(_phrases(layer, hidden, depth=0))
    phrases += [_phrase(printable(name), value, 0, 0) for name, value in (options or {}).items()]
    return [shorten(phrase, LONGEST_PHRASE) for phrase in phrases]


def in_full(value: Arguments, options: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """Every given argument and constant call argument with its value, both in words.

    >>> from specc.layers.core import Dense
    >>> in_full(Dense(units=10, activation="relu"), {"training": False})
    [('units', '10'), ('activation', 'relu'), ('training (call)', 'false')]
    """
    given = [(name, _value(item, 0)) for name, item in value.given().items() if name != "name"]
    return given + [(f"{printable(name)} (call)", _value(item, 0)) for name, item in (options or {}).items()]


def block_words(arguments: Mapping[str, Any]) -> list[str]:
    """The arguments of a block, a phrase for each.

    >>> block_words({"filters": 64, "kind": "basic", "shortcut": False, "rate": None})
    ['filters 64', 'kind basic', 'no shortcut']
    """
    given = {printable(name): value for name, value in arguments.items() if value is not None}
    return [shorten(_own_phrase(name, value), LONGEST_PHRASE) for name, value in given.items()]


def _own_phrase(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name} {shorten(value if isinstance(value, str) else quote_value(value), LONGEST_VALUE)}"


def by_default(cls: type[Arguments]) -> list[tuple[str, str]]:
    """The arguments of a class in order, with Keras's defaults in words; "" for one that must be given.

    >>> from specc.layers.core import Dense
    >>> by_default(Dense)[3:6]
    [('units', ''), ('activation', 'null'), ('use_bias', 'true')]
    """
    fields = [(name, cls.model_fields[field]) for name, field in in_order(cls) if name != "name"]
    return [
        (name, "" if it.is_required() else _value(it.get_default(call_default_factory=True), 0)) for name, it in fields
    ]


def in_lines(phrases: Iterable[str], width: int, most: int) -> tuple[str, ...]:
    """Phrases joined by commas into lines; what does not fit into ``most`` lines becomes an ellipsis.

    >>> in_lines(["32 filters", "3 by 3", "same", "relu"], 18, 2)
    ('32 filters, 3 by 3,', 'same, relu')
    >>> in_lines(["32 filters", "3 by 3", "same", "relu"], 18, 1)
    ('32 filters, 3 by 3, …',)
    """
    lines: list[str] = []
    for phrase in phrases:
        if lines and len(lines[-1]) + len(phrase) + 2 <= width:
            lines[-1] += f", {phrase}"
        elif len(lines) == most:
            lines[-1] += ", …"
            return tuple(lines)
        else:
            if lines:
                lines[-1] += ","
            lines.append(phrase)
    return tuple(lines)


def _phrases(value: Arguments, hidden: Iterable[str], depth: int) -> Iterator[str]:
    given = value.given()
    names = [name for name in given if name not in _LAST] + [name for name in _LAST if name in given]
    for name in names:
        if name != "name" and name not in hidden and given[name] is not None:
            phrase = _phrase(name, given[name], _rank(value), depth)
            if phrase:
                yield phrase


def _phrase(name: str, value: Any, rank: int, depth: int) -> str:
    words = name.removesuffix("_")
    if name == "trainable":
        return "" if value else "frozen"
    if isinstance(value, bool):
        if words.startswith("use_"):
            return words if value else f"no {words.removeprefix('use_')}"
        return words if value else f"{words} false"
    if name in _COUNTED and isinstance(value, int):
        return f"{value} {_COUNTED[name] if value == 1 else plural(_COUNTED[name])}"
    if name in _SIZES | _STEPS and isinstance(value, int | tuple):
        return _sized(name, value, rank)
    if name in _ALONE:
        return _value(value, depth)
    if isinstance(value, float):
        return f"{words} {value:.4g}"
    return f"{words} {_value(value, depth)}"


def _sized(name: str, value: int | tuple[Any, ...], rank: int) -> str:
    sizes = (value,) * max(rank, 1) if isinstance(value, int) else value
    if name in _STEPS:
        same = len(set(sizes)) == 1
        return f"{_STEPS[name]} {sizes[0] if same else TIMES.join(map(quote_value, sizes))}"
    text = TIMES.join(map(quote_value, sizes))
    return text if len(sizes) > 1 else f"{_SIZES[name]} {text}"


def _rank(value: Arguments) -> int:
    """The number of spatial axes, which Keras's class names end with: Conv2D, Conv2DTranspose."""
    found = re.search(r"([123])D", type(value).__name__)
    return int(found[1]) if found else 0


def _value(value: Any, depth: int) -> str:
    if isinstance(value, Arguments):
        inner = [] if depth >= DEEPEST_OBJECT else list(_phrases(value, (), depth + 1))
        return f"{type(value).__name__}({', '.join(inner)})" if inner else type(value).__name__
    if isinstance(value, str) and re.fullmatch(r"[\w.+-]+", value, re.ASCII):
        return shorten(value, LONGEST_PHRASE)
    if isinstance(value, tuple) and len(value) <= 8:
        if depth >= DEEPEST_OBJECT:
            return "(…)"
        inner = [_value(item, depth + 1) for item in value]
        return f"({', '.join(inner)}{',' if len(value) == 1 else ''})"
    return quote_value(value)
