"""What an unknown argument, or an unknown key of the spec, probably means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from specc.arguments import vocabulary
from specc.arguments.fields import ArgumentFields
from specc.arguments.kinds import RESERVED, find
from specc.arguments.vocabulary import Word
from specc.budget import current
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import certain, fold, nearest
from specc.diagnostics.text_safety import quote_value, shorten

COST_OF_A_HINT = 20
"""The cost of finding out what a name means, in comparisons of names; skipped in a spec with very many."""


def unknown_argument(cls: type[ArgumentFields], name: str, given: Mapping[str, Any]) -> Problem:
    """The problem of an unknown argument, with what was meant or where it belongs."""
    if name in cls.refused:
        return Problem("refused-argument", f"'{name}' cannot be given in a spec", (name,), cls.refused[name], "key")
    budget = current()
    help, fix = _help(cls, name, given) if budget.comparisons > 0 else (None, None)
    budget.comparisons -= COST_OF_A_HINT
    return Problem(cls.unknown_code, f"has no {cls.noun} {quote_value(name)}", (name,), help, "key", fix)


def meant(cls: type[ArgumentFields], name: str) -> str | None:
    """The argument that an unknown name means: an older name, or a misspelled one."""
    budget = current()
    budget.comparisons -= COST_OF_A_HINT
    if budget.comparisons < 0:
        return None
    names = cls.argument_order()
    if (equal := _equal(name, names)) is not None:
        return equal
    if (key := name.partition(" ")[0]) in names:  # a colon is missing
        return key
    if (word := _word(cls, name)) is not None:
        return word.write or None
    return nearest(name, names)


def _help(cls: type[ArgumentFields], name: str, given: Mapping[str, Any]) -> tuple[str, Fix | None]:
    names = cls.argument_order()
    equal = _equal(name, names)
    if equal is not None:
        return f"did you mean '{equal}'?", _fix(equal, given)
    if name in cls.tensor_names():
        return as_from(cls, name, given)
    key, _, value = name.partition(" ")
    if value and given.get(name) is None and key in (*names, "name", "from", "type"):
        return f"a colon is missing: write {key}: {shorten(value)}", None
    if cls.kind == "activation" and (layer := _activation_layer(cls, given)) is not None:
        return f"a function takes none; write the layer: {layer}", None
    if (place := cls.hint_for_unknown(name) or _place(cls, name, given)) is not None:
        return place, None
    if cls.noun == "argument" and (inside := held(name, given.get(name))) is not None:
        beside = {other: given[other] for other in given if other != name}
        return beside_type({"type": cls.keras_name(), **beside, **inside}), None
    if (word := _word(cls, name)) is not None:
        return word.help(name, given.get(name)), _fix(word.write, given) if word.is_exact() else None
    if (place := cls.hint_beside(name, given)) is not None:
        return place, None
    if (best := nearest(name, names)) is not None:
        return f"did you mean '{best}'?", _fix(best, given) if certain(name, names) == best else None
    return f"it takes {', '.join(names)}" if names else f"it takes no {cls.noun}s", None


def _activation_layer(cls: type[ArgumentFields], given: Mapping[str, Any]) -> str | None:
    """The layer that is an activation with arguments, if it takes all of those that were given."""
    kind = cls.as_layer()
    layer = find("layer", kind)
    item = {today(layer, name): value for name, value in given.items()}
    if layer is None or not item.keys() <= layer.argument_fields().keys():
        return None
    return flow({"type": kind, **item})


def held(name: str, value: Any) -> dict[str, Any] | None:
    """The arguments in a nested map, as other formats have them: ``{type: Dense, config: {units: 4}}``."""
    word = vocabulary.first("key", name, "Item") if isinstance(value, dict) else None
    return value if word is not None and "'type'" in word.words else None


def beside_type(item: dict[str, Any]) -> str:
    """What to write instead of arguments in a nested map."""
    return f"write the arguments next to 'type': {shorten(flow(item), 300)}"


def _fix(name: str, given: Mapping[str, Any]) -> Fix | None:
    return None if name in given else Fix(name)


def _word(cls: type[ArgumentFields], name: str) -> Word | None:
    """The row of the table about the name as an argument of this class."""
    fields = cls.argument_fields()
    if cls.noun == "key":
        return next((word for word in vocabulary.look_up("key", name) if word.is_about(cls.__name__)), None)
    is_layer = cls.kind in ("layer", "operation")
    rows = vocabulary.look_up("argument" if is_layer else f"{cls.kind} argument", name)
    for word in rows:
        if word.is_about(cls.keras_name()) and (not word.write or word.write in fields):
            return word
    part = "Item" if is_layer else "Training" if cls.kind == "compile" else None
    return next((word for word in vocabulary.look_up("key", name) if part and word.is_about(part)), None)


def as_from(cls: type[ArgumentFields], name: str, given: Mapping[str, Any]) -> tuple[str, Fix | None]:
    """A help for a tensor that was given as an argument: it goes under ``from``, with all others given this way."""
    tensors = cls.tensor_names()
    listed = cls.tensors_in_list()
    written = {tensor: given[tensor] for tensor in tensors if tensor in given}
    if tensors == [name] and isinstance(given.get(name), str | list):
        return f"write from: {flow(given[name])}", Fix("from")
    if tensors[0] == "inputs" and name in listed:
        return f"it is a tensor: write from: {flow([given[tensor] for tensor in listed if tensor in given])}", None
    if tensors[0] not in written:
        written = {tensors[0]: "...", **written}
    return f"it is a tensor: write from: {flow(written)}", None


def _place(cls: type[ArgumentFields], name: str, given: Mapping[str, Any]) -> str | None:
    """A help for a name that is in the wrong place."""
    value = given.get(name)
    if cls.noun == "key" and isinstance(value, dict) and "layers" in value and "layers" in cls.argument_fields():
        return f"remove '{name}': 'layers' and the keys next to it are the top of a spec"
    if cls.kind != "layer":
        return None
    if name in RESERVED.get("item", ()):
        return f"'{name}' is a key of an item; it is not allowed on a layer inside another"
    if (found := inside(cls, [name], given)) is not None:
        return found.help
    is_of_spec = name in RESERVED.get("spec", ())
    return f"'{name}' is a key of the spec itself: write it next to 'layers'" if is_of_spec else None


class Inside(NamedTuple):
    """Arguments of the layer inside a wrapper that were given to the wrapper."""

    argument: str
    """The wrapper's argument that contains the layer."""
    names: tuple[str, ...]
    """Those that belong to the layer, and another name for ``argument``, in the order given."""
    help: str


