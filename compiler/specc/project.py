"""The project that a spec belongs to: the nearest folder around it whose pyproject.toml has a table ``[tool.specc]``."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def settings(folder: Path) -> dict[str, Any] | None:
    """What ``[tool.specc]`` in the folder's pyproject.toml says; None if there is no such table."""
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if "tool.specc" not in text:
        return None
    import tomllib  # few projects need it

    try:
        data = tomllib.loads(text)
    except ValueError:
        return None
    tool = data.get("tool")
    found = tool.get("specc") if isinstance(tool, dict) else None
    return found if isinstance(found, dict) else None


def root_of(folder: Path) -> Path | None:
    """The project's folder, which is that folder or one around it; None if it belongs to no project."""
    return next((around for around in (folder, *folder.parents) if settings(around) is not None), None)
