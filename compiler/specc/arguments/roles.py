"""What an argument is by its type: the kind of a Keras object, or a size for each axis."""

# Annotations are not postponed here: see specc.arguments.

from collections.abc import Callable, Iterator
from struct import pack, unpack
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from specc.arguments.kinds import KINDS


class Saved(NamedTuple):
    """In the type of an argument: what ``get_config`` has for a value, if Keras's constructor changes it."""

    form: Callable[[Any], Any]
    unset: Any = None
    """What it has for null."""


def float32(number: float) -> float:
    """The number as Keras gives it from a float32 tensor.

    >>> float32(0.3)
    0.30000001192092896
    """
    found: float = unpack("f", pack("f", number))[0]
    return found


class InTensor(NamedTuple):
    """Numbers that Keras saves as a float32 tensor."""

    numbers: tuple[float, ...]


AS_FLOAT32 = Saved(lambda value: float32(value) if isinstance(value, int | float) else value)
"""Keras keeps a number in a tensor."""
AS_LIST = Saved(lambda value: [value] if isinstance(value, int) else value)
"""Keras makes a list of one number."""
AS_GIVEN = Saved(lambda value: value)
"""Keras does not spread one number over the axes."""
IN_ORDER = Saved(sorted)
"""Keras sorts the numbers."""


def kind_of(field: FieldInfo) -> str | None:
    """The kind of Keras object that an argument is, by its JSON Schema; None if it is not one."""
    return _kind(field.metadata, field.annotation)


def _kind(metadata: Any, annotation: Any) -> str | None:
    for item in metadata:
        if isinstance(item, WithJsonSchema) and item.json_schema is not None:
            kind = str(item.json_schema.get("x-ref", "")).rpartition("/")[2]
            if kind in KINDS:
                return kind
    found = (_kind(getattr(option, "__metadata__", ()), option) for option in get_args(annotation))
    return next((kind for kind in found if kind), None)


def saved_form(field: FieldInfo) -> Saved | None:
    """What Keras makes of a value of an argument, by its type: one size for all axes becomes one for each."""
    said = next((item for item in _metadata(field.metadata, field.annotation) if isinstance(item, Saved)), None)
    if said is not None:
        return said
    axes = axes_of(field)
    return None if axes is None else Saved(lambda value: [value] * axes if isinstance(value, int) else value)


def _metadata(metadata: Any, annotation: Any) -> Iterator[Any]:
    """What is said about a type, the last first."""
    yield from reversed(metadata)
    for option in get_args(annotation):
        yield from _metadata(getattr(option, "__metadata__", ()), option)


def axes_of(field: FieldInfo) -> int | None:
    """The number of axes of a size that is one integer for all of them, or a list with one for each."""
    options = list(_options(field.annotation))
    lists = [get_args(option) for option in options if get_origin(option) is tuple]
    if len(lists) != 1 or Ellipsis in lists[0] or not all(_is_integer(option) for option in lists[0]):
        return None
    return len(lists[0]) if any(_is_integer(option) for option in options) else None


def _options(annotation: Any) -> Iterator[Any]:
    """The types that a type is one of, without what is said about them."""
    if get_origin(annotation) is Annotated:
        yield from _options(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for option in get_args(annotation):
            yield from _options(option)
    else:
        yield annotation


def _is_integer(annotation: Any) -> bool:
    return annotation is int or (get_origin(annotation) is Annotated and _is_integer(get_args(annotation)[0]))
