"""A layer's arguments in a few words, as a picture shows them: "32 filters, same, relu".

Which arguments are said is decided here; how each is said, in `specc.backends.pictures.scenes.phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from specc.arguments import Arguments
from specc.arguments.fields import OF_EVERY_LAYER, in_order
from specc.backends.pictures.scenes.phrases import DEEPEST_OBJECT, LONGEST_PHRASE, of_value, phrase, rank_of, together
from specc.calls import Callee
from specc.diagnostics.text_safety import printable, quote_value, shorten
from specc.ir import Graph, Instance, NestedModel

_LONGEST_VALUE = 24
_NOT_IN_BRIEF = frozenset({
    "name", "trainable", "dtype", "shape", "batch_shape", "batch_size", "sparse", "ragged", "output_shape",
    "use_bias", "bias_axes", "center", "epsilon", "momentum", "seed", "synchronized", "implementation", "unroll",
    "use_cudnn", "flash_attention", "unit_forget_bias", "reset_after", "lora_alpha", "encoding", "salt",
    "oov_token", "mask_token", "idf_weights", "vocabulary_dtype", "bounding_box_format", "value_range",
    "fill_value", "renorm_momentum", "renorm_clipping", "power_iterations", "reverse_dtype",
})  # fmt: skip
"""Arguments of layers that do not shape the computation, or that the card says elsewhere."""
_ENDINGS_NOT_IN_BRIEF = ("_initializer", "_regularizer", "_constraint")
_OF_OPERATIONS_NOT_IN_BRIEF = ("epsilon", "synchronized")
_SAME_AS_NONE = {"activation": "linear", "data_format": "channels_last"}
_ALWAYS = ("pool_size", "size", "cropping")
"""Sizes that are said even if they are Keras's defaults."""


def in_brief(layer: Callee, options: Mapping[str, Any] | None = None, axes: int = 0) -> list[str]:
    """What shapes the computation, a phrase for each: no initializer, no seed, nothing that is Keras's default.

    ``axes`` is the number of axes of the first input, if that is known: then the last axis is known by its number, too.

    >>> from specc.layers.core import Dense
    >>> in_brief(Dense(units=10, activation="relu", kernel_initializer="he_normal", trainable=False))
    ['10 units', 'relu']
    """
    phrases = list(_phrases(layer, axes=axes))
    for name, value in (options or {}).items():
        if name == "training":
            phrases.append(f"training {quote_value(value)}")
        elif name not in layer.port_options.values() and value not in (None, False):
            phrases.append(phrase(printable(name), value, 0, _phrases))
    return [shorten(it, LONGEST_PHRASE) for it in phrases if it]


