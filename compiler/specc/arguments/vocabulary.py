"""What other libraries and earlier versions of Keras call what a spec has: `vocabulary.tsv`, read when a name is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from specc.diagnostics.suggest import fold
from specc.diagnostics.text_safety import quote_value


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the table: a name that is used elsewhere, and what a spec has instead."""

    kind: str
    names: tuple[str, ...]
    write: str = ""
    """What to write: a name, or a map in YAML's flow style; empty if there is no such thing."""
    origin: str = ""
    words: str = ""
    of: tuple[str, ...] = ()
    """The types that it applies to; empty for every one that has what to write."""

    def is_about(self, type_name: str) -> bool:
        """Whether the row is about a type."""
        return not self.of or any(fnmatchcase(type_name, pattern) for pattern in self.of)

    def is_exact(self) -> bool:
        """Whether it is another name for the same thing, and nothing needs to be explained."""
        return bool(self.write) and not self.words and "{" not in self.write

    def help(self, name: str, value: Any = None) -> str:
        """A help for the name, which was given that value."""
        called = f", which {self.origin} calls {quote_value(name)[1:-1]}" if self.origin else ""
        rest = value[1:] if isinstance(value, list) else ["..."]
        words = (
            self.words.replace("{value}", quote_value(value))
            .replace("{rest}", quote_value(rest))
            .replace("{name}", name)
        )
        return "; ".join(part for part in (f"write {self.write}{called}" if self.write else "", words) if part)


@cache
def table() -> dict[str, dict[str, tuple[Word, ...]]]:
    """All rows: by kind, then by each name as it is written and by its folded spelling."""
    found: dict[str, dict[str, tuple[Word, ...]]] = {}
    text = (files("specc.arguments") / "vocabulary.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        kind, names, *rest = line.split("\t")
        write, origin, words, of = (*rest, "", "", "", "")[:4]
        row = Word(kind, tuple(names.split()), write, origin, words, tuple(of.split()))
        by_name = found.setdefault(kind, {})
        for name in row.names:
            for key in dict.fromkeys((name, fold(name))):
                by_name[key] = (*by_name.get(key, ()), row)
    return found


def look_up(kind: str, name: str) -> tuple[Word, ...]:
    """The rows for a name: those for its own spelling, else those for one that differs in case, ``_`` and ``-``."""
    rows = table().get(kind, {})
    return rows.get(name) or rows.get(fold(name), ())


def first(kind: str, name: str, of: str = "") -> Word | None:
    """The row for a name that is not an argument, or None; ``of`` is the type of a key's part."""
    return next((word for word in look_up(kind, name) if word.is_about(of)), None)
