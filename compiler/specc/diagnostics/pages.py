"""The pages that explain the error codes: one Markdown file each, shipped with the package and shown by the docs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from specc.diagnostics.codes import ERRORS, WARNINGS


def codes() -> list[str]:
    """Every code that has a page, in alphabetical order."""
    return sorted(ERRORS + WARNINGS)


def page(code: str) -> str | None:
    """The page of a code, in Markdown; None if there is no such code."""
    return _read(code) if code in ERRORS or code in WARNINGS else None


@cache
def _read(code: str) -> str:
    text: str = (files("specc") / "errors" / f"{code}.md").read_text(encoding="utf-8")
    return text.rstrip()


def title(code: str) -> str:
    """What a code means, in one line: the first paragraph of its page."""
    lines = (page(code) or "").split("\n")
    return next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")


def as_dict(code: str) -> dict[str, Any]:
    """A code with the content of its page, as plain data; ``page`` is Markdown."""
    severity = "warning" if code in WARNINGS else "error"
    return {"code": code, "severity": severity, "title": title(code), "page": page(code)}


def flowing(text: str) -> str:
    """A page with each paragraph on one line, for a terminal to wrap; code is unchanged."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [re.sub(r"(?<=\S)\n(?=[^\s#|-])", " ", part) for part in parts[::2]]
    return "".join(parts)
