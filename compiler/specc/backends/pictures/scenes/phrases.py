"""How one argument of a layer or an operation is said in a phrase of a few characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from specc.arguments import Arguments
from specc.calls import Callee
from specc.diagnostics.text_safety import printable, quote_value, shorten
from specc.words import count_of, plural

TIMES = "\N{MULTIPLICATION SIGN}"
MINUS = "\N{MINUS SIGN}"
TO = "\N{RIGHTWARDS ARROW}"
LONGEST_PHRASE = 44
DEEPEST_OBJECT = 3
MOST_ENTRIES = 6
"""A longer list is counted instead of written."""

OPERATORS = {
    "ops.add": "+",
    "ops.subtract": MINUS,
    "ops.multiply": TIMES,
    "ops.divide": "\N{DIVISION SIGN}",
    "ops.true_divide": "\N{DIVISION SIGN}",
    "ops.divide_no_nan": "\N{DIVISION SIGN}",
    "ops.floor_divide": "//",
    "ops.mod": "mod",
    "ops.fmod": "mod",
    "ops.power": "^",
    "ops.equal": "=",
    "ops.not_equal": "\N{NOT EQUAL TO}",
    "ops.greater": ">",
    "ops.greater_equal": "\N{GREATER-THAN OR EQUAL TO}",
    "ops.less": "<",
    "ops.less_equal": "\N{LESS-THAN OR EQUAL TO}",
    "ops.logical_and": "and",
    "ops.logical_or": "or",
    "ops.logical_xor": "xor",
}
_ANY_ORDER = (
    "ops.add",
    "ops.multiply",
    "ops.equal",
    "ops.not_equal",
    "ops.logical_and",
    "ops.logical_or",
    "ops.logical_xor",
)
_LIMITS = {"ops.maximum": "at least", "ops.fmax": "at least", "ops.minimum": "at most", "ops.fmin": "at most"}

_COUNTED = {
    "units": "unit",
    "filters": "filter",
    "num_heads": "head",
    "num_query_heads": "query head",
    "num_key_value_heads": "key/value head",
    "groups": "group",
    "num_classes": "class",
    "num_bins": "bin",
    "num_tokens": "token",
    "num_mel_bins": "mel bin",
    "num": "part",
    "n": "time",
}
_SIZES = {"kernel_size": "kernel", "pool_size": "pool", "size": "size", "output_size": "output"}
"""Sizes along the spatial axes: alone if there are several of them (3 by 3), else with a word."""
_STEPS = {"strides": "stride", "dilation_rate": "dilation"}
_ALONE = ("activation", "target_shape", "dims", "newshape", "equation", "subscripts", "mode", "shape", "dtype")
"""Arguments whose value says enough."""
_LONG_NUMBER = re.compile(r"(?<![\w.])\d+\.\d{5,}(?:[eE][-+]?\d+)?(?![\w.])")
_ENTRIES = {"vocabulary": "word", "mean": "number", "variance": "number", "bin_boundaries": "number"}


def number(value: float) -> str:
    """
    >>> number(16000.0), number(0.00784314), number(-1), number(True)
    ('16000', '0.007843', '-1', 'true')
    """
    if not isinstance(value, float):
        return quote_value(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e12 else f"{value:.4g}"


def in_formula(text: str) -> str:
    """A formula with its numbers as short as those of layers are.

    >>> in_formula("6.283185307179586 * exp(x1) + 0.25 - 1e-09")
    '6.283 * exp(x1) + 0.25 - 1e-09'
    """
    return _LONG_NUMBER.sub(lambda found: number(float(found[0])), text)


Inside = Callable[[Arguments, int], Iterable[str]]
"""Gives the phrases of an object that is a value or in one, so many objects deep."""


def phrase(name: str, value: Any, rank: int, inside: Inside, depth: int = 0) -> str:
    """An argument and its value."""
    words = name.removesuffix("_")
    if isinstance(value, bool):
        plain = words.removeprefix("use_").replace("_", " ")
        return plain if value else f"no {plain}" if words.startswith("use_") else f"{plain} false"
    if value is None:
        return f"{words} none"
    if name in _COUNTED and isinstance(value, int):
        return f"{value} {_COUNTED[name] if value == 1 else plural(_COUNTED[name])}"
    if name in _SIZES | _STEPS and isinstance(value, int | tuple):
        return _sized(name, value, rank)
    if isinstance(value, tuple) and len(value) > MOST_ENTRIES:
        return f"{words} of {count_of(len(value), _ENTRIES.get(name, 'value'))}"
    if name == "data_format":
        return str(value).replace("_", " ")
    said = of_value(value, inside, depth)
    return said if name in _ALONE or (name == "padding" and isinstance(value, str)) else f"{words} {said}"


def of_value(value: Any, inside: Inside, depth: int = 0) -> str:
    """A value: strings without quotes where they are words, lists in parentheses, objects with their own phrases."""
    if isinstance(value, Arguments):
        own = [] if depth >= DEEPEST_OBJECT else list(inside(value, depth + 1))
        name = printable(value.type_name if isinstance(value, Callee) else value.keras_name())
        return f"{name}({', '.join(own)})" if own else name
    if isinstance(value, str):
        return shorten(printable(value[: 4 * LONGEST_PHRASE]), LONGEST_PHRASE)
    if isinstance(value, tuple):
        if depth >= DEEPEST_OBJECT:
            return "(…)"
        if len(value) > MOST_ENTRIES:
            return quote_value(value)
        entries = [of_value(item, inside, depth + 1) for item in value]
        return f"({', '.join(entries)}{',' if len(value) == 1 else ''})"
    return number(value) if isinstance(value, float) else quote_value(value)


def _sized(name: str, value: int | tuple[Any, ...], rank: int) -> str:
    sizes = (value,) * max(rank, 1) if isinstance(value, int) else value
    text = TIMES.join(map(quote_value, sizes))
    if name in _STEPS:
        return f"{_STEPS[name]} {sizes[0] if len(set(sizes)) == 1 else text}"
    return text if len(sizes) > 1 and name != "output_size" else f"{_SIZES[name]} {text}"


def rank_of(value: Arguments) -> int:
    """The number of spatial axes, which Keras's class names end with: Conv2D, Conv2DTranspose."""
    found = re.search(r"([123])D", type(value).__name__)
    return int(found[1]) if found else 0


