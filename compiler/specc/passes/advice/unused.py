"""What a file defines and never uses: vars, blocks, their arguments and inputs, defaults, values of copies; includes.

The rule looks at what is written, not at what was expanded: a use in a branch that is not taken, or in a block that
this variant does not reach, counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from specc import layers
from specc.diagnostics import Report
from specc.frontend.include import Unit
from specc.frontend.reference_syntax import first_name

Path = tuple[str | int, ...]
"""Where something is in a file."""
MOST_NAMED = 5
"""Most blocks that a help lists."""
_NAME = re.compile(r"[^\W\d]\w*")
_COPY = re.compile(r"\[\$([^\W\d]\w*)\]")
"""The number of a copy in a reference: ``stage[$depth]``."""
_VALUE = re.compile(r"\$([^\W\d]\w*)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_REFERENCES = frozenset({"name", "from", "share", "else"})
"""Keys of an item whose strings name layers, never types."""


def warn_of_unused(units: list[Unit], report: Report) -> None:
    """Warn of what nothing uses, in the spec and in the files that it includes; a library's blocks may be unused."""
    units = [unit for unit in units if not unit.is_std]
    if not any(unit.spec.vars or unit.spec.blocks or unit.spec.defaults or unit.spec.include for unit in units):
        for unit in units:
            items = unit.document.data["layers"]
            if any(_value_lists(item) for item in items):
                _warn_of_copies(unit, _Used(unit), set(), report)
        return
    used = [_Used(unit) for unit in units]
    types = {name for it in used for name in it.types}
    unused: set[str] = set()
    if not any(it.computes_types for it in used):  # --set may then name any block
        for name in units[0].spec.blocks:
            if name not in types:
                unused.add(name)
                report.warning_if_sound(
                    "unused-block",
                    f"nothing uses the block '{name}'",
                    units[0].place("blocks", name, part="key"),
                    help=f"use it, as in {{type: {name}, ...}}, or remove it",
                )
        _warn_of_includes(units[0], types, report)
    for unit, it in zip(units, used, strict=True):
        _warn_of_values(unit, it, unused if unit is units[0] else set(), report)
        _warn_of_copies(unit, it, unused if unit is units[0] else set(), report)
        if not it.computes_types:
            _warn_of_defaults(unit, it, report)


def _warn_of_includes(spec: Unit, types: set[str], report: Report) -> None:
    """Warn of the files of a spec that bring no block of these types, and of none that another of them includes."""
    for unit, place in spec.includes.items():
        brought = _brought_by(unit)
        if types.isdisjoint(brought):
            name = spec.spec.include[int(place.path[-1])]
            blocks = ", ".join(brought[:MOST_NAMED]) + ", ..." * (len(brought) > MOST_NAMED)
            report.warning_if_sound(
                "unused-include",
                f"nothing uses a block of '{name}'",
                place,
                help=f"remove it from 'include', or use what it brings: {blocks}",
            )


def _brought_by(unit: Unit) -> list[str]:
    """The blocks that a spec has from a file that it includes."""
    if unit.whole is not None:
        return [unit.whole[0]]
    found: dict[Unit, None] = {unit: None}
    pending = [unit]
    for it in pending:
        further = [other for other in it.includes if it.within is not None and other not in found]
        found |= dict.fromkeys(further)
        pending += further
    return [name for it in found for name in (it.spec.blocks if it.whole is None else (it.whole[0],))]


def _warn_of_values(unit: Unit, used: _Used, unused: set[str], report: Report) -> None:
    """Warn of vars, and of the arguments and inputs of blocks, unless the block itself is reported as unused."""
    for name in unit.spec.vars:
        if name not in used.vars:
            report.warning_if_sound(
                "unused-var",
                f"nothing uses the var '{name}', so changing it has no effect",
                unit.place("vars", name, part="key"),
                help=f"write ${name} where it is meant, or remove it",
            )
    for block, arguments in used.arguments.items():
        for name in unit.spec.blocks[block].args:
            if name not in arguments and block not in unused:
                report.warning_if_sound(
                    "unused-argument",
                    f"nothing in the block '{block}' uses its argument '{name}'",
                    unit.place("blocks", block, "args", name, part="key"),
                    help=f"write ${name} where it is meant, or remove it",
                )

    for block, inputs in used.unread.items():
        for name in inputs if block not in unused else ():
            report.warning_if_sound(
                "unused-argument",
                f"nothing in the block '{block}' takes its input '{name}'",
                unit.place("blocks", block, "inputs", unit.spec.blocks[block].inputs.index(name)),
                help=f"write {name} under 'from' where it is meant, or remove it",
            )


