"""What a wrong value of an argument probably means: a number in a string, Python's ``None``, a tuple, a list of one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from specc.arguments import python_syntax, vocabulary
from specc.arguments.fields import ArgumentFields
from specc.arguments.names import as_from
from specc.arguments.python_syntax import NoValueError
from specc.budget import current
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem
from specc.expressions.errors import ExpressionError, variable
from specc.expressions.evaluate import evaluate
from specc.source import Path

_NOTHING = frozenset({"None", "none", "nil", "NULL", "undefined", "NA", "N/A", "?", "*"})
_SWITCH = {
    **dict.fromkeys(("yes", "on", "y", "true"), True),
    **dict.fromkeys(("no", "off", "n", "false"), False),
}
_PRODUCT = re.compile(r"\d+(\s*[x×]\s*\d+)+\Z", re.IGNORECASE)  # noqa: RUF001 - the sign itself
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+\Z")
_SLOPPY = re.compile(r"(-?\d*)(?:[.,]+(\d+))?(?:[.;,fFlL]|\s*[A-Za-z]{2,})?\Z")
"""A number followed by a sign, a letter or a unit that does not belong there, or with too many points."""
_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "sixteen": "16", "twenty": "20", "thirty-two": "32",
    "sixty-four": "64", "hundred": "100", "half": "0.5", "quarter": "0.25",
}  # fmt: skip
"""Numbers in words."""
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+\Z")
_SIZES = re.compile(r"\d+(\s+\d+)+\Z")
_SUM = re.compile(r"\(*-?[\d.]+(\s*(\*\*|//|[-+*/%])\s*\(*-?[\d.]+\)*)+\Z")
_SIGN = re.compile(r"\s*(?<!\*)\*(?!\*)\s*")
_PADDING = (
    "write same, which keeps the size where strides is 1; for a number of pixels put a ZeroPadding layer before it"
)
_OPEN = frozenset({"shape", "batch_size"})
"""Arguments whose null is an open size."""
LONGEST = 200
"""Most characters of a text that is examined."""
LONGEST_LIST = 1000
"""Most entries of a list that is examined."""


def corrected(  # noqa: C901, PLR0912 - a branch for each form that a wrong value has
    cls: type[ArgumentFields], name: str, value: Any, problem: Problem
) -> Problem:
    """The problem of an argument's value, with what was meant as its help if the class accepts that."""
    if (known := cls.meant_value(name, value, problem)) is not None:
        return known
    if (several := _items_for_each(cls, name, value)) is not None:
        return problem.with_help(several, None)
    path = problem.path[1:]
    if name == "shape" and path == (0,) and isinstance(value, list) and len(value) > 2 and value[0] == -1:
        return problem.with_help(f"remove the batch axis: write {flow(value[1:])}; an open size is null", None)
    if len(path) > 1 or problem.part == "key":
        return problem
    if path and isinstance(value, list) and isinstance(path[0], int) and path[0] < len(value):
        blamed = value[path[0]]
    elif not path:
        blamed = value
    else:
        return problem
    nothing = blamed is None or (isinstance(blamed, str) and blamed in _NOTHING)
    budget = current()
    is_word = isinstance(blamed, str) and cls.noun == "argument" and budget.comparisons > 0
    word = _word(name, blamed) if is_word else None
    if word is not None and takes(cls, name, _replaced(value, path, word)):
        return problem.with_help(f"write {word}", Fix(word))
    if problem.fix is not None and not nothing:
        return problem
    if budget.comparisons <= 0:
        return problem
    budget.comparisons -= len(value) if path else 1  # each candidate is tried with the whole list
    generic = problem.help is None or problem.help.startswith(f"set {name} to ")
    for candidate, help in _candidates(name, blamed):
        if candidate == [blamed] and isinstance(blamed, str) and not generic:
            continue  # the class knows more about a single string
        if takes(cls, name, _replaced(value, path, candidate)):
            said = problem.help or ""
            return problem.with_help(said if said.startswith(help) else help, Fix(candidate))
    if isinstance(blamed, str) and (made := _computed(cls, name, value, path, blamed)) is not None:
        return problem.with_help(*made)
    if path and len(value) == 1 and isinstance(blamed, str):  # one string instead of several in the list
        whole = replace(problem, path=problem.path[:1], fix=None)
        meant = corrected(cls, name, blamed, whole)
        return problem if meant.fix is None else meant
    if isinstance(value, str) and name in cls.tensor_names():
        return problem.with_help(as_from(cls, name, {name: value})[0], None)
    if nothing and (generic or not path):
        return problem.with_help(_without(cls, name, path), None)
    return problem


