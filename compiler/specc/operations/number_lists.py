"""Lists of numbers as tensors: ``[0, 1]``, ``[[1, 2], [3, 4]]``."""

import math
from typing import Annotated, Any, Self

from pydantic import PlainValidator, WithJsonSchema

from specc.arguments import LARGEST_INT, TypeWords
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATX
from specc.shapes import LARGEST_RANK, Shape

LARGEST_FLOAT = 3.4028234e38
"""The largest number of a float32."""
_SAID = "a list of numbers"


class NumberList(tuple[Any, ...]):
    """A number list, checked: nested lists of equal lengths with numbers, or with true and false, in them."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any, depth: int = 1) -> Self:
        """The list as nested tuples. ProblemsError if it is none, or has no shape."""
        if not isinstance(value, list | tuple):
            raise ValueError(f"not {_SAID}")  # which the type in words says, with what else it may be
        if depth > LARGEST_RANK:
            raise _wrong(f"has more than {LARGEST_RANK} lists in one another", "a tensor has at most that many axes")
        if not value:
            raise _wrong("is an empty list", "give it a number")
        if any(isinstance(item, list | tuple) for item in value):
            if not all(isinstance(item, list | tuple) for item in value):
                raise _wrong("has numbers beside lists", "make all its elements numbers, or lists of one length")
            rows = [cls.of(item, depth + 1) for item in value]
            if len({row.shape for row in rows}) > 1:
                raise _wrong("has lists of different lengths", "make them equally long")
            made = cls(rows)
        else:
            made = cls(map(_number, value))
        if depth == 1 and len({isinstance(number, bool) for number in made.numbers()}) > 1:
            raise _wrong("mixes numbers with true and false", "write 1 for true and 0 for false")
        return made

    @property
    def shape(self) -> Shape:
        """The lengths of the list and of the lists in it."""
        first = self[0]
        return (len(self), *(first.shape if isinstance(first, NumberList) else ()))

    @property
    def dtype(self) -> str:
        """The dtype of the tensor that Keras makes of it."""
        numbers = self.numbers()
        if isinstance(numbers[0], bool):
            return "bool"
        if any(isinstance(number, float) for number in numbers):
            return FLOATX
        return "int32" if all(-(2**31) <= number < 2**31 for number in numbers) else "int64"

    def numbers(self) -> list[Any]:
        """All numbers in it, in order."""
        if not isinstance(self[0], NumberList):
            return list(self)
        return [number for row in self for number in row.numbers()]

    def as_lists(self) -> list[Any]:
        """Plain lists, as Python code has them."""
        return [item.as_lists() if isinstance(item, NumberList) else item for item in self]


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INT:
        return value
    if isinstance(value, float) and math.isfinite(value) and abs(value) <= LARGEST_FLOAT:
        return value
    what = "is too large for a tensor" if isinstance(value, int | float) else "is not a number"
    raise _wrong(f"must be {_SAID}: {quote_value(value)} {what}")


def _wrong(message: str, help: str | None = None) -> ProblemsError:
    return ProblemsError([Problem("argument-value", message, help=help)])


NumberListField = Annotated[
    NumberList,
    PlainValidator(NumberList.of),
    WithJsonSchema({"type": "array", "minItems": 1, "items": {"type": ["number", "boolean", "array"]}}),
    TypeWords(_SAID),
]
"""An argument that is a number list."""