def _warn_of_copies(unit: Unit, used: _Used, unused: set[str], report: Report) -> None:
    """Warn of values that should tell copies from each other, and do not."""
    for path, item, key, name in used.copies:
        values, instead = item[key][name], ""
        if path[0] == "blocks" and path[1] in unused:
            continue
        if len(item[key]) > 1:
            instead = ", or remove it"
        elif key == "each" and not _has_argument(unit, item, name):
            continue  # the only way to say how many copies there are
        elif isinstance(values, list):
            instead = f", or '{key}: " + (f"{len(values)}'" if key == "repeat" else f"{{n: $(range({len(values)}))}}'")
            instead += " for equal copies"
        report.warning_if_sound(
            "unused-value",
            f"nothing in this item uses the value '{name}' of its '{key}', so changing it has no effect",
            unit.place(*path, key, name, part="key"),
            help=f"write ${name} where it is meant{instead}",
        )


def _has_argument(unit: Unit, item: dict[str, Any], name: str) -> bool:
    """Whether a value of an item's copies is called as an argument of the item is."""
    if name in item:
        return True
    block = unit.spec.blocks.get(item.get("type", ""))
    if block is not None:
        return name in block.args
    kind = layers.find(item.get("type", ""))
    return kind is not None and name in kind.argument_fields()


def _warn_of_defaults(unit: Unit, used: _Used, report: Report) -> None:
    for kind, arguments in unit.spec.defaults.items():
        given = used.types.get(layers.ALIASES.get(kind, kind))
        if given is None:
            report.warning_if_sound(
                "unused-default",
                f"the defaults of {kind} have no effect: this file has no layer of that type",
                unit.place("defaults", kind, part="key"),
                help="remove them; an included file has its own defaults",
            )
            continue
        for name in arguments:
            if name in given:
                report.warning_if_sound(
                    "unused-default",
                    f"no layer has the default of '{name}': each {kind} in this file gives its own",
                    unit.place("defaults", kind, name, part="key"),
                    help=f"remove '{name}' here, or where it says the same",
                )


