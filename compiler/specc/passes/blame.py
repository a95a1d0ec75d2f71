"""Errors that many uses of one value cause, reported once where the value is given: a var, an option, an instance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from specc.diagnostics import Diagnostic, Related, Report
from specc.diagnostics.text_safety import quote_value
from specc.frontend.parts import is_described
from specc.passes.values import names_in
from specc.passes.vars import FileValues
from specc.source import Document, Place


class _File(NamedTuple):
    """What a document gives values to."""

    vars: Mapping[str, tuple[Any, Place]]
    """Its vars: their values and places."""
    whole: str | None
    """The type of its instances, which give values to its vars, if it is a whole spec in place of a block."""


_Given = Mapping[int, _File]
"""The documents by their ids."""

MOST_VALUES = 6
"""Most values that are shown with an expression."""
LONGEST_WAY = 16
"""Most values followed from one to the next, on the way to where one is given."""
_ALONE = re.compile(r"\$(?:([^\W\d]\w*)|\(\s*([^\W\d]\w*)\s*\))\Z")
_FORMULA = re.compile(r"(?<!\$)\$\(.*", re.DOTALL)
"""From the first formula of a string to its end."""
_CLASH = "cannot be applied to"
"""What an expression says of values whose types cannot be combined."""
_OF_THE_USE = frozenset({"unknown-value", "too-large", "value-cycle"})
"""Codes of errors that a value can cause where it is used."""
_OF_THE_PLACE = frozenset({"index", "shape"})
"""Names in expressions whose values are those of the place."""
_Key = tuple[int, tuple[str | int, ...]]


def blame_values(report: Report, values: FileValues) -> None:
    """Merge the errors of all uses of one value into one error where the value is given; the uses are shown with it.

    A var that is wrong in one place and right in others is left alone: the error is in the use.
    """
    given = {
        id(unit.document): _File(of_file.given, None if unit.whole is None else unit.whole[0])
        for unit, of_file in values.items()
    }
    uses: dict[_Key, list[tuple[Diagnostic, Place]]] = {}
    mixed: list[tuple[Diagnostic, list[Place]]] = []
    for found in report.diagnostics:
        causes = _causes(found, given) if _is_of_a_value(found) else []
        if len(causes) == 1:
            uses.setdefault(_key(causes[0]), []).append((found, causes[0]))
        elif causes:
            mixed.append((found, causes))
    written = _uses(uses, given)
    wrong_in_list = Counter(
        (document, path[:-1]) for document, path in uses if not {"each", "repeat"}.isdisjoint(path[-3:-1])
    )
    told: dict[int, Diagnostic | None] = {}
    at_formulas: set[Place] = set()
    wrong: set[_Key] = set()
    for (document, path), group in uses.items():
        places = {(id(found.place.document), found.place.path) for found, _ in group}
        in_formulas = all(map(_is_formula_of_number, group))
        if path[:1] == ("vars",) and len(places) == 1 and (written[document, path] > 1 or in_formulas):
            continue
        cause = group[0][1]
        values = cause._replace(path=path[:-1]).written
        all_wrong = isinstance(values, list) and wrong_in_list[document, path[:-1]] == len(values) > 1
        if in_formulas and (isinstance(cause.written, float) or all_wrong):
            # as a factor it is right: the formula's result is not
            told.update({id(found): None for found, _ in group if found.place in at_formulas})
            at_formulas.update(found.place for found, _ in group)
            continue
        first, cause = min(group, key=lambda it: _ALONE.match(str(it[0].place.written)) is None)
        related = [Related("used here", place) for place in dict.fromkeys(found.place for found, _ in group)]
        for found, _ in group:
            told[id(found)] = None
        help = _unquoted(cause.written) if first.code == "expression" else None
        told[id(first)] = replace(first, place=cause, help=help or first.help, related=tuple(related), fix=None)
        wrong.add((document, path))
    for found, causes in mixed:
        if any(_key(cause) in wrong for cause in causes):
            told[id(found)] = None  # caused by a wrong value in a formula of several
    kept = (told.get(id(found), found) for found in report.diagnostics)
    report.diagnostics = [_with_values(found, given) for found in kept if found is not None]


def _with_values(found: Diagnostic, given: _Given) -> Diagnostic:
    """A diagnostic of an expression of several values, with those of the vars; others are shown with the instances."""
    if found.severity != "error" or not found.place.is_computed() or found.place.part == "key":
        return found
    instances = [further for further in found.related if further.is_expansion_step]
    used = sorted(_used(str(found.place.written)))
    places = {name: place for name in used if (place := _lookup(name, found.place, instances, given)) is not None}
    vars = {name: place for name, place in places.items() if _is_var(place)}
    if not vars or len(places) + len(_OF_THE_PLACE.intersection(used)) < 2:
        return found
    shown = [f"{name} = {quote_value(place.written)}" for name, place in vars.items()]
    text = f"with {', '.join(shown[:MOST_VALUES])}{', ...' if len(shown) > MOST_VALUES else ''}"
    return replace(found, related=(*found.related, Related(text, next(iter(vars.values())))))


def _is_var(place: Place) -> bool:
    """Whether a value is that of a var, a variant or an option, and is written out."""
    return place.path[:1] in (("vars",), ("variants",), ()) and not place.is_computed()


def _unquoted(value: Any) -> str | None:
    """A help for a number in quotes."""
    number = isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value)
    return f"write {value} without quotes" if number else None


def _is_formula_of_number(use: tuple[Diagnostic, Place]) -> bool:
    """Whether a number is used in a formula: then the formula may be the cause of a wrong value."""
    found, cause = use
    number = isinstance(cause.written, int | float) and not isinstance(cause.written, bool)
    return number and _ALONE.match(str(found.place.written)) is None


def _is_of_a_value(found: Diagnostic) -> bool:
    """Whether the value may be wrong, rather than the expression that contains it."""
    if found.severity != "error" or found.place.part == "key" or not found.place.is_computed():
        return False
    return found.code not in _OF_THE_USE and (found.code != "expression" or _CLASH in found.message)


def _key(place: Place) -> _Key:
    return id(place.document), place.path


def _causes(found: Diagnostic, given: _Given) -> list[Place]:
    """Where the value is given that an error's place names, or the values that a formula on the way there names."""
    place = found.place
    instances = [further for further in found.related if further.is_expansion_step]
    text = str(place.written)
    for _ in range(LONGEST_WAY):
        used = _used(text)
        known = [known for name in sorted(used) if (known := _lookup(name, place, instances, given)) is not None]
        if found.code == "expression" and len(known) > 1:
            return _odd_one(known)
        if known and (len(known) > 1 or not used.isdisjoint(_OF_THE_PLACE)):
            # the expression is to blame, whichever of its values is wrong
            return [*known, place] if place is found.place else [place]
        if len(known) != 1 or not known[0].is_computed():
            return known
        place, text = known[0], str(known[0].written)
        while instances and instances[0].each is None and _is_within(place, instances[0].place):
            instances.pop(0)
    return []


