"""The pages that explain the error codes: one Markdown file each, shipped with the package and shown by the docs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any


def codes() -> list[str]:
    """Every code that has a page, in alphabetical order."""
    return list(_codes())


@cache
def _codes() -> tuple[str, ...]:
    found = (
        entry.name.removesuffix(".md")
        for entry in _folder().iterdir()
        if entry.name.endswith(".md") and entry.name != "index.md"
    )
    return tuple(sorted(found))


def page(code: str) -> str | None:
    """The page of a code, in Markdown; None where there is no such code."""
    return _read(code) if code in _codes() else None


@cache
def _read(code: str) -> str:
    text: str = (_folder() / f"{code}.md").read_text(encoding="utf-8")
    return text.rstrip()


def title(code: str) -> str:
    """What a code means, in one line: the first paragraph of its page."""
    lines = (page(code) or "").split("\n")
    return next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")


def is_warning(code: str) -> bool:
    """Whether a code is that of a warning, as its page says first."""
    return title(code).startswith("A warning:")


def warnings() -> list[str]:
    """Every code of a warning, in alphabetical order."""
    return list(_warnings())


@cache
def _warnings() -> tuple[str, ...]:
    return tuple(filter(is_warning, _codes()))


def as_dict(code: str) -> dict[str, Any]:
    """A code with what its page says, as plain data; ``page`` is Markdown."""
    severity = "warning" if is_warning(code) else "error"
    return {"code": code, "severity": severity, "title": title(code), "page": page(code)}


def flowing(text: str) -> str:
    """A page with each paragraph on a line of its own, for a terminal to break; code stays as it is."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [re.sub(r"(?<=\S)\n(?=[^\s#|-])", " ", part) for part in parts[::2]]
    return "".join(parts)


def _folder() -> Any:  # a Traversable, whose type moved between Python versions
    return files("specc") / "errors"