Said = tuple[list[str], tuple[str, ...]]
"""Phrases, and the arguments that they say."""


def together(type: str, given: Mapping[str, Any]) -> Said:
    """The arguments of a type that are said together, or in words of their own."""
    if type in _TOGETHER and given.keys() >= set(_TOGETHER[type][1]):
        say, names = _TOGETHER[type]
        return [say(*(given[name] for name in names))], names
    for name in ("x1", "x2"):
        if name in given and (said := _operand(type, name, number(given[name]))):
            return [said], (name,)
    if type in OPERATORS and type not in _ANY_ORDER and not {"x1", "x2"} & given.keys():
        return [f"x1 {OPERATORS[type]} x2"], ()
    return [], ()


def _operand(type: str, name: str, value: str) -> str:
    if type in _LIMITS:
        return f"{_LIMITS[type]} {value}"
    if type == "ops.where":
        return f"{'then' if name == 'x1' else 'else'} {value}"
    if type not in OPERATORS:
        return ""
    return f"{value} {OPERATORS[type]} x" if name == "x1" else f"{OPERATORS[type]} {value}"


def _mapping(source: Any, target: Any) -> str:
    return f"{source} {TO} {target}"


def _area(height: int, width: int) -> str:
    return f"{height}{TIMES}{width}"


def _key(key: Any) -> str:
    return f"[{', '.join(map(_span, key if isinstance(key, tuple) else (key,)))}]"


def _span(item: Any) -> str:
    """
    >>> from specc.operations.indexing import Span
    >>> _span(Span(start=1, stop=3)), _span(Span(step=2)), _span(None), _span("...")
    ('1:3', '::2', 'null', '...')
    """
    if item is None or isinstance(item, int | str):
        return "null" if item is None else str(item)
    start, stop, step = ("" if it is None else str(it) for it in (item.start, item.stop, item.step))
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _parts(value: Any) -> str:
    return count_of(value, "part") if isinstance(value, int) else f"at {_list(value)}"


def _list(value: Any) -> str:
    return of_value(value, lambda *_: ())


def _patch(size: Any, axes: int) -> str:
    return f"patches of {TIMES.join(map(str, size if isinstance(size, tuple) else (size,) * axes))}"


_SHIFTS = ("left", "right", "bitwise_left", "bitwise_right")
_OF_GROUPS = ("sum", "prod", "max", "min")
_TOGETHER: dict[str, tuple[Callable[..., str], tuple[str, ...]]] = {
    "Embedding": (_mapping, ("input_dim", "output_dim")),
    "ReversibleEmbedding": (_mapping, ("input_dim", "output_dim")),
    "Resizing": (_area, ("height", "width")),
    "CenterCrop": (_area, ("height", "width")),
    "RandomCrop": (_area, ("height", "width")),
    "ops.clip": (lambda least, most: f"{number(least)} to {number(most)}", ("x_min", "x_max")),
    "ops.cast": (str, ("dtype",)),
    "ops.saturate_cast": (str, ("dtype",)),
    "ops.get_item": (_key, ("key",)),
    "ops.transpose": (_list, ("axes",)),
    "ops.swapaxes": (lambda one, other: f"axes {one} and {other}", ("axis1", "axis2")),
    "ops.moveaxis": (lambda source, target: f"axis {_list(source)} {TO} {_list(target)}", ("source", "destination")),
    **{f"ops.{name}split": (_parts, ("indices_or_sections",)) for name in ("", "array_", "h", "v", "d")},
    **{f"ops.{name}_shift": (lambda places: f"by {count_of(places, 'bit')}", ("y",)) for name in _SHIFTS},
    **{f"ops.segment_{name}": (lambda groups: f"{groups} groups", ("num_segments",)) for name in _OF_GROUPS},
    "ops.view": (lambda dtype: f"as {dtype}", ("dtype",)),
    "ops.percentile": (lambda percentage: f"{_list(percentage)} %", ("q",)),
    "ops.slice_update": (lambda start: f"from {_list(start)}", ("start_indices",)),
    "ops.image.extract_patches": (lambda size: _patch(size, 2), ("size",)),
    "ops.image.extract_patches_3d": (lambda size: _patch(size, 3), ("size",)),
    "ops.slice": (lambda start, shape: f"from {_list(start)}, {_list(shape)}", ("start_indices", "shape")),
}
