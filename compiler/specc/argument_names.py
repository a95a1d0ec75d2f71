"""What an unknown argument, or an unknown key of the spec, was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from specc.budget import current
from specc.diagnostics import vocabulary
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import certain, fold, nearest
from specc.diagnostics.text_safety import quote_value, shorten
from specc.diagnostics.vocabulary import Word
from specc.layers.attention_roles import ROLES

if TYPE_CHECKING:
    from specc.arguments import Arguments


COST_OF_A_HINT = 20
"""What finding out what a name was meant to be costs, in comparisons of names; in a spec with very many it is not done."""


def unknown_argument(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> Problem:
    """The problem of an argument that the class does not have, with what was meant or where it belongs."""
    if name in cls.refused:
        return Problem("refused-argument", f"'{name}' cannot be given in a spec", (name,), cls.refused[name], "key")
    budget = current()
    help, fix = _help(cls, name, given) if budget.comparisons > 0 else (None, None)
    budget.comparisons -= COST_OF_A_HINT
    return Problem(cls.unknown_code, f"has no {cls.noun} {quote_value(name)}", (name,), help, "key", fix)


def meant(cls: type[Arguments], name: str) -> str | None:
    """The argument that a name stands for that is none: an older name, or one with a slip."""
    budget = current()
    budget.comparisons -= COST_OF_A_HINT
    if budget.comparisons < 0:
        return None
    names = list(cls.argument_fields())
    if (equal := _equal(name, names)) is not None:
        return equal
    if (key := name.partition(" ")[0]) in names:  # a colon is missing
        return key
    if (word := _word(cls, name)) is not None:
        return word.write or None
    return nearest(name, names)


def _help(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> tuple[str, Fix | None]:
    names = list(cls.argument_fields())
    equal = _equal(name, names)
    if equal is not None:
        return f"did you mean '{equal}'?", _fix(equal, given)
    if name in (tensors := tensor_names(cls)):
        return as_from(tensors, name, given)
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
    if cls.__name__ == "Spec" and _is_of_last_item(name, given.get("layers")):
        return "it is a key of the item above: indent it as that item's other keys", None
    if cls.__name__ == "Spec" and name.startswith((".", "x-", "_")):  # for anchors, as Docker and GitLab have them
        return (
            "values that are used again go under 'vars', as in vars: {width: 8}, and $width where they are used",
            None,
        )
    if (best := nearest(name, names)) is not None:
        return f"did you mean '{best}'?", _fix(best, given) if certain(name, names) == best else None
    return f"it takes {', '.join(names)}" if names else f"it takes no {cls.noun}s", None


def _activation_layer(cls: type[Arguments], given: Mapping[str, Any]) -> str | None:
    """The layer that is an activation with arguments, where it takes all of those that were given."""
    from specc import layers
    from specc.diagnostics.notation import flow
    from specc.diagnostics.python_syntax import today
    from specc.objects.activations import LAYERS

    kind = LAYERS.get(cls.keras_name(), "")
    layer = layers.find(kind)
    item = {today(layer, name): value for name, value in given.items()}
    if layer is None or not item.keys() <= layer.argument_fields().keys():
        return None
    return flow({"type": kind, **item})


def _is_of_last_item(name: str, items: Any) -> bool:
    """Whether a key of the spec, which has none of that name, is one that its last item may have."""
    from specc import layers

    last = items[-1] if isinstance(items, list) and items else None
    kind = last.get("type") if isinstance(last, dict) else last
    found = layers.find(kind) if isinstance(kind, str) else None
    return found is not None and name in found.argument_fields()


def held(name: str, value: Any) -> dict[str, Any] | None:
    """The arguments in a map of their own, as others write them: ``{type: Dense, config: {units: 4}}``."""
    word = vocabulary.first("key", name, "Item") if isinstance(value, dict) else None
    return value if word is not None and "'type'" in word.words else None


def beside_type(item: dict[str, Any]) -> str:
    """What to write instead of arguments in a map of their own."""
    from specc.diagnostics.notation import flow

    return f"write the arguments beside 'type': {shorten(flow(item), 300)}"


def _fix(name: str, given: Mapping[str, Any]) -> Fix | None:
    return None if name in given else Fix(name)


def _word(cls: type[Arguments], name: str) -> Word | None:
    """The row of the table that is about the name as an argument of this class."""
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


def tensor_names(cls: type[Arguments]) -> list[str]:
    """The tensors that a call of the layer takes; those of a nested model are its block's."""
    from specc.calls import Callee

    if not issubclass(cls, Callee):
        return []
    named = [argument.name for argument in getattr(cls, "tensors", ())]
    return [*named, *(ROLES if "scores" in cls.port_options else ())]