def in_full(value: Arguments, options: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Every given argument and constant call argument with its value, both in words.

    >>> from specc.layers.core import Dense
    >>> in_full(Dense(units=10, activation="relu"), {"training": False})
    [('units', '10'), ('activation', 'relu'), ('training (call)', 'false')]
    """
    given = [(name, of_value(item, _in_full)) for name, item in value.given().items() if name != "name"]
    return given + [(f"{printable(name)} (call)", of_value(item, _in_full)) for name, item in (options or {}).items()]


def value_words(value: Any) -> str:
    """A value of an argument, in words.

    >>> value_words((3, 3)), value_words(False), value_words("he_normal")
    ('(3, 3)', 'false', 'he_normal')
    """
    return of_value(value, _in_full)


def all_words(layer: Callee, options: Mapping[str, Any] | None = None, depth: int = 0) -> list[str]:
    """Every given argument, a phrase for each; those of a wrapper's layer after its type.

    >>> from specc.layers.core import Dense
    >>> from specc.layers.wrappers import TimeDistributed
    >>> all_words(TimeDistributed(layer=Dense(units=10, use_bias=False)))
    ['Dense', 'units 10', 'use_bias false']
    """
    inner = layer.given().get("layer")
    phrases: list[str] = []
    for name, said in in_full(layer, options):
        if name == "layer" and isinstance(inner, Callee) and depth < DEEPEST_OBJECT:
            phrases += [printable(inner.type_name), *all_words(inner, depth=depth + 1)]
        elif layer.type_name != "Input" or name not in ("shape", "batch_shape", "batch_size", "dtype"):
            phrases.append(f"{name} {said}")
    return phrases


def block_words(arguments: Mapping[str, Any]) -> list[str]:
    """The arguments of a block, a phrase for each.

    >>> block_words({"filters": 64, "kind": "basic", "shortcut": False, "rate": None, "drop": 3 * 0.1})
    ['filters 64', 'kind basic', 'shortcut false', 'drop 0.3']
    """
    given = {printable(name): value for name, value in arguments.items() if value is not None}
    return [shorten(f"{name} {_of_block(value)}", LONGEST_PHRASE) for name, value in given.items()]


def given_words(made: Instance | Graph) -> list[str]:
    """The arguments that an instance of a block gives it, a phrase for each."""
    return block_words({name: value for name, value in made.arguments.items() if name not in made.by_default})


def by_default(cls: type[Arguments]) -> list[tuple[str, str]]:
    """The arguments of a class, those of every layer last, with Keras's defaults in words; "" for one that must be given.

    >>> from specc.layers.core import Dense
    >>> by_default(Dense)[:3]
    [('units', ''), ('activation', 'null'), ('use_bias', 'true')]
    """
    own = [pair for pair in in_order(cls) if pair[0] not in OF_EVERY_LAYER]
    common = [pair for pair in in_order(cls) if pair[0] in OF_EVERY_LAYER - {"name"}]
    fields = [(name, cls.model_fields[field]) for name, field in own + common]
    return [
        (name, "" if it.is_required() else of_value(it.get_default(call_default_factory=True), _in_full))
        for name, it in fields
    ]


def in_lines(phrases: Iterable[str], width: int, most: int) -> tuple[str, ...]:
    """Phrases joined by commas into lines; what does not fit into ``most`` lines becomes an ellipsis.

    >>> in_lines(["32 filters", "3 by 3", "same", "relu"], 18, 2)
    ('32 filters, 3 by 3,', 'same, relu')
    >>> in_lines(["32 filters", "3 by 3", "same", "relu"], 18, 1)
    ('32 filters, 3 by 3, …',)
    """
    lines: list[str] = []
    for each in phrases:
        if lines and len(lines[-1]) + len(each) + 2 <= width:
            lines[-1] += f", {each}"
        elif len(lines) == most:
            lines[-1] += ", …"
            return tuple(lines)
        else:
            if lines:
                lines[-1] += ","
            lines.append(each)
    return tuple(lines)


def _of_block(value: Any) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("type"), str):
        value = value["type"]
    if isinstance(value, list):
        return shorten(f"[{', '.join(map(_of_block, value[:_LONGEST_VALUE]))}]", _LONGEST_VALUE)
    return shorten(of_value(value, _phrases), _LONGEST_VALUE)


def _in_full(value: Arguments, depth: int) -> Iterator[str]:
    for name, item in value.given().items():
        if name != "name":
            yield f"{name} {of_value(item, _in_full, depth)}"


def _phrases(value: Arguments, depth: int = 0, axes: int = 0) -> Iterator[str]:
    shown = {name: item for name, item in _candidates(value) if _counts(value, name, item, axes)}
    said, names = together(value.keras_name(), shown)
    yield from said
    inner = value.inner_layers() if isinstance(value, Callee) else ()
    for name, item in shown.items():
        if name in names:
            continue
        if name in inner:
            yield from _of_inner(name, item, depth)
        else:
            yield phrase(name, item, rank_of(value), _phrases, depth)


def _of_inner(name: str, inner: Any, depth: int) -> Iterator[str]:
    """A wrapper is said with the type of its layer and all that shapes that."""
    if isinstance(inner, tuple):
        yield from (of_value(each, _phrases, depth) for each in inner)
    elif isinstance(inner, NestedModel):
        yield printable(inner.type_name)
        yield from given_words(inner.graph)
    elif name not in ("layer", "cell") or depth >= DEEPEST_OBJECT:
        yield f"{name.removesuffix('_layer')} {of_value(inner, _phrases, depth)}"
    elif inner is not None:
        if inner.type_name != "StackedRNNCells":
            yield inner.type_name
        yield from _phrases(inner, depth + 1)


def _candidates(value: Arguments) -> Iterator[tuple[str, Any]]:
    """The arguments that were given, and those that are said in any case, in Keras's order."""
    given, always = value.model_fields_set, _said_always(type(value))
    for name, field in in_order(type(value)):
        if field in given or name in always:
            yield name, getattr(value, field)


@cache
def _said_always(cls: type[Arguments]) -> frozenset[str]:
    """Sizes of pooling, upsampling, cropping and padding, and the groups of a normalization."""
    found = {name for name in _ALWAYS if name in cls.argument_fields()}
    if cls.keras_name().startswith("ZeroPadding"):
        found.add("padding")
    if cls.keras_name() == "GroupNormalization":
        found.add("groups")
    return frozenset(found)


@cache
def _fields(cls: type[Arguments]) -> dict[str, FieldInfo]:
    return cls.argument_fields()


def _counts(value: Arguments, name: str, item: Any, axes: int) -> bool:
    """Whether an argument shapes the computation in another way than Keras's default does."""
    if name in _said_always(type(value)):
        return True
    if value.kind == "operation":
        if name in _OF_OPERATIONS_NOT_IN_BRIEF:
            return False
    elif name in _NOT_IN_BRIEF or name.endswith(_ENDINGS_NOT_IN_BRIEF) or (name == "scale" and isinstance(item, bool)):
        return False
    field = _fields(type(value))[name]
    return field.is_required() or not _is_default(value, name, item, field.default, axes)


def _is_default(value: Arguments, name: str, item: Any, default: Any, axes: int) -> bool:
    item, default = _one(item), _one(default)
    if name == "axis":
        is_last = item in (-1, axes - 1)
        return item == default or (is_last and (default == -1 or value.keras_name() == "ops.concatenate"))
    if name == "strides" and default is None:
        return item is None or bool(item == _one(getattr(value, "pool_size", None)))
    if name in _SAME_AS_NONE and default is None:
        return item in (None, _SAME_AS_NONE[name])
    return type(item) is type(default) and bool(item == default)


def _one(size: Any) -> Any:
    """One number for sizes that are the same along each axis."""
    return size[0] if isinstance(size, tuple) and size and len(set(map(repr, size))) == 1 else size