class _Used:
    """What one file uses, as it is written."""

    def __init__(self, unit: Unit) -> None:
        self.vars: set[str] = set()
        self.arguments: dict[str, set[str]] = {}
        """For each block, the arguments that are used in it."""
        self.unread: dict[str, list[str]] = {}
        """For each block, the inputs that nothing in it takes."""
        self.types: dict[str, set[str]] = {}
        """All possible types, with the arguments that each item of the type gives."""
        self.computes_types = False
        self.copies: list[tuple[Path, Any, str, str]] = []
        """The values that no copy uses: the path of the item, the item, its key and the name."""
        spec = unit.spec
        if not (spec.vars or spec.blocks or spec.defaults):  # only its uses of others' blocks matter
            self._items(unit.document.data.get("layers"), set(), ("layers",))
            return
        for key, value in unit.document.data.items():
            if key == "layers":
                self._items(value, self.vars, ("layers",))
            elif key == "blocks":
                for name, block in value.items():
                    self._block(name, block)
            elif key != "description":
                self._read(value, self.vars)

    def _block(self, name: str, block: dict[str, Any]) -> None:
        found: set[str] = set()
        used = self.arguments[name] = set()
        known: set[str] = set()
        for argument, default in (block.get("args") or {}).items():
            in_default: set[str] = set()
            self._read(default, in_default)
            used |= in_default & known  # a default sees the arguments before it
            self.vars |= in_default - known
            known.add(argument)
        for key, value in block.items():
            if key == "layers":
                self._items(value, found, ("blocks", name, "layers"))
            elif key not in ("args", "description"):
                self._read(value, found)
        used |= found & known
        self.vars |= found - known
        self._inputs(name, block)

    def _inputs(self, name: str, block: dict[str, Any]) -> None:
        inputs = [it["name"] if isinstance(it, dict) else it for it in block["inputs"]]
        if len(inputs) < 2:  # the first layer takes a single input implicitly
            return
        items = [item for item in block["layers"] if isinstance(item, dict)]
        written = [item.get(key) for item in items for key in ("from", "else")]
        texts = list(_texts([*written, block.get("edges"), block.get("outputs")]))
        formulas = [text for item in items if isinstance(text := item.get("formula"), str)]
        if not any("$" in text for text in (*texts, *formulas)):
            read = {first_name(text) for text in texts}.union(*map(_NAME.findall, formulas))
            self.unread[name] = [name for name in inputs if name not in read]

    def _items(self, items: Any, found: set[str], path: Path) -> None:
        for index, item in enumerate(items if isinstance(items, list) else ()):
            key = _value_lists(item)
            if key is None:
                self._read(item, found)
                continue
            inside: set[str] = set()
            self._read({name: value for name, value in item.items() if name != key}, inside)
            self._read(item[key], found)
            self.copies += [((*path, index), item, key, name) for name in item[key] if name not in inside]
            found |= inside - set(item[key])

    def _read(self, data: Any, found: set[str]) -> None:
        """Add the names that expressions in some data use, and note the types."""
        pending = [data]
        while pending:
            data = pending.pop()
            if isinstance(data, str):
                self._text(data, found)
            elif isinstance(data, list):
                pending += data
            elif isinstance(data, dict):
                kind = data.get("type")
                if isinstance(kind, str):
                    self._type(kind, data)
                for key, value in data.items():
                    if key == "description":  # a text that nothing is computed in
                        continue
                    if key == "formula" and isinstance(value, str):
                        found.update(_names_in_formula(value))
                    elif key in _REFERENCES and kind is not None:
                        found.update(name for text in _texts(value) for name in _names(text))
                    elif isinstance(value, str):
                        if key != "type" or "$" in value:
                            self._text(value, found)
                    elif isinstance(value, (list, dict)):
                        pending.append(value)

    def _text(self, text: str, found: set[str]) -> None:
        if "$" in text:
            found.update(_names(text))
        else:
            self._type(text, ())

    def _type(self, name: str, given: Iterable[str]) -> None:
        if name in self.types and not self.types[name]:
            return
        if "$" in name:
            self.computes_types = True
            return
        name = layers.ALIASES.get(name, name)
        self.types[name] = self.types[name].intersection(given) if name in self.types else set(given)


def _value_lists(item: Any) -> str | None:
    """The key of an item that gives its copies values by name, if it has one."""
    if not isinstance(item, dict):
        return None
    return next((key for key in ("each", "repeat") if isinstance(item.get(key), dict)), None)


def _texts(value: Any) -> Iterable[str]:
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | dict):
            pending += value.values() if isinstance(value, dict) else value


def _names_in_formula(text: str) -> list[str]:
    """The names that the values in a formula may use.

    >>> _names_in_formula("x * $scale + $(2 * n)")
    ['n', 'scale']
    """
    return [*_names(text), *_VALUE.findall(text)]


def _names(text: str) -> list[str]:
    """The names that the expressions of a text may use: all words from the first expression on.

    >>> _names("$width"), _names("down_$(depth - 1)"), _names("width"), _names("down[$depth].skip")
    (['width'], ['depth'], [], ['depth'])
    """
    if text[:1] == "$" and (name := _NAME.fullmatch(text[1:])):
        return [name[0]]
    numbers = _COPY.findall(text)
    start = text.find("$(")
    if start < 0:
        return numbers
    return numbers + _NAME.findall(_QUOTED.sub(" ", text[start:]) if "'" in text or '"' in text else text[start:])
