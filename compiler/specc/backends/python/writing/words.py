"""What a spec says in words, as comments and docstrings: one line each, printable, and nothing that a tool obeys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import wrap

from specc.backends.python.writing.text import LINE_LENGTH, plain

_OBEYED = re.compile(
    r"(?i)\W*(noqa|type:|fmt:|yapf|ruff|pylint|pragma|isort|mypy|flake8|nosec|pyright|vim|-\*-|.*coding[:=])"
)
"""Comments that tools of Python read."""


def comment(text: str) -> str:
    """A text as a comment without its sign.

    >>> comment("the stem"), comment("noqa: all"), comment("a\\rb")
    ('the stem', '"noqa: all"', 'a\\\\rb')
    """
    line = plain(text)
    return f'"{line}"' if _OBEYED.match(line) else line


def docstring(text: str, arguments: Mapping[str, str], indent: int = 4) -> Iterator[str]:
    """The lines of a docstring; ``arguments`` are described, too."""
    margin = " " * indent
    described = {name: _inside(said) for name, said in arguments.items() if said.strip()}
    first, *rest = wrap(_inside(text), LINE_LENGTH - indent - 6) or [""]
    if not rest and not described:
        yield f'{margin}"""{first}"""'
        return
    yield f'{margin}"""{first}'
    yield from (f"{margin}{line}" for line in rest)
    if described:
        yield from ["", f"{margin}Args:"]
    for name, said in described.items():
        lines = wrap(f"{name}: {said}", LINE_LENGTH - indent - 4, subsequent_indent="    ")
        yield from (f"{margin}    {line}" for line in lines)
    yield f'{margin}"""'


def _inside(text: str) -> str:
    """A text inside a docstring, as a sentence."""
    line = plain(" ".join(text.split())).replace("\\", "\\\\").replace('"', "'")
    word = line.partition(" ")[0]
    if word == "a" or (word.isalpha() and len(word) > 1):
        line = line[0].upper() + line[1:]
    return line if line.endswith((".", "!", "?", ":", ";")) else f"{line}."
