"""What every Keras object that is not a layer is, and the types of argument that only those have."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from specc.arguments import Arguments, Integer, PositiveInt, PositiveNumber, TypeWords, freeze
from specc.shapes import Shape, show_shape


class KerasObject(Arguments):
    """An initializer, loss, optimizer...: Keras's class of the same name, its constructor arguments as fields."""

    spellings: ClassVar[tuple[str, ...]] = ()
    """The other names that Keras's ``get`` takes for it: ``("he_normal",)``."""
    any_case: ClassVar[bool] = False
    """Whether Keras reads its names without regard to case."""
    has_class: ClassVar[bool] = True
    """False if Keras has not a class but a function, or a rule of ``compile``: then it is a name without arguments."""
    by_name: ClassVar[bool] = True
    """False if Keras's ``get`` does not know the class, so a bare name must become an instance."""

    def __init_subclass__(cls, names: str = "", **defaults: Any) -> None:
        """``names`` are the `spellings`, with spaces between them: ``class Zeros(Initializer, names="zeros zero")``."""
        super().__init_subclass__(**defaults)
        if names or cls.imported_from:
            cls.spellings = tuple(names.split())
        if cls.imported_from:
            cls.by_name = False


class Named(KerasObject):
    """An object with an argument ``name``, by default the first of its `spellings`: ``Mean(Named, names="mean")``."""

    def __init_subclass__(cls, names: str = "", **defaults: Any) -> None:
        named = {"name": names.split(maxsplit=1)[0]} if names and "name" not in cls.__annotations__ else {}
        super().__init_subclass__(names, **named | defaults)


def classes_in(namespace: dict[str, Any]) -> tuple[type[KerasObject], ...]:
    """Keras's classes that a module defines, in their order: all with their own `spellings`, and all that are not bases."""
    return tuple(
        found
        for found in namespace.values()
        if isinstance(found, type)
        and issubclass(found, KerasObject)
        and found.__module__ == namespace["__name__"]
        and ("spellings" in vars(found) or not found.__subclasses__())
    )


def axis_problem(axes: int | tuple[int, ...] | None, shape: Shape, what: str) -> str | None:
    """Why axes are not distinct axes of a tensor of that shape (``what``: "an output"), as a predicate, or None."""
    rank = len(shape)
    wanted = () if axes is None else (axes,) if isinstance(axes, int) else axes
    for axis in wanted:
        if not -rank <= axis < rank:
            return f"has axis {axis}, which {what} of shape {show_shape(shape)} does not have"
    if len({axis % rank for axis in wanted}) < len(wanted):
        return f"names an axis of {show_shape(shape)} twice"
    return None


LARGEST_FLOAT32 = 3.4028234663852886e38

Float32 = Annotated[float, Field(ge=-LARGEST_FLOAT32, le=LARGEST_FLOAT32), TypeWords("a number")]
"""A number that Keras converts to a float32 tensor."""
Float32s = Annotated[tuple[Float32, ...], BeforeValidator(freeze), TypeWords("a list of numbers")]
Steps = Annotated[PositiveInt | PositiveNumber, TypeWords("a number above 0")]
"""A number of steps; Keras accepts fractions too, and an integer stays one."""
ExactNumber = Annotated[Integer | Float32, TypeWords("a number")]
"""A number whose integers stay integers."""
ExactNumbers = Annotated[tuple[ExactNumber, ...], BeforeValidator(freeze), TypeWords("a list of numbers")]

ScopeName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_.>-]*$"),
    TypeWords("a name of ASCII letters, digits, '_', '.', '-' and '>'"),
]
"""A name that TensorFlow accepts for the scope of operations inside another scope."""
RootScopeName = Annotated[
    str,
    Field(pattern=r"^([A-Za-z0-9.][A-Za-z0-9_.>-]*)?$"),
    TypeWords("a name of ASCII letters, digits, '_', '.', '-' and '>' that begins with a letter, a digit or '.'"),
]
"""A name that TensorFlow accepts for an outermost scope."""