def as_from(tensors: list[str], name: str, given: Mapping[str, Any]) -> tuple[str, Fix | None]:
    """What to do about a tensor that was given as an argument: it goes under ``from``, with all others given so."""
    from specc.diagnostics.notation import flow

    written = {tensor: given[tensor] for tensor in tensors if tensor in given}
    if tensors == [name] and isinstance(given.get(name), str | list):
        return f"write from: {flow(given[name])}", Fix("from")
    if tensors[0] == "inputs" and name in ROLES:
        return f"it is a tensor: write from: {flow([given[role] for role in ROLES if role in given])}", None
    if tensors[0] not in written:
        written = {tensors[0]: "...", **written}
    return f"it is a tensor: write from: {flow(written)}", None


def _place(cls: type[Arguments], name: str, given: Mapping[str, Any]) -> str | None:
    """Where a name belongs that stands in the wrong place."""
    value = given.get(name)
    if cls.noun == "key" and isinstance(value, dict) and "layers" in value and "layers" in cls.argument_fields():
        return f"remove '{name}': layers and what stands beside them are the top of a spec"
    if cls.kind != "layer":
        return None
    from specc.frontend.items import ITEM_KEYS
    from specc.frontend.schema import Spec

    if name in ITEM_KEYS:
        return f"'{name}' is a key of an item; it has no place at a layer inside another"
    if (found := inside(cls, [name], given)) is not None:
        return found.help
    return f"'{name}' is a key of the spec itself: write it beside 'layers'" if name in Spec.argument_fields() else None


class Inside(NamedTuple):
    """Arguments of the layer inside a wrapper that were given to the wrapper."""

    argument: str
    """The wrapper's argument that holds the layer."""
    names: tuple[str, ...]
    """Those that belong to the layer, and another name for ``argument``, in the order given."""
    help: str


def inside(cls: type[Arguments], unknown: Sequence[str], given: Mapping[str, Any]) -> Inside | None:
    """Which of the unknown arguments belong to the layer inside a wrapper, and what to write; None where none does."""
    from specc import layers
    from specc.diagnostics.notation import flow

    for row in vocabulary.look_up("inside", cls.__name__) if cls.kind == "layer" else ():
        argument, *likely = row.write.split()
        renamed = next((it for it in unknown if argument not in given and meant(cls, it) == argument), None)
        inner = _inner(argument, given.get(renamed or argument))
        if inner is None:
            kind = max(likely, key=lambda kind: sum(name in _arguments_of(kind) for name in unknown))
            inner = {"type": kind}
        if not isinstance(inner.get("type"), str) or layers.find(inner["type"]) is None:
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
    """The layer that an argument was given, as a map; of a layer where its cell is wanted, the cell."""
    from specc import layers

    inner = {"type": written} if isinstance(written, str) else written
    if not isinstance(inner, dict):
        return None
    cell = f"{inner.get('type')}Cell"
    return {**inner, "type": cell} if argument.startswith("cell") and layers.find(cell) is not None else inner


def _arguments_of(kind: str) -> Iterable[str]:
    from specc import layers

    cls = layers.find(kind)
    return cls.argument_fields() if cls is not None else ()


def _equal(name: str, names: list[str]) -> str | None:
    """The name that differs in letter case, ``_`` and ``-`` only."""
    folded = fold(name)
    return nearest(name, [one for one in names if fold(one) == folded])