def _computed(cls: type[ArgumentFields], name: str, value: Any, path: Path, text: str) -> tuple[str, Fix | None] | None:
    """A help for arithmetic without ``$()``: ``28*28``, ``1/2``; with its fix if it is the only meaning."""
    plain = text.strip().replace("^", "**").replace("×", "*")  # noqa: RUF001 - the sign itself
    if len(plain) > LONGEST or not _SUM.match(plain) or re.fullmatch(r"\d+-\d+", plain):  # the last is a range
        return None
    formula = f"$({_SIGN.sub(' * ', plain)})"
    try:
        number = evaluate(formula, {})
    except ExpressionError:
        return None
    for made, computed in ((formula, number), ([formula], [number])):
        if not takes(cls, name, _replaced(value, path, computed)):
            continue
        sizes = (
            [int(part) for part in re.split(r"\s*\*\s*", plain)] if re.fullmatch(r"\d+(\s*\*\s*\d+)+", plain) else None
        )
        if sizes is not None and not path and takes(cls, name, sizes):
            return f"write {flow(made)} for the product, {flow(sizes)} for the sizes", None
        return f"write {flow(made)}", Fix(made)
    return None


def _items_for_each(cls: type[ArgumentFields], name: str, value: Any) -> str | None:
    """A help for a list of what an item has one of: types, names, numbers of units."""
    if (
        not isinstance(value, list)
        or not 2 <= len(value) <= LONGEST
        or not all(isinstance(one, str | int) for one in value)
    ):
        return None
    if len(set(value)) < len(value):  # sizes, instead of another argument
        return None
    if cls.noun == "argument":
        if cls.kind != "layer" or not takes(cls, name, value[0]) or takes(cls, name, value[:2]):
            return None
        kind = {"type": cls.keras_name()}
    elif name in ("type", "name") and cls.argument_fields().keys() >= {"type", "name"}:  # an item's own
        kind = {}
    else:
        return None
    shown = ", ".join(flow({**kind, name: one}) for one in value[:4])
    return f"write an item for each: {shown}{', ...' * (len(value) > 4)}"


def _word(name: str, text: str) -> str | None:
    """Keras's name for a value of an argument in another library: ``tf.float32``, ``NHWC``, ``half``."""
    last = text.rpartition(".")[2]
    word = vocabulary.first("value", last, name) if len(text) <= LONGEST else None
    return word.write if word is not None else last if last != text else None


def as_variable(problem: Problem, value: Any, names: Container[str]) -> Problem:
    """A problem of a value that is the name of one of the spec's own values, or a formula of them."""
    if problem.part == "key" or problem.code.startswith(("unknown-argument", "missing")) or not isinstance(value, str):
        return problem
    right = variable(value, names) if len(value) <= LONGEST else None
    if right is None or right == value:
        return problem
    return problem.with_help(f"write {right}, the value", Fix(right))


def _replaced(value: Any, path: Path, element: Any) -> Any:
    return [element if index == path[0] else item for index, item in enumerate(value)] if path else element


@cache
def _blank(cls: type[ArgumentFields]) -> ArgumentFields:
    return cls.model_construct()


def takes(cls: type[ArgumentFields], name: str, value: Any) -> bool:
    """Whether the argument can have that value, whatever the others are; False if there is no such argument."""
    from pydantic import ValidationError

    field = next((key for key, known in cls.model_fields.items() if name in (key, known.alias)), None)
    if field is None:
        return False
    try:
        cls.__pydantic_validator__.validate_assignment(_blank(cls).model_copy(), field, value)
    except ValidationError:
        return False
    except Exception:  # a validator of the whole class misses what was not given
        return False
    return True


