"""Puts the engine's JavaScript modules into one script, which runs in the renderer's V8 and in a page alike.

The modules are written as ES modules, so that editors and the type checker know them. Each becomes a function that is
called once, after those that it imports, so that no two share their names.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\.(?:/|\./(\w+)/)([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)


@cache
def bundle(*names: str, folder: str = "engine") -> str:
    """A script that defines ``specc``: an object with what the named modules of a folder export.

    A module imports from its own folder, or from one beside it (``"../engine/view.js"``).

    ValueError for modules that import each other in a circle, or export otherwise than by ``export function`` and the like.
    """
    parts: dict[str, str] = {}
    for name in names:
        _add(folder, name, parts, ())
    own = ", ".join(f"...{_variable(folder, name)}" for name in names)
    return "\n".join(['"use strict";', *parts.values(), f"const specc = {{ {own} }};", ""])


def _add(folder: str, name: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    path = f"{folder}/{name}"
    if path in above:
        raise ValueError(f"modules import each other: {' -> '.join([*above, path])}")
    if path in parts:
        return
    source = files(__package__).joinpath(folder, f"{name}.js").read_text("utf-8")
    for found in _IMPORT.finditer(source):
        _add(found[2] or folder, found[3], parts, (*above, path))
    exported = [found[1] for found in _EXPORT.finditer(source)]
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: _destructured(found, folder), source))
    if re.search(r"^(?:im|ex)port\b", body, re.MULTILINE):
        raise ValueError(f"{path}.js imports or exports in a way that is not read here")
    parts[path] = f"const {_variable(folder, name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"


def _destructured(found: re.Match[str], folder: str) -> str:
    names = re.sub(r"(\w+) as (\w+)", r"\1: \2", found[1])
    return f"const {{{names}}} = {_variable(found[2] or folder, found[3])};\n"


def _variable(folder: str, name: str) -> str:
    return f"${folder}_{name.replace('-', '_')}"
