"""What each argument of a layer or an object means, in a line: `argument_texts.tsv`, for ``specc layers`` and the schema."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from specc.arguments import Arguments


def argument_text(cls: type[Arguments], name: str) -> str | None:
    """The line about an argument of a class; None if the table has none. It knows no plugins.

    >>> from specc import layers
    >>> argument_text(layers.find("Dense"), "units")
    "The size of the output's last axis"
    """
    if cls.imported_from and _declares(cls, name):
        return None
    called = cls.keras_name() if cls.kind in ("layer", "operation") else f"{cls.kind}:{cls.keras_name()}"
    rows = _table().get(name, ())
    return next((text for text, of in rows if not of or any(fnmatchcase(called, pattern) for pattern in of)), None)


def _declares(cls: type[Arguments], name: str) -> bool:
    """Whether an argument is a plugin's own, not one of those that all layers or losses have."""
    bases = (base for base in cls.__mro__ if issubclass(base, Arguments) and base.imported_from)
    return any(name in vars(base).get("__annotations__", ()) for base in bases)


@cache
def _table() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The rows for each argument, in order: the line, and the types that it applies to."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    text = (files("specc.language") / "argument_texts.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, says, *of = line.split("\t")
            found.setdefault(name, []).append((says, tuple(of[0].split()) if of else ()))
    return found
