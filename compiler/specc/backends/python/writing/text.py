"""How emitted Python is written: literals, variable names, and lines laid out as ``ruff format`` lays them out."""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from specc.diagnostics.columns import width

LINE_LENGTH = 88
LONGEST_NAME = 40
"""Longest variable: a longer one leaves no room next to it on a line."""


@dataclass(frozen=True, slots=True)
class Group:
    """Items in brackets, each with text before it (``units=``); ``head`` is the function of a call, or nothing."""

    head: Any
    brackets: str
    items: tuple[tuple[str, Any], ...]

    @classmethod
    def call(cls, function: Any, positional: Iterable[Any] = (), keywords: Iterable[tuple[str, Any]] = ()) -> Group:
        """A call."""
        named = ((f"{name}=", value) for name, value in keywords)
        return cls(function, "()", (*(("", value) for value in positional), *named))

    @classmethod
    def display(cls, brackets: str, items: Iterable[Any]) -> Group:
        """A list or a tuple."""
        return cls("", brackets, tuple(("", item) for item in items))


@dataclass(frozen=True, slots=True)
class Comprehension:
    """A list with an element for each value of an iterable, or of several in one another."""

    element: Any
    loops: tuple[tuple[str, Any], ...]
    """The target and the iterable of each."""
    key: str = ""
    """Of a dict, the key of each."""
    condition: str = ""
    """Which of them have an element; nothing for all."""

    @property
    def brackets(self) -> str:
        """What is around it."""
        return "{}" if self.key else "[]"

    @property
    def before(self) -> str:
        """What is before the element."""
        return f"{self.key}: " if self.key else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value on a condition, else another, in parentheses."""

    value: Any
    condition: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of operators that bind as strongly as each other."""

    first: Any
    rest: tuple[tuple[str, Any], ...]
    """Each operator, with the operand after it."""


@dataclass(frozen=True, slots=True)
class Bracketed:
    """An operand in parentheses."""

    inside: Any


Expression = str | Group | Comprehension | Choice | Chain | Bracketed
"""Python before layout: text that stays in one piece, items in brackets, a comprehension, a choice, operands."""


# -- Literals ------------------------------------------------------------------------------------


def quote(text: str) -> str:
    r"""A string literal, in double quotes unless that takes more escapes; only common letters stand for themselves.

    >>> print(quote("relu"), quote('say "hi"'), quote("größe\u202e\r"))
    "relu" 'say "hi"' "größe\u202e\r"
    """
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + "".join(_escape(char, mark) for char in text) + mark


def _escape(char: str, mark: str) -> str:
    if char in ("\\", mark):
        return f"\\{char}"
    return char if " " <= char <= "~" or _is_common_letter(char) else ascii(char)[1:-1]


def plain(text: str) -> str:
    """A text with only common letters in it; others are escaped.

    >>> plain("größe # a\\u202e\\r")
    'größe # a\\\\u202e\\\\r'
    """
    return "".join(char if " " <= char <= "~" or _is_common_letter(char) else ascii(char)[1:-1] for char in text)


def _is_common_letter(char: str) -> bool:
    """Whether it is a letter or digit that is read from left to right and has an unambiguous width on a screen."""
    if unicodedata.category(char) not in ("Lu", "Ll", "Lo", "Nd") or "\u1100" <= char <= "\u11ff":
        return False  # several of the last kind merge into one syllable
    return unicodedata.bidirectional(char) in ("L", "EN")


def number(value: float) -> str:
    """
    >>> number(0.5), number(1e-5), number(1e22), number(float("-inf"))
    ('0.5', '1e-05', '1e22', 'float("-inf")')
    """
    text = repr(value)
    return f'float("{text}")' if text.strip("-") in ("inf", "nan") else text.replace("e+", "e")


def literal(value: Any) -> Expression:
    """A plain value as Python: tuples, lists and maps of strings, numbers, slices.

    >>> flat(literal({"key": (slice(1, None), ..., -1), "sizes": [(3,), None, True]}))
    '{"key": (slice(1, None), ..., -1), "sizes": [(3,), None, True]}'
    """
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float):
        return number(value)
    if value is Ellipsis:
        return "..."
    if isinstance(value, slice):
        steps = (value.start, value.stop) if value.step is None else (value.start, value.stop, value.step)
        return Group.call("slice", map(literal, steps))
    if isinstance(value, list | tuple):
        return Group.display("[]" if isinstance(value, list) else "()", map(literal, value))
    if isinstance(value, dict):
        return Group("", "{}", tuple((f"{flat(literal(key))}: ", literal(item)) for key, item in value.items()))
    if value is None or isinstance(value, int):
        return repr(value)
    raise TypeError(f"no Python literal for {type(value).__name__}")


