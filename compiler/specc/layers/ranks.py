"""Families of layers that differ in the number of spatial axes: what a family says, and what is made of it for each member."""

# Annotations are not postponed here: see specc.arguments.

import re
from typing import Annotated, Any, ClassVar, NamedTuple, Union, get_args

from pydantic_core import PydanticUndefined

from specc.arguments import Size1, Size2, Size3, per_axis
from specc.layers.base import Layer, example_of


class ByRank(NamedTuple):
    """Part of the type of a family's argument: its types for one, two and three axes."""

    one: Any
    two: Any
    three: Any


SizePerAxis = Annotated[int | tuple[int, ...], ByRank(Size1, Size2, Size3)]
"""A size for all axes, or one for each."""

_AXES = {1: ("steps",), 2: ("height", "width"), 3: ("dim1", "dim2", "dim3")}


class OfRank(Layer):
    """A family of layers that differ in how many spatial axes they have: ``class MaxPooling2D(_MaxPooling, rank=2)``.

    Each member adapts the family's declarations to its rank: an argument gets the type for that rank (`ByRank`), a
    default ``(1,)`` is repeated for each axis, ``{new_axis}`` in `shape_rule` becomes ``new_height, new_width``, and the
    arguments in `example` become a whole example. Other differences are given as keywords: ``rank=2, padding=(1, 1)``.
    """

    rank: ClassVar[int]
    """The number of spatial axes."""
    example_shapes: ClassVar[tuple[str, str, str]] = ("[32, 8]", "[28, 28, 4]", "[16, 16, 16, 2]")
    """The shapes of the inputs of the examples, for each rank."""

    _by_rank: ClassVar[dict[str, Any]] = {}
    """The types of the family's arguments that differ by rank, as declared."""

    def __init_subclass__(cls, rank: int | None = None, example: str | None = None, **defaults: Any) -> None:
        super().__init_subclass__(**defaults)
        if rank is None:
            found = {name: it for name, it in cls.__annotations__.items() if _of_rank(it, 1) is not it}
            cls._by_rank = cls._by_rank | found if found else cls._by_rank
            return
        cls.rank = rank
        for name, kind in cls._by_rank.items():
            if name in cls.__annotations__ and name not in defaults:
                continue  # the member has its own type for it
            cls.__annotations__[name] = _of_rank(kind, rank)
            if name not in defaults and (default := _default(cls, name)) is not PydanticUndefined:
                setattr(cls, name, _spread(default, rank))
        cls.shape_rule = of_every_axis(cls.shape_rule, _AXES[rank])
        given = cls.example if example is None else example
        if not given.startswith("layers:"):
            item = f"{cls.__name__}, {given}" if given else f"{{type: {cls.__name__}}}"
            cls.example = example_of(item, cls.example_shapes[rank - 1])

    def spread(self, value: int | tuple[int, ...]) -> tuple[int, ...]:
        """A size for each spatial axis."""
        return per_axis(value, self.rank)


def _default(cls: type[Layer], name: str) -> Any:
    """The default of an inherited argument."""
    bases = (vars(base).get("__pydantic_fields__", {}) for base in cls.__mro__[1:])
    return next(fields[name].default for fields in bases if name in fields)


def _of_rank(annotation: Any, rank: int) -> Any:
    """A family's type adapted to a member; the same object if it does not differ."""
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, ByRank):
            return item[rank - 1]
    options = get_args(annotation) if type(None) in get_args(annotation) else ()
    kinds = tuple(_of_rank(option, rank) for option in options)
    changed = any(kind is not option for kind, option in zip(kinds, options, strict=True))
    return Union[kinds] if changed else annotation  # noqa: UP007 - the options are known only here


def _spread(default: Any, rank: int) -> Any:
    if isinstance(default, tuple) and len(default) == 1:
        return default * rank if rank > 1 else default[0]
    return default


def of_every_axis(rule: str, axes: tuple[str, ...]) -> str:
    """A shape rule with the part in braces repeated for every axis.

    >>> of_every_axis("(batch, {axis}, channels) -> (batch, {axis * size}, channels)", ("height", "width"))
    '(batch, height, width, channels) -> (batch, height * size, width * size, channels)'
    """
    return re.sub(r"{(.*?)}", lambda found: ", ".join(found[1].replace("axis", axis) for axis in axes), rule)
