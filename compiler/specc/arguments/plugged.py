"""The classes that plugins have added, of every kind: layers, operations, losses, optimizers, initializers..."""

from __future__ import annotations

from specc import words
from specc.arguments.fields import ArgumentFields
from specc.arguments.kinds import KINDS, UNKNOWN_CODES


class PluginError(ValueError):
    """A plugin cannot be imported, or a class in it is wrong; the message is one line for the user."""


Added = dict[str, type[ArgumentFields]]
CLASSES: dict[str, Added] = {kind: {} for kind in UNKNOWN_CODES}
"""For each kind, the classes by the names of their types."""


def add(*classes: type[ArgumentFields]) -> None:
    """Make classes of a plugin known: what a spec calls each is its `keras_name`, or one of its ``spellings``.

    TypeError for what is no class of such a kind, or has an argument whose type cannot be checked. ValueError if Keras
    or another plugin has that name, or if the class does not name the module of Keras's own object.
    """
    for cls in classes:
        _check(cls)
    for cls in classes:
        CLASSES[cls.kind][cls.keras_name()] = cls


def modules() -> set[str]:
    """The modules that have the objects of Keras for these classes."""
    return {cls.imported_from for added in CLASSES.values() for cls in added.values()}


def _check(cls: type[ArgumentFields]) -> None:
    if not isinstance(cls, type) or not issubclass(cls, ArgumentFields) or cls.kind not in CLASSES:
        raise TypeError(f"{cls!r} is no subclass of Layer, Operation, Loss or another class that a plugin can add")
    if not isinstance(cls.imported_from, str) or not cls.imported_from:
        raise ValueError(f"{cls.__name__} must say in imported_from which module has {cls.keras_name()} for Keras")
    for name in (cls.keras_name(), *vars(cls).get("spellings", ())):
        _check_name(cls, name)
    if cls.kind == "activation" and (fields := cls.argument_fields()):
        raise TypeError(
            f"{cls.__name__} cannot have {', '.join(fields)}: Keras calls an activation with the tensor alone; "
            "write a layer for one that has arguments"
        )
    if any(isinstance(it, str) for it in vars(cls).get("tensors", ())):
        raise TypeError(f"{cls.__name__}.tensors has names; write specc.layers.base.Argument('x') for each")
    try:
        cls.model_rebuild()
    except Exception as error:  # pydantic's own errors have no base in common
        said = str(error).split("\n", 1)[0]
        raise TypeError(f"{cls.__name__} has an argument whose type cannot be checked: {said}") from error


def _check_name(cls: type[ArgumentFields], name: str) -> None:
    kind = KINDS["layer" if cls.kind == "operation" else cls.kind]
    found = kind.find(name)
    if name in kind.refused() or (found is not None and not found.imported_from):
        raise ValueError(f"{name} is {words.with_article(cls.kind)} of Keras; give the plugin's class another name")
    if found is not None and (found.__module__, found.__name__) != (cls.__module__, cls.__name__):
        raise ValueError(
            f"{name} is {words.with_article(cls.kind)} of {found.__module__}; give one of the two another name"
        )
