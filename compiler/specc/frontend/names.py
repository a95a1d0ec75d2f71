"""The names of a spec: which are valid, and how messages refer to the item that has one."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from specc.arguments import TypeWords
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value, shorten
from specc.words import with_article

_NAME = re.compile(r"\w[\w-]*\Z")
_VALUE = re.compile(r"(?<!^)\$([^\W\d]\w*)")
LONGEST_NAME = 200

Expression = Annotated[str, Field(pattern=r"^\$"), TypeWords("an expression")]


def is_expression(value: Any) -> bool:
    """Whether a value is ``$name`` or ``$(expression)``, still to be computed."""
    return isinstance(value, str) and value.startswith("$") and not value.startswith("$$")


def is_computed_name(value: Any) -> bool:
    """Whether a name is an expression, or has one in it: ``emb_$(f)``."""
    return is_expression(value) or (isinstance(value, str) and "$(" in value)


_PATTERN = r"[^\x00-/:-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*"
"""`is_name`, as far as Python's and JavaScript's patterns agree: no ASCII that is not allowed."""


def is_name(text: str) -> bool:
    """Whether a string is a name: letters of any script with their marks, digits, ``_`` and ``-``; not ``-`` first.

    >>> is_name("stage-2"), is_name("हिन्दी"), is_name("a.b"), is_name("-a")
    (True, True, False, False)
    """
    if not text.isascii():
        text = "".join("-" if unicodedata.category(char) in ("Mn", "Mc") else char for char in text)
    return len(text) <= LONGEST_NAME and _NAME.match(text) is not None


def is_model_name(text: str) -> bool:
    """Whether a string is a name of a model: names, joined by dots.

    >>> is_model_name("mobilenet_1.00_224"), is_model_name("net"), is_model_name("a..b"), is_model_name(".a")
    (True, True, False, False)
    """
    return len(text) <= LONGEST_NAME and all(map(is_name, text.split(".")))


def _model_name(value: str) -> str:
    if is_model_name(value) or is_computed_name(value):
        return value
    raise ProblemsError([invalid_model_name(value)])


def _name(value: str) -> str:
    if is_name(value) or is_computed_name(value):
        return value
    raise ProblemsError([invalid_name(value)])


def _plain_name(value: str) -> str:
    if is_name(value):
        return value
    raise ProblemsError([invalid_name(value)])


def invalid_name(name: str, of_model: bool = False) -> Problem:
    """The problem of a name that is not valid; that ``of_model`` may have dots."""
    fixed = fixed_name(name)
    hint = "a name has letters, digits, '_' and '-'"
    if is_name(fixed):
        hint += f"; for instance '{shorten(fixed)}'"
    computed = _VALUE.sub(r"$(\1)", name)
    if computed != name:
        hint = f"inside a string a value has parentheses: write {shorten(computed)}"
    strange = re.search(r"[^\w.-]" if of_model else r"[^\w-]", name)
    if not name:
        reason = "a name cannot be empty"
    elif strange is not None:
        reason = f"a name cannot contain {quote_value(strange[0])}, as {quote_value(name)} does"
    elif len(name) > LONGEST_NAME:
        reason = f"a name has at most {LONGEST_NAME} characters, not {len(name):,}"
    else:
        reason = f"a name cannot begin with {quote_value(name[0])}, as {quote_value(name)} does"
    return Problem("invalid-name", reason, help=hint)


def invalid_model_name(name: str) -> Problem:
    """The problem of a name that is not valid for a model."""
    if not re.fullmatch(r"[\w.-]*\.[\w.-]*", name) or len(name) > LONGEST_NAME:
        return invalid_name(name, of_model=True)
    fixed = ".".join(filter(None, (part.strip("_-") for part in name.split("."))))
    help = "a dot in a model's name is between two names" + (f"; for instance '{fixed}'" if fixed else "")
    return Problem("invalid-name", f"{quote_value(name)} is not a name of a model", help=help)


def fixed_name(name: str) -> str:
    """A name with ``_`` instead of the characters that are not allowed."""
    return re.sub(r"[^\w-]+", "_", name).strip("_-")[:LONGEST_NAME]


Name = Annotated[
    str,
    AfterValidator(_name),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_NAME, "pattern": rf"^(.*\$.*|{_PATTERN})$"}),
    TypeWords("a name"),
]
ModelName = Annotated[
    str,
    AfterValidator(_model_name),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_NAME, "pattern": rf"^(.*\$.*|{_PATTERN}(\.{_PATTERN})*)$"}),
    TypeWords("a name"),
]
PlainName = Annotated[str, AfterValidator(_plain_name), TypeWords("a name")]


def item_label(name: object, kind: object) -> str:
    """What messages call an item that has a name and a type, or lacks one of them.

    >>> item_label("stem", "Conv2D"), item_label(None, "Dense"), item_label("stem", None)
    ("'stem' (Conv2D)", 'a Dense layer', "'stem'")
    """
    if not isinstance(name, str):
        return f"{with_article(kind)} layer" if isinstance(kind, str) else "a layer"
    return f"'{name}' ({kind})" if isinstance(kind, str) else f"'{name}'"
