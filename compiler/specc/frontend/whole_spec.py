"""A whole spec as a block: its vars are the arguments, its Input layers the inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from specc import layers
from specc.automatic_names import AutomaticNames
from specc.diagnostics import Report
from specc.frontend.items import INHERITED, ITEM_KEYS, Item
from specc.frontend.names import fixed_name, is_computed_name
from specc.frontend.parts import Values
from specc.frontend.schema import Block, Spec
from specc.source import Document, Place

_INPUTS = ("Input", "InputLayer")
_OF_THE_SPEC_ITSELF = frozenset({"vars", "variants", "compile", "expect"})
"""Keys that do not count where a spec is a block."""
_WORD = re.compile(r"[^\W\d]\w*")


class WholeSpec(Block):
    """A spec that another one uses as a block. Its ``outputs`` are None if it lists none: what nothing reads."""

    declared: dict[str, int]
    """The inputs by name, each with the index of its Input among the spec's layers."""

    @property
    def required(self) -> list[str]:
        """A spec has a value for each of its vars."""
        return []


def _name_of(document: Document, spec: Spec) -> str:
    """What a spec is called as a block: its own name, else its file's, in letters that a block's name may have."""
    if spec.name is not None and not is_computed_name(spec.name):
        return fixed_name(spec.name)
    return fixed_name(re.sub(r"\.[^.]*\Z", "", re.split(r"[/\\]", document.source.name)[-1]))


def as_block(document: Document, spec: Spec, report: Report) -> tuple[str, WholeSpec] | None:
    """The block and its name; None, and reported, if the spec has inputs that no instance could give."""
    declared = _declared(document, spec, report)
    if declared is None:
        return None
    name_at = {index: name for name, index in declared.items()}
    used = _used(document.data, spec.vars)
    block = WholeSpec.model_construct(
        description=spec.description,
        args=Values(
            _in_order({name: value for name, value in spec.vars.items() if name in used and _is_argument(name)}),
            spec.vars.descriptions,
        ),
        inputs_=list(declared),
        layers=tuple(
            item if index not in name_at else _passing_on(item, name_at[index])
            for index, item in enumerate(spec.layers)
        ),
        edges=spec.edges,
        outputs=spec.outputs,
        declared=declared,
    )
    return _name_of(document, spec), block


def _declared(document: Document, spec: Spec, report: Report) -> dict[str, int] | None:
    """The inputs by name, each with the index of its Input; None, and reported, if an instance could not give them."""
    inputs = [(index, item) for index, item in enumerate(spec.layers) if item.type in _INPUTS]
    automatic = AutomaticNames({item.name for item in spec.layers if item.name is not None})
    declared: dict[str, int] = {}
    sound = bool(inputs)
    for index, item in inputs:
        place = Place(document, ("layers", index))
        name = item.name or automatic.next("Input")
        why = next((key for key in ("each", "repeat", "when") if getattr(item, key) is not None), None)
        if why is not None or is_computed_name(name):
            report.error(
                "include",
                f"the Input '{name}' has {quoted(why or 'name')}, so that the spec cannot be used as a block",
                place.at(why or "name", part="key"),
                help="a block's inputs are the same for all of its values: write each Input out",
            )
            sound = False
        elif name in declared:
            message = f"there are two Input layers named '{name}'"
            report.error("duplicate-name", message, place.at("name"), help="rename one of the two")
            sound = False
        declared[name] = index
    if not inputs:
        report.error(
            "include",
            "the file is a spec without Input layers, which cannot be used as a block",
            Place(document, ("layers",), "key"),
            help="give it an Input for each tensor that it takes",
        )
    return declared if sound else None


def quoted(key: str) -> str:
    """A key, or the expression that is a name, as a message names it."""
    return "an expression as its name" if key == "name" else f"'{key}'"


def _passing_on(item: Item, name: str) -> Item:
    """An Input as the item that takes its place in a block: it is absent, and passes the block's input on."""
    return item.model_copy(update={"name": None, "when": False, "else_": name})


def _used(data: Mapping[str, Any], values: Mapping[str, Any]) -> set[str]:
    """The vars that the layers depend on, also through other vars; the rest is for what an instance does not have."""
    pending = list(_names([value for key, value in data.items() if key not in _OF_THE_SPEC_ITSELF]))
    used: set[str] = set()
    while pending:
        name = pending.pop()
        if name in values and name not in used:
            used.add(name)
            pending += _names(values[name])
    return used


def _is_argument(name: str) -> bool:
    """Whether an instance can give a var; a var with the name of a key of every item keeps its value."""
    return name not in ITEM_KEYS and name not in INHERITED and layers.find(name) is None


def _in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in an order in which each comes after those that it is computed from, if there is one."""
    found: dict[str, Any] = {}
    seen: set[str] = set()
    pending = list(values)[::-1]
    while pending:
        name = pending[-1]
        further = [] if name in seen else [other for other in _names(values[name]) if other in values]
        further = [other for other in further if other not in seen and other != name]
        seen.add(name)
        if further:
            pending += further
        else:
            found.setdefault(pending.pop(), values[name])
    return found


def _names(value: Any) -> Iterable[str]:
    """All words in the strings of a value with a ``$``: the names that its expressions use, and perhaps more."""
    pending: list[Any] = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if "$" in value:
                yield from _WORD.findall(value)
        elif isinstance(value, dict | list):
            pending += value.values() if isinstance(value, dict) else value
