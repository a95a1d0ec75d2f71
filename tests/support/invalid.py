"""The broken specs in tests/invalid."""

from __future__ import annotations

from pathlib import Path

from specc.diagnostics import pages

FOLDER = Path(__file__).parents[1] / "invalid"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".json"))


def options(path: Path) -> list[str]:
    """The options of ``specc check`` that a file asks for in its first line."""
    first = path.read_bytes().split(b"\n", 1)[0].decode(errors="replace")
    return first.removeprefix("# specc check ").split() if first.startswith("# specc check ") else []


def code_of(path: Path) -> str:
    """The code that a file is about: the longest one that its name begins with."""
    return max((code for code in pages.codes() if path.stem == code or path.stem.startswith(f"{code}-")), key=len)