def _odd_one(causes: list[Place]) -> list[Place]:
    """Of values that cannot be combined the only one that is not a number, else all."""
    others = [cause for cause in causes if not isinstance(cause.written, int | float)]
    return others if len(others) == 1 else causes


def _used(text: str) -> set[str]:
    """The names whose values a string uses; an escaped ``$`` uses none."""
    if (alone := _ALONE.match(text)) is not None:
        return {alone[1] or alone[2]}
    return set().union(*map(names_in, _FORMULA.findall(text)))


def _is_within(place: Place, instance: Place) -> bool:
    return place.document is instance.document and place.path[: len(instance.path)] == instance.path


def _lookup(name: str, place: Place, instances: list[Related], given: _Given) -> Place | None:
    """Where a name gets its value: in the item's ``each`` or ``repeat``, in the instance of the block around the place, in the
    block's defaults, or in the vars."""
    for around in instances:
        if around.each is None or not _is_within(place, around.place):
            continue
        listed = around.place.at("each" if around.place.has("each") else "repeat", name)
        if isinstance(listed.written, list):
            return listed.at(around.each)
        if listed.written is not None:
            return listed
    if place.path[:1] == ("blocks",) and len(place.path) > 1:
        block = str(place.path[1])
        data = place.document.data["blocks"][block]
        arguments = data.get("args") if isinstance(data, dict) else None
        if isinstance(arguments, dict) and name in arguments:
            for instance in instances:
                written = instance.place.written
                if isinstance(written, dict) and written.get("type") == block:
                    if name in written:
                        return instance.place.at(name)
                    break
            default = Place(place.document, ("blocks", block, "args", name))
            return default.at("default") if is_described(default.written) else default
    file = given.get(id(place.document))
    if file is None or name not in file.vars:
        return None
    for instance in instances:
        written = instance.place.written
        if isinstance(written, dict) and written.get("type") == file.whole and name in written:
            return instance.place.at(name)
    return file.vars[name][1]


def _uses(causes: Mapping[_Key, Any], given: _Given) -> Counter[_Key]:
    """How often the documents mention each of the given vars."""
    keys = {
        (document, name): (id(place.document), place.path)
        for document, file in given.items()
        for name, (_, place) in file.vars.items()
    }
    wanted = {name for (_, name), key in keys.items() if key in causes}
    counted: Counter[_Key] = Counter()
    documents: dict[int, Document] = {}
    for file in given.values() if wanted else ():
        for _, place in file.vars.values():
            documents.setdefault(id(place.document), place.document)
    for document, source in documents.items():
        for text in _texts(source.data):
            for name in names_in(text) & wanted:
                if (document, name) in keys:
                    counted[keys[document, name]] += 1
    return counted


def _texts(data: Any) -> Iterator[str]:
    pending = [data]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            if "$" in part:
                yield part
        elif isinstance(part, dict):
            pending += part.values()
        elif isinstance(part, list):
            pending += part