def inside(cls: type[ArgumentFields], unknown: Sequence[str], given: Mapping[str, Any]) -> Inside | None:
    """Which of the unknown arguments belong to the layer inside a wrapper, and what to write; None if none does."""
    for row in vocabulary.look_up("inside", cls.__name__) if cls.kind == "layer" else ():
        argument, *likely = row.write.split()
        renamed = next((it for it in unknown if argument not in given and meant(cls, it) == argument), None)
        inner = _inner(argument, given.get(renamed or argument))
        if inner is None:
            kind = max(likely, key=lambda kind: sum(name in _arguments_of(kind) for name in unknown))
            inner = {"type": kind}
        if not isinstance(inner.get("type"), str) or find("layer", inner["type"]) is None:
            continue
        own = _arguments_of(inner["type"])
        found = [name for name in unknown if name in own]
        if not found:
            continue
        text = flow({argument: {**inner, **{name: given[name] for name in found}}})[1:-1]
        said = "it is an argument" if len(found) == 1 else "they are arguments"
        return Inside(
            argument,
            tuple(name for name in unknown if name in found or name == renamed),
            f"{said} of the layer inside: write {text}",
        )
    return None


def _inner(argument: str, written: Any) -> dict[str, Any] | None:
    """The layer that an argument was given, as a map; if a cell is expected instead of a layer, the cell."""
    inner = {"type": written} if isinstance(written, str) else written
    if not isinstance(inner, dict):
        return None
    cell = f"{inner.get('type')}Cell"
    return {**inner, "type": cell} if argument.startswith("cell") and find("layer", cell) is not None else inner


def _arguments_of(kind: str) -> Iterable[str]:
    cls = find("layer", kind)
    return cls.argument_fields() if cls is not None else ()


def _equal(name: str, names: list[str]) -> str | None:
    """The name that differs only in letter case, ``_`` and ``-``."""
    folded = fold(name)
    return nearest(name, [one for one in names if fold(one) == folded])


def today(cls: type[ArgumentFields] | None, argument: str) -> str:
    """What a spec calls an argument."""
    if cls is None or argument in cls.argument_fields() or argument in RESERVED.get("item", ()):
        return argument
    return meant(cls, argument) or argument
