"""What is meant by a formula that Python's parser does not take: signs of other languages, brackets, products without a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from specc.expressions.syntax import parsed_or_none
from specc.formulas.text import Within

_SIGNS = (
    (r"&&|\u2227", " and "),
    (r"\|\||\u2228", " or "),
    (r"!(?!=)|¬", " not "),
    (r"<>|≠", "!="),
    (r"=>|≥", ">="),
    (r"=<|≤", "<="),
    (r"(?<![<>=!:])=(?!=)", "=="),
    (r"[\u00d7\u00b7\u22c5\u2217\u2299]", "*"),
    (r"÷", "/"),
    (r"[\u2212\u2013]", "-"),
    (r"²", "**2"),
    (r"³", "**3"),
    (r"√\s*(\w+)", r"sqrt(\1)"),
    (r"√\s*\(", "sqrt("),
    (r"∈", " in "),
    (r"[“”„]", '"'),
    (r"[\u2018\u2019]", "'"),
    (r"`", ""),
    (r"(?<![\w.])0+(?=\d)", ""),
    (r"\|([^|]+)\|", r"abs(\1)"),
)
"""Signs of other languages, and what they are in Python's."""
_ASSIGNED = re.compile(r"\A\s*[^\W\d]\w*\s*:?=(?!=)")
_CHOICE = re.compile(r"([^?:]+)\?([^?:]+):([^?:]+)\Z")
_PRODUCTS = (
    (r"(?<![\w.])(\d+(?:\.\d*)?)\s*(?=[^\W\d]|\()", r"\1 * "),
    (r"\)\s*(?=[\w(])", ") * "),
    (r"(?<=[^\W])(\s+)(?=[^\W\d$])", r" * "),
)
"""Products without a sign: ``2x``, ``(a)(b)``, ``a b``."""
_VALUES = (r"\$?\{+\s*(\w+)\s*\}+", r"$\1")
_PAIRS = {"(": ")", "[": "]"}
_OPENERS = {close: open for open, close in _PAIRS.items()}


def repairs(written: str) -> Iterator[str]:
    """Texts that may be meant, each of which Python's parser takes, the likeliest first."""
    for text in dict.fromkeys(text.strip() for text in _candidates(written)):
        if parsed_or_none(_plain(text)) is not None:
            yield text


def _candidates(written: str) -> Iterator[str]:
    for start in dict.fromkeys((_ASSIGNED.sub("", written, count=1), written)):
        text = re.sub(*_VALUES, start)
        yield from (text, balanced(text)[0])
        for pattern, sign in _SIGNS:
            text = re.sub(pattern, sign, text)
        if (choice := _CHOICE.match(text)) is not None:
            condition, one, other = (part.strip() for part in choice.groups())
            text = f"{one} if {condition} else {other}"
        yield text
        text = balanced(text)[0]
        yield text
        for pattern, sign in _PRODUCTS:
            text = re.sub(pattern, sign, text)
            yield text


def balanced(text: str) -> tuple[str, int | None]:
    """A text whose brackets close, and the place of the first that did not; None if all did."""
    opened: list[tuple[str, int]] = []
    made: list[str] = []
    wrong = None
    quote = ""
    for place, char in enumerate(text):
        right = char
        if quote or char in "\"'":
            quote = "" if char == quote else quote or char
        elif char in _PAIRS:
            opened.append((char, place))
        elif char in _OPENERS:
            right = _PAIRS[opened.pop()[0]] if opened else ""
            wrong = place if wrong is None and right != char else wrong
        made.append(right)
    if opened and wrong is None:
        wrong = opened[0][1]
    return "".join(made).rstrip() + "".join(_PAIRS[char] for char, _ in reversed(opened)), wrong


def depth(text: str) -> int:
    """How many brackets are open at once."""
    deepest = now = 0
    for char in text:
        now += (char in _PAIRS) - (char in _OPENERS)
        deepest = max(deepest, now)
    return deepest


def changed(written: str, meant: str) -> tuple[Within, str]:
    """The words that differ between two texts, and what stands there in the second."""
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(written), len(meant)) - start and written[-1 - end] == meant[-1 - end]:
        end += 1
    while start > 0 and not written[start - 1].isspace():
        start -= 1
    while end > 0 and not written[-end].isspace():
        end -= 1
    return (start, max(len(written) - end, start + 1)), meant[start : len(meant) - end]


def _plain(text: str) -> str:
    """The text with names in place of values."""
    return re.sub(r"\$\(", "v(", re.sub(r"\$(?=\w)", "v", text)).replace("[*]", "").replace("\n", " ")
