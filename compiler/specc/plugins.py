"""Modules that add layers, operations, losses and objects of every other kind. The user names them; a spec never can.

A plugin defines subclasses of `specc.layers.base.Layer`, `specc.objects.loss.Loss`... and registers them with `add`.
Keras's object for each is in a module of its own (``imported_from``), so that checking a spec imports no Keras.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from specc.arguments import plugged
from specc.arguments.plugged import PluginError, add

__all__ = ["PluginError", "add", "configured", "fault", "files", "load"]

from specc import project

_files: dict[str, str] = {}


def configured(folder: Path) -> list[str]:
    """The plugins that ``[tool.specc] plugins`` names in the folder's pyproject.toml."""
    plugins = (project.settings(folder) or {}).get("plugins", [])
    if not isinstance(plugins, list) or not all(isinstance(name, str) for name in plugins):
        raise PluginError("[tool.specc] plugins in pyproject.toml must be a list of module names")
    return plugins


def load(names: Iterable[str]) -> None:
    """Import the modules; those of the working folder come after all installed ones. PluginError if that fails.

    The path of a file (``./my_layers.py``) means the module in it.
    """
    for name in names:
        path = _path(name)
        module = name if path is None else path.stem
        if module not in sys.modules:
            here = str(Path.cwd() if path is None else path.parent)
            if here not in sys.path:
                sys.path.append(here)  # it stays: a layer's Keras class is imported when a model is built
            try:
                import_module(module)
            except (Exception, SystemExit) as error:
                raise PluginError(f"cannot import the plugin {name}: {type(error).__name__}: {error}") from error
        found = getattr(sys.modules[module], "__file__", None)
        if path is not None and (found is None or not path.samefile(found)):
            raise PluginError(f"cannot import the plugin {name}: another module is named {module}; rename the file")
        if found is not None:
            _files[module] = found


def files() -> list[str]:
    """The files of the modules that were loaded, and those with Keras's objects for their classes."""
    named = plugged.modules() if _files else set()
    return [*_files.values(), *(file for module in sorted(named) if (file := _origin(module)) is not None)]


def fault(error: Exception) -> str | None:
    """What to say of an error that was raised by a plugin; None if no plugin had a part in it."""
    if isinstance(error, PluginError):
        return str(error)
    from traceback import extract_tb  # for faults only

    where = next((it for it in reversed(extract_tb(error.__traceback__)) if it.filename in files()), None)
    if where is None:
        return None
    said = f"{type(error).__name__}: {error}".split("\n", 1)[0]
    return f"a plugin fails at {Path(where.filename).name}:{where.lineno} in {where.name}: {said}"


def _origin(module: str) -> str | None:
    """The file of a module, found without importing it."""
    first, *rest = module.split(".")
    try:
        found = find_spec(first)
    except ValueError:  # an object that replaces a module has no file
        return None
    if found is None:
        return None
    if not rest:
        return found.origin
    return next(
        (str(Path(folder, *rest).with_suffix(".py")) for folder in found.submodule_search_locations or ()), None
    )


def _path(name: str) -> Path | None:
    """The file whose path a plugin's name is; None for a module's name. PluginError if there is no such file."""
    path = Path(name)
    if path.suffix != ".py" and path.name == name:
        return None
    if path.suffix != ".py" or not path.is_file():
        raise PluginError(
            f"cannot import the plugin {name}: there is no such file; name a module (my_layers) or its file (my_layers.py)"
        )
    return path.resolve()
