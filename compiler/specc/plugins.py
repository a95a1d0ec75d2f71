"""Modules that add layer classes. The user names them; a spec never can.

A plugin defines subclasses of `specc.layers.base.Layer` and registers each with `specc.layers.add`. The Keras class of
each is in a module of its own (`Layer.imported_from`), so that checking a spec imports no Keras.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path


class PluginError(Exception):
    """A plugin cannot be imported; the message is one line for the user."""


def configured(folder: Path) -> list[str]:
    """The plugins that ``[tool.specc] plugins`` names in the folder's pyproject.toml."""
    import tomllib

    try:
        data = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    plugins = data.get("tool", {}).get("specc", {}).get("plugins", [])
    if not isinstance(plugins, list) or not all(isinstance(name, str) for name in plugins):
        raise PluginError("[tool.specc] plugins in pyproject.toml must be a list of module names")
    return plugins


def load(names: Iterable[str]) -> None:
    """Import the modules, those of the working folder after all installed ones. PluginError if one cannot be."""
    for name in names:
        if name in sys.modules:
            continue
        here = str(Path.cwd())
        if here not in sys.path:
            sys.path.append(here)  # it stays: a layer's Keras class is imported when a model is built
        try:
            import_module(name)
        except (Exception, SystemExit) as error:
            raise PluginError(f"cannot import the plugin {name}: {type(error).__name__}: {error}") from error