# -- Names ---------------------------------------------------------------------------------------

RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"keras", "layers", "sys", "I", "O", "l"}
"""Names that no variable gets: keywords, what the source uses, and letters that look like digits."""


class Names:
    """The names of one Python scope; no two are equal after NFKC, which Python applies to identifiers.

    >>> names = Names({"residual"})
    >>> [names.new(text) for text in ("stage2.main", "stage2-main", "class", "1x1", "residual", "ﬁne", "\u202e")]
    ['stage2_main', 'stage2_main_2', 'class_', '_1x1', 'residual_out', 'fine', 'tensor']
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self._functions = frozenset(self.taken)
        self._values: set[str] = set()
        self._counts: dict[str, int] = {}

    def new(self, wanted: str, longest: int = LONGEST_NAME) -> str:
        """A name that nothing else has, as similar to the wanted one as Python allows."""
        base = _identifier(wanted, longest)
        if base in self._functions | self._values:  # outputs often have a block's or a value's name
            base = f"{base}_out"
        return self._unique(base)

    def value(self, wanted: str) -> str:
        """A name for a value; what is called so later is an output."""
        self._values.add(name := self.new(wanted))
        return name

    def _unique(self, base: str) -> str:
        name = base
        while name in self.taken:
            self._counts[base] = self._counts.get(base, 1) + 1
            name = f"{base}_{self._counts[base]}"
        self.taken.add(name)
        return name


def _identifier(text: str, longest: int) -> str:
    normal = unicodedata.normalize("NFKC", text)
    safe = "".join(char if _is_common_letter(char) else "_" for char in normal)
    while width(safe) > longest:
        safe = safe[:-1]
    safe = safe.strip("_")  # those in front would make it private
    if not safe.isidentifier():
        safe = f"_{safe}"
    if safe == "_" or not safe.isidentifier():
        safe = "tensor"
    return f"{safe}_" if safe in RESERVED else safe


# -- Layout --------------------------------------------------------------------------------------


def flat(expression: Expression) -> str:
    """An expression on one line."""
    if isinstance(expression, str):
        return expression
    if isinstance(expression, Comprehension):
        inside = f"{expression.before}{flat(expression.element)} {_clauses(expression)}"
        return expression.brackets[0] + inside + expression.brackets[1]
    if isinstance(expression, Choice):
        return f"({_choice(expression)})"
    if isinstance(expression, Bracketed):
        return f"({flat(expression.inside)})"
    if isinstance(expression, Chain):
        return " ".join([flat(expression.first), *(f"{sign} {flat(operand)}" for sign, operand in expression.rest)])
    is_tuple_of_one = expression.brackets == "()" and not expression.head and len(expression.items) == 1
    return flat(expression.head) + _bracketed(expression, "," if is_tuple_of_one else "")


def _choice(choice: Choice) -> str:
    return f"{flat(choice.value)} if {choice.condition} else {choice.otherwise}"


def _clauses(comprehension: Comprehension) -> str:
    loops = [f"for {target} in {flat(iterable)}" for target, iterable in comprehension.loops]
    return " ".join([*loops, *_condition(comprehension)])


def _condition(comprehension: Comprehension) -> list[str]:
    return [f"if {comprehension.condition}"] if comprehension.condition else []


def _bracketed(group: Group, end: str = "") -> str:
    return group.brackets[0] + _inside(group) + end + group.brackets[1]


def _inside(group: Group) -> str:
    return ", ".join(before + flat(item) for before, item in group.items)


def lay_out(expression: Expression, indent: int, before: str = "", after: str = "") -> Iterator[str]:
    """The lines of an expression with text before and after it, as ``ruff format`` writes them.

    What is too long for one line has the inside of its brackets on a line; if that is too long, or a display, an
    item per line, each with a comma.
    """
    if isinstance(expression, str) or _fits(before + flat(expression) + after, indent):
        yield " " * indent + before + flat(expression) + after
        return
    if isinstance(expression, Comprehension):
        yield " " * indent + before + expression.brackets[0]
        inside = f"{expression.before}{flat(expression.element)} {_clauses(expression)}"
        if _fits(inside, indent + 4):
            yield " " * (indent + 4) + inside
        else:
            yield from lay_out(expression.element, indent + 4, expression.before)
            for target, iterable in expression.loops:
                yield from lay_out(iterable, indent + 4, f"for {target} in ")
            yield from (" " * (indent + 4) + line for line in _condition(expression))
        yield " " * indent + expression.brackets[1] + after
        return
    if isinstance(expression, Choice):
        yield " " * indent + before + "("
        if _fits(_choice(expression), indent + 4):
            yield " " * (indent + 4) + _choice(expression)
        else:
            yield from lay_out(expression.value, indent + 4)
            yield " " * (indent + 4) + f"if {expression.condition}"
            yield " " * (indent + 4) + f"else {expression.otherwise}"
        yield " " * indent + ")" + after
        return
    if isinstance(expression, Chain):
        yield from _lay_out_chain(expression, indent, before, after)
        return
    if isinstance(expression, Bracketed):
        yield from _in_parentheses(expression.inside, indent, before, after)
        return
    head = expression.head
    if isinstance(head, Group) and head.items and not _fits(before + flat(head) + expression.brackets[0], indent):
        arguments = _bracketed(expression)
        if _fits(f"){arguments}{after}", indent):
            yield from _open(head, indent, before, arguments + after)
            return
    yield from _open(expression, indent, before, after)


def _lay_out_chain(chain: Chain, indent: int, before: str, after: str) -> Iterator[str]:
    sign, last = chain.rest[-1]
    if after != "," and len(chain.rest) == 1 and isinstance(last, Bracketed):
        start = f"{before}{flat(chain.first)} {sign} "
        if _fits(f"{start}(", indent):
            yield from lay_out(last, indent, start, after)
            return
    if after != "," and len(chain.rest) == 1 and isinstance(last, Group) and last.items:
        start = f"{before}{flat(chain.first)} {sign} "
        if _fits(f"{start}{flat(last.head)}{last.brackets[0]}", indent):
            yield from _open(last, indent, start, after)
            return
    if after == ",":  # an argument needs no parentheses
        yield from _operands(chain, indent, before, after)
        return
    yield from _in_parentheses(chain, indent, before, after)


def _in_parentheses(inside: Expression, indent: int, before: str, after: str) -> Iterator[str]:
    yield " " * indent + before + "("
    if _fits(flat(inside), indent + 4) or not isinstance(inside, Chain):
        yield from lay_out(inside, indent + 4)
    else:
        yield from _operands(inside, indent + 4, "", "")
    yield " " * indent + ")" + after


def _operands(chain: Chain, indent: int, before: str, after: str) -> Iterator[str]:
    """An operand per line; those of stronger operators, too, where they do not fit."""
    operands = [(before, chain.first), *((f"{sign} ", operand) for sign, operand in chain.rest)]
    for index, (start, operand) in enumerate(operands, 1):
        end = after if index == len(operands) else ""
        fits = _fits(start + flat(operand) + end, indent)
        yield from (_operands if isinstance(operand, Chain) and not fits else lay_out)(operand, indent, start, end)


def _open(group: Group, indent: int, before: str, after: str) -> Iterator[str]:
    """A group whose brackets are on lines of their own."""
    if not group.items:
        yield " " * indent + before + flat(group) + after
        return
    head = group.head
    if isinstance(head, Group) and not _fits(before + flat(head) + group.brackets[0], indent):
        yield from _open(head, indent, before, group.brackets[0])
    else:
        yield " " * indent + before + flat(head) + group.brackets[0]
    is_call = bool(head)
    if is_call and _fits(_inside(group), indent + 4):
        yield " " * (indent + 4) + _inside(group)
    else:
        for prefix, item in group.items:
            yield from lay_out(item, indent + 4, prefix, ",")
    yield " " * indent + group.brackets[1] + after


def _fits(text: str, indent: int) -> bool:
    if len(text) + indent > LINE_LENGTH:
        return False
    return indent + width(text) <= LINE_LENGTH
