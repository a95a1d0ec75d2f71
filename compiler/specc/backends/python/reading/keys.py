"""Items whose names have one form, such as ``x_0_1``: the keys by which a source finds each of them in a dict."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.writing.text import quote


class Slot(NamedTuple):
    """A value in a name: its text in the source, and what kind of values it has."""

    text: str
    kind: type


class Key(NamedTuple):
    """A name with values in it."""

    pieces: tuple[str | Slot, ...]

    @property
    def name(self) -> str:
        """The whole name, in the source."""
        if all(isinstance(it, str) for it in self.pieces):
            return quote("".join(map(str, self.pieces)))
        if len(self.pieces) == 1 and isinstance(only := self.pieces[0], Slot) and only.kind is str:
            return only.text
        inside = ""
        for it in self.pieces:
            if isinstance(it, Slot) and set(it.text) & set("\"'\\{}"):
                raise Unwritable("a name with an expression that has quotes")
            inside += (
                f"{{{it.text}}}" if isinstance(it, Slot) else quote(it)[1:-1].replace("{", "{{").replace("}", "}}")
            )
        return f'f"{inside}"'


class Form(NamedTuple):
    """What names have in common."""

    literals: tuple[str, ...]
    """What is the same, around what differs."""
    kind: type
    """What kind of values differ."""


_NUMBER = re.compile(r"0|[1-9]\d*")


def form_of(keys: Iterable[Key]) -> Form | None:
    """The form that all keys have, with as many values as there can be; None if they have none in common."""
    keys = list(keys)
    found = [form for form in dict.fromkeys(map(_form, keys)) if form is not None]
    fitting = [form for form in found if all(_values(key, form) is not None for key in keys)]
    return max(fitting, key=lambda form: len(form.literals), default=None)


def written(key: Key, form: Form | None) -> str:
    """A key in the source: of names of one form, what differs in them.

    >>> key = Key(("x_", Slot("row", int), "_0"))
    >>> written(key, Form(("x_", "_", ""), int)), written(key, None)
    ('row, 0', 'f"x_{row}_0"')
    """
    values = _values(key, form) if form is not None else None
    return key.name if values is None else ", ".join(values)


def _form(key: Key) -> Form | None:
    literals = [""]
    kinds = []
    for piece in key.pieces:
        if isinstance(piece, str):
            literals[-1] += piece
        else:
            kinds.append(piece.kind)
            literals.append("")
    is_of_numbers = all(kind is int for kind in kinds)
    if not kinds or not all(literals[1:-1]) or not (is_of_numbers or kinds == [str]):
        return None
    return Form(tuple(literals), kinds[0])


def _values(key: Key, form: Form) -> list[str] | None:
    """What a key has in place of what differs; None if it has another form."""
    rest = [it for it in key.pieces if it != ""]
    found: list[str] = []
    for literal, following in zip(form.literals, [*form.literals[1:], None], strict=True):
        if literal:
            if not rest or not isinstance(first := rest[0], str) or not first.startswith(literal):
                return None
            rest = [it for it in (first[len(literal) :], *rest[1:]) if it != ""]
        if following is None or not rest:
            break
        value, *rest = rest
        if isinstance(value, Slot):
            if value.kind is not form.kind:
                return None
            found.append(value.text)
            continue
        end = _end(value, following, form.kind)
        if not end:
            return None
        found.append(value[:end] if form.kind is int else quote(value[:end]))
        rest = [it for it in (value[end:], *rest) if it != ""]
    return found if not rest and len(found) == len(form.literals) - 1 else None


def _end(text: str, following: str, kind: type) -> int:
    """How much of a text is a value; 0 for nothing."""
    if kind is str:
        return len(text.removesuffix(following))
    number = _NUMBER.match(text)
    return number.end() if number is not None else 0
