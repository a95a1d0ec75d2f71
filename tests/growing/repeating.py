"""The ways in which a text grows, and the table of kinds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

Kind = Callable[[int], str]

KINDS: dict[str, Kind] = {}
X = "{type: Input, name: x, shape: [3]}"
TENFOLD = ", ".join(["$a^"] * 10)


def many(size: int, *units: str, between: str = "") -> str:
    """The last unit again and again, its ``@`` a number that counts up and its ``^`` the number before; the others lead."""
    *lead, unit = units
    parts, length = list(lead), sum(map(len, lead))
    for number in count(1):
        part = unit.replace("@", str(number)).replace("^", str(number - 1))
        length += len(part) + len(between)
        if length > size:
            return "".join(lead) + between.join(parts[len(lead) :])
        parts.append(part)
    raise AssertionError


def kind(name: str, make: Kind) -> None:
    """Add a kind to the table."""
    assert name not in KINDS, name
    KINDS[name] = make


def lines(name: str, *units: str, end: str = "") -> None:
    """A kind of which a line repeats."""
    kind(name, lambda size: many(size - len(end), *units) + end)


def listed(name: str, begin: str, unit: str, end: str) -> None:
    """A kind in which the entries of a list or map on one line repeat."""
    kind(name, lambda size: begin + many(size - len(begin) - len(end), unit, between=",") + end)


def one(name: str, begin: str, unit: str, end: str) -> None:
    """A kind in which a piece of text repeats without anything between."""
    kind(name, lambda size: begin + many(size - len(begin) - len(end), unit) + end)


def nested(name: str, begin: str, opening: str, middle: str, closing: str, end: str) -> None:
    """A kind that nests."""
    kind(
        name,
        lambda size: (
            begin
            + opening * ((size - len(begin + middle + end)) // len(opening + closing))
            + middle
            + closing * ((size - len(begin + middle + end)) // len(opening + closing))
            + end
        ),
    )


def doubling(name: str, first: str, unit: str, end: str, levels: int = 24) -> None:
    """A kind of few lines in which each value holds the one before it many times; the size plays no part."""

    def make(size: int) -> str:
        rows = [f"  a0: {first}"] + [
            f"  a{n}: {unit.replace('^', str(n - 1)).replace('@', str(n))}" for n in range(1, levels + 1)
        ]
        return "vars:\n" + "\n".join(rows) + "\n" + end.replace("@", str(levels))

    kind(name, make)
