"""What an unknown layer type was meant to be: PyTorch's or an older name, a function, a call in Python, a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable

from specc import objects
from specc.arguments import python_syntax, shorthand, vocabulary
from specc.arguments.kinds import LISTED, find
from specc.arguments.vocabulary import Word
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import certain, fold, nearest
from specc.diagnostics.text_safety import quote_value


def unknown_layer(name: str, known: list[str]) -> Problem:
    """The problem of a type that is not a known one: the name or alias of a layer or operation, or a block."""
    message = f"unknown layer type {quote_value(name)}"
    help, fix = _help(name, known)
    return Problem("unknown-layer", message, help=help or LISTED, fix=fix)


def layer_type(name: str, known: list[str]) -> str | None:
    """The known type that a name in any spelling means: ``keras.layers.Dense``, ``Linear``, ``conv2d``."""
    if find("layer", name) is not None:
        return name
    word = _word(name)
    last = name.rpartition(".")[2]
    if equal := _equal(last, known):
        return equal
    return word.write if word is not None and find("layer", word.write) is not None else None


def _help(name: str, known: list[str]) -> tuple[str | None, Fix | None]:
    if name.startswith("lambda ") or " lambda " in name:
        return "a spec contains no code; write an operation (type: ops.NAME), or a layer class in a plugin", None
    if " - " in name and all(find("layer", part) is not None for part in name.split(" - ")):
        return f"write an item for each, their dashes in one column: - {', - '.join(name.split(' - '))}", None
    bare = _WORDS.sub("", name) if len(name) <= LONGEST and _word(name) is None else name
    if bare != name and (found := _help(bare, known))[0] is not None:
        return found
    if (item := python_syntax.as_item(name)) is not None:
        text = flow(item)
        return f"write {text}", Fix(item) if "..." not in text else None
    if (item := shorthand.as_item(name)) is not None:
        return f"write {flow(item)}", Fix(item)
    path, _, last = name.rpartition(".")
    if (function := _function(path, last, known)) is not None:
        return function
    if (equal := _equal(name, known) or _equal(last, known)) is not None:
        return f"did you mean '{equal}'?", Fix(equal)
    if (word := _word(name) or _word(name.replace(" ", ""))) is not None:
        return word.help(last), Fix(word.write) if word.is_exact() else None
    if (activation := _equal(last, objects.spellings("activation"))) is not None:
        item = {"type": "Activation", "activation": activation}
        return f"write {flow(item)}", None
    if (operation := _equal(f"ops.{last}", known) or _equal(f"ops.image.{last}", known)) is not None:
        return f"write {operation}", Fix(operation)
    for kind in objects.MODULES:
        if objects.find(kind, last) is not None:
            return f"{quote_value(last)} is {objects.article(kind)}{_PLACES.get(kind, '')}", None
    close = nearest(name, known) or nearest(last, known)
    if close is None:
        return None, None
    return f"did you mean '{close}'?", Fix(close) if certain(name, known) == close else None


def _function(path: str, last: str, known: list[str]) -> tuple[str, Fix | None] | None:
    """What a function with the module that it is in means: ``tf.nn.softmax``."""
    if not path or path.endswith("layers"):
        return None
    if (word := vocabulary.first("operation", f"{path}.{last}")) is not None:  # torch.gather
        return word.help(last), Fix(word.write) if word.is_exact() else None
    names = (f"ops.{last}", f"ops.image.{last}")
    found = next((one for one in names if one in known), None)
    if found is None and path.endswith("ops"):
        found = _equal(names[0], known) or _equal(names[1], known)
    return None if found is None else (f"write {found}", Fix(found))


LONGEST = 100
"""Longest type, in characters, that is searched for words that do not belong to it."""
_WORDS = re.compile(r"\A(the|an?)\s+|(?<=\w)[\s_-]*(layers?|activation|function)\Z", re.IGNORECASE)
"""Words that do not belong to a name: from other libraries' names, or from a sentence."""
_PLACES = {
    **{kind: f": it goes under 'compile', as in compile: {{{kind}: ...}}" for kind in ("optimizer", "loss")},
    "metric": ": it goes under 'compile', as in compile: {metrics: [...]}",
    "schedule": ": it is the learning_rate of an optimizer under 'compile'",
    **dict.fromkeys(("initializer", "regularizer", "constraint"), ": it is an argument of a layer"),
}


def _word(name: str) -> Word | None:
    path, _, last = name.rpartition(".")
    kinds = ("operation", "layer") if path and not path.endswith(("layers", "nn")) else ("layer", "operation")
    return next((word for kind in kinds if (word := vocabulary.first(kind, last)) is not None), None)


def _equal(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs in letter case, ``_`` and ``-`` only."""
    folded = fold(name)
    return nearest(name, [one for one in known if fold(one) == folded])
