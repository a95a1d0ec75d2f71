"""The text of a formula with its ``$values`` put in: what Python's parser gets, character for character as long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from specc.budget import current
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate
from specc.expressions.syntax import LONGEST_EXPRESSION, closing

_VALUE = re.compile(r"\$(?:\(|[^\W\d]\w*)?")
_BRACED = re.compile(r"\$\{+\s*(\w+)\s*\}+")
_MARK = "\ua66e"
"""A letter that stands for each character of a value, which Python's parser takes for a name."""


_OF_NAMES = re.compile(
    r"""'[^']*'|"[^"]*"|(?P<comment>\#.*)|(?P<word>(?<![\w$])(?:as|assert|async|await|break|class|continue|def|del|except|finally|"""
    r"""from|global|import|nonlocal|pass|raise|return|try|while|with|yield)(?!\w))"""
    r"""|(?<=\w)(?P<all>\[\*\])|(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*(?P<port>(?:\.\d+)+)(?!\w)"""
)
"""What belongs to a name and is nothing to Python's parser: its own words, ``[*]``, the number of a port."""


Within = tuple[int, int]
"""The first character of a part of a formula, and the one after its last."""


class PutIn(NamedTuple):
    """A value that replaces the characters from ``start`` to ``end``."""

    start: int
    end: int
    value: Any


class FormulaText:
    """A formula's text and the values in it. ExpressionError for what is wrong with them."""

    def __init__(self, written: str, values: Mapping[str, Any]) -> None:
        self.written = written
        self.values = values
        """All values that can be put in."""
        self.put_in = tuple(self._values(written, values))
        source = list(re.sub(r"\s", " ", written))
        for start, end in [*((it.start, it.end) for it in self.put_in), *of_names(written)]:
            source[start:end] = _MARK * (end - start)
        self.source = "".join(source)
        """What Python's parser reads."""

    def _values(self, written: str, values: Mapping[str, Any]) -> list[PutIn]:
        if len(written) > LONGEST_EXPRESSION:
            message = f"a formula of {len(written)} characters is too long"
            help = f"at most {LONGEST_EXPRESSION}; compute a part in a formula of its own"
            raise error(message, (0, len(written)), help)
        found: list[PutIn] = []
        position = 0
        while (match := _VALUE.search(written, position)) is not None:
            start, end = match.span()
            if match[0] == "$" and (braced := _BRACED.match(written, start)) is not None:
                raise error("values have no braces", braced.span(), instead=f"${braced[1]}")
            if match[0] == "$":
                raise error("a formula has no $ but those of values", (start, end), "write $name or $(expression)")
            if match[0] == "$(":
                close = closing(written, end)
                if close is None:
                    raise error(f"{quote_value(written[start:])} is not closed", (start, len(written)), "add a ')'")
                end = close + 1
            found.append(PutIn(start, end, _value(written, start, end, values)))
            position = end
        return found

    def value(self, start: int, end: int) -> PutIn | None:
        """The value that stands for exactly these characters; None if there is none."""
        return next((it for it in self.put_in if (it.start, it.end) == (start, end)), None)

    def name(self, start: int, end: int) -> str:
        """The characters as they are after the values in them are put in: ``q_$(index)`` as "q_1"."""
        parts: list[str] = []
        for found in self.put_in:
            if start <= found.start and found.end <= end:
                parts += [self.written[start : found.start], self._as_text(found)]
                start = found.end
        return "".join([*parts, self.written[start:end]])

    def _as_text(self, found: PutIn) -> str:
        if isinstance(found.value, bool) or not isinstance(found.value, int | str):
            message = f"only an integer or a string can be part of a name, not {quote_value(found.value)}"
            raise error(message, (found.start, found.end))
        return str(found.value)

    def __str__(self) -> str:
        """The whole formula, its values put in, on one line."""
        parts: list[str] = []
        position = 0
        for start, end, value in self.put_in:
            parts += [self.written[position:start], str(value)]
            position = end
        return " ".join("".join([*parts, self.written[position:]]).split())


def error(
    message: str, within: Within, help: str | None = None, code: ErrorCode = "formula", instead: str | None = None
) -> ExpressionError:
    """What is wrong with some characters of a formula; ``instead`` is what is certainly meant."""
    if instead is None:
        return ExpressionError(code, message, *within, help)
    return ExpressionError(code, message, *within, help or f"write {instead}", Fix(instead))


def of_names(written: str) -> Iterator[Within]:
    """The parts of names that Python's parser would not take for such. ExpressionError for a comment."""
    for found in _OF_NAMES.finditer(written):
        if found["comment"]:
            help = "remove it: a comment goes above the item, or into its description"
            raise error("a formula has no comments", found.span("comment"), help, instead="")
        for group in ("word", "all", "port"):
            if found[group]:
                yield found.span(group)


def _value(written: str, start: int, end: int, values: Mapping[str, Any]) -> Any:
    try:
        value = evaluate(written[start:end], values)
    except ExpressionError as wrong:
        problem = wrong.problem
        first, last = problem.within or (0, end - start)
        raise ExpressionError(problem.code, problem.message, start + first, start + last, problem.help) from None  # type: ignore[arg-type]
    if isinstance(value, dict):
        raise error(f"a map cannot be part of a formula: {quote_value(value)}", (start, end))
    if isinstance(value, list | str) and not current().spend_values(current().size(value).elements):
        from specc.expressions.errors import overdrawn

        raise overdrawn(current(), written[start:end], start, end)
    return value
