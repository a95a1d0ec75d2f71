"""The types of arguments in words, as messages say them."""

import types
from collections.abc import Iterable
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from specc.diagnostics.text_safety import quote_value


class TypeWords(str):
    """Metadata of an annotated type: the type in words, as an error message says it."""

    __slots__ = ()


def in_words(annotation: Any) -> str:
    """A type as a message says it.

    >>> from specc.arguments.types import PositiveInt
    >>> in_words(Literal["valid", "same"]), in_words(PositiveInt | None)
    ('"valid" or "same"', 'a positive integer or null')
    """
    if isinstance(annotation, FieldInfo):
        said = [item for item in annotation.metadata if isinstance(item, TypeWords)]
        return str(said[-1]) if said else in_words(annotation.annotation)
    if hasattr(annotation, "__metadata__"):
        said = [item for item in annotation.__metadata__ if isinstance(item, TypeWords)]
        return str(said[-1]) if said else in_words(annotation.__origin__)
    origin = get_origin(annotation)
    if origin is Literal:
        return _join([quote_value(value) for value in get_args(annotation)])
    if origin in (Union, types.UnionType):
        options = [in_words(option) for option in get_args(annotation)]
        null_is_said = any("null" in words and words != "null" for words in options)
        return _join([words for words in options if not (null_is_said and words == "null")])
    if origin in (tuple, list, dict):
        return "a map" if origin is dict else "a list"
    return _WORDS.get(annotation, "a value")


_WORDS: dict[Any, str] = {
    None: "null",
    type(None): "null",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "a string",
    dict: "a map",
}


def _join(options: list[str]) -> str:
    unique = list(dict.fromkeys(options))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"


def and_join(names: Iterable[str]) -> str:
    """Names in a message.

    >>> and_join(["a"]), and_join(["a", "b", "c"])
    ("'a'", "'a', 'b' and 'c'")
    """
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