def _candidates(name: str, value: Any) -> Iterator[tuple[Any, str]]:
    """What a value may mean, with the words for the help; the likeliest first."""
    if isinstance(value, str):
        if len(value) <= LONGEST:
            yield from _of_text(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _of_number(name, value)
    elif isinstance(value, dict):
        if value and name == "inputs":
            yield list(value), f"write {flow(list(value))}"
        if value and name == "shape":
            yield list(value.values()), f"write {flow(list(value.values()))}"
    elif isinstance(value, list) and len(value) <= LONGEST_LIST:
        if len(value) == 1:
            yield value[0], f"write {flow(value[0])}, without brackets"
        numbers = [_number(item) if isinstance(item, str) else item for item in value]
        if numbers != value and None not in numbers:
            yield numbers, f"write {flow(numbers)}, without quotes"
        if value and all(isinstance(item, dict) and "type" not in item for item in value):
            merged = {key: item for part in value for key, item in part.items()}
            yield merged, f"write one map: {flow(merged)}"
        if name == "args" and value and all(isinstance(item, str) for item in value):
            yield dict.fromkeys(value), f"write {flow(dict.fromkeys(value))}"


_REFERENCES = frozenset({"from", "to", "outputs"})
"""Keys whose numbers are positions rather than names without quotes."""


def _of_number(name: str, value: int | float) -> Iterator[tuple[Any, str]]:
    if value in (0, 1):
        yield bool(value), f"write {flow(bool(value))}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**31:
        yield int(value), f"write {int(value)}"
        yield [int(value)], f"write [{int(value)}]"
    if name == "padding":
        yield ("same" if value else "valid"), _PADDING if value else "write valid"
    if name.endswith("_regularizer") and value > 0:
        yield {"type": "L2", "l2": value}, f"write {{type: L2, l2: {flow(value)}}}"
    if 5 <= value <= 100 and ("rate" in name or "dropout" in name):
        yield value / 100, f"write {flow(value / 100)}: a fraction, not a percentage"
    yield [value], f"write [{flow(value)}]: a list, also of one"
    if name == "shape" and isinstance(value, int) and value < -1:
        yield [-value], f"write [{-value}]; in a list below it, '- {-value}' with a space"
    if value == -1 and name in _OPEN:
        yield None, "write null"
        yield [None], "write [null]"
    if isinstance(value, int) and value >= 0 and name not in _REFERENCES:
        yield str(value), f'quote it: "{value}"'


def _of_text(text: str) -> Iterator[tuple[Any, str]]:
    if text in _NOTHING:
        yield None, "write null"
        return
    if text.lower() in _SWITCH:
        switch = _SWITCH[text.lower()]
        words = "without quotes" if text in ("true", "false") else "yes, no, on and off are strings"
        yield switch, f"write {flow(switch)}{', ' if text in ('true', 'false') else ': '}{words}"
    number = _number(text)
    if number is not None:
        said = flow(number)
        yield number, f"write {said} without quotes" if said == text else f"write {said}"
        if isinstance(number, float) and number.is_integer() and abs(number) < 2**31:
            yield int(number), f"write {int(number)}"
        yield [number], f"write [{said}]"
    if _SIZES.match(text):
        yield (sizes := [int(part) for part in text.split()]), f"write {flow(sizes)}"
    if _PRODUCT.match(text):
        sizes = [int(part) for part in re.split(r"\D+", text)]
        yield sizes, f"write {flow(sizes)}"
    if "," in text and "(" not in text and "[" not in text:
        parts = [
            _number(part.strip()) if _number(part.strip()) is not None else part.strip() for part in text.split(",")
        ]
        if all(part != "" for part in parts):
            yield parts, f"write {flow(parts)}"
    try:
        literal = python_syntax.value(text)
    except NoValueError:
        if "$" not in text:
            yield [text], f"write [{flow(text)}]"
        return
    if isinstance(literal, str):
        return
    tuples = "YAML and JSON have no tuples: " if text.startswith("(") else ""
    yield literal, f"{tuples}write {flow(literal)}"
    if isinstance(literal, int) and not isinstance(literal, bool):
        yield [literal], f"{tuples}write [{literal}]"


def _number(text: str) -> int | float | None:
    """The number that a text means, also in spellings that specs do not have: ``1_000``, ``0,4``, ``.5.``, ``10%``."""
    plain = _WORDS.get(text.strip().lower(), text.strip())
    if _THOUSANDS.match(plain) and not plain.startswith("0"):
        plain = plain.replace(",", "")
    elif _DECIMAL_COMMA.match(plain):
        plain = plain.replace(",", ".")
    elif (found := _SLOPPY.match(plain)) is not None:
        plain = f"{found[1] or '0'}.{found[2]}" if found[2] else found[1]
    share = plain.endswith("%")
    plain = plain.removesuffix("%")
    try:
        number: int | float = int(plain) if re.fullmatch(r"[-+]?\d[\d_]*", plain) else float(plain)
    except (ValueError, OverflowError):
        return None
    if share:
        return number / 100
    return number if abs(number) < 2**63 else None  # not so of NaN


def _without(cls: type[ArgumentFields], name: str, path: Path) -> str:
    """A help for Python's None where null is not allowed."""
    if path:
        return "write a value: null has no meaning here"
    if takes(cls, name, False):
        return f"remove {name}, or write false"
    field = next((known for key, known in cls.model_fields.items() if name in (key, known.alias)), None)
    default = None if field is None or field.is_required() else field.default
    if not isinstance(default, str | int | float | tuple):
        return f"remove {name}"
    shown = flow(list(default) if isinstance(default, tuple) else default)
    return f"remove {name} for Keras's default, {shown}"
