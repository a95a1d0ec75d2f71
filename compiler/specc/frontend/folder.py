"""The specs in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

ENDINGS = (".json", ".yaml", ".yml")


def specs_in(folder: str) -> list[str]:
    """Every JSON and YAML file in a folder and below it, sorted; no hidden files, and no linked folders."""
    found: list[str] = []
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            os.path.normpath(os.path.join(where, name))
            for name in files
            if not name.startswith(".") and name.lower().endswith(ENDINGS)
        ]
    return sorted(found, key=lambda path: Path(path).parts)


def holds_blocks_only(data: Any) -> bool:
    """Whether a document's data is that of a file of blocks."""
    return isinstance(data, dict) and "blocks" in data and "layers" not in data
