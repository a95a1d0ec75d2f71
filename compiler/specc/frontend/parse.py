"""Document to Spec: the document has the form of a spec. Nothing is expanded or looked up yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from specc.diagnostics import Report
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend.foreign import LAYERS, of_data, of_text
from specc.frontend.names import fixed_name
from specc.frontend.parts import Part
from specc.frontend.schema import BlockFile, Spec
from specc.source import Document, Path, Place

P = TypeVar("P", bound=Part)
MOST_STRANGERS = 50
_ONLY_IN_A_SPEC: set[Path] = {(name,) for name in Spec.model_fields.keys() - BlockFile.model_fields.keys()}


def parse(document: Document, report: Report, subject: str = "the spec") -> Spec | None:
    """The spec in a document, or None after reporting everything that is wrong with its form."""
    return _parse(document, Spec, subject, report)


def parse_blocks(document: Document, report: Report, subject: str = "the included file") -> BlockFile | None:
    """The blocks in an included document, or None after reporting what is wrong."""
    return _parse(document, BlockFile, subject, report)


def _parse(document: Document, cls: type[P], subject: str, report: Report) -> P | None:
    data, root = document.data, Place(document, ())
    known = of_data(data) or (None if isinstance(data, dict) else of_text(document.source.text))
    if known is not None:
        at = Place(document, (next(iter(data)),), "key") if isinstance(data, dict) else Place(document, ())
        report.error("invalid-value", f"this is {known[0]}, not a spec", at, help=known[1])
        return None
    if not isinstance(data, dict):
        what = "is empty" if data is None else f"must be a map, not {quote_value(data)}"
        form = "it is a map with 'blocks'" if cls is BlockFile else "a spec is a map with 'layers', a list"
        if isinstance(data, list) and cls is Spec:
            form = "put the list under 'layers:'"
        report.error("invalid-value", f"{subject} {what}", Place(document, ()), help=form)
        return None
    if cls is Spec and (strangers := _strangers(data)):
        message = f"this is not a spec: it has no 'layers', and a spec has none of its keys ({strangers})"
        report.error("invalid-value", message, Place(document, (next(iter(data)),), "key"), help=LAYERS)
        return None
    part, problems = cls.parse(data)
    elsewhere = [it for it in problems if _belongs_elsewhere(cls, it, data)] if part is None else []
    if elsewhere:  # errors in the rest are reported in the same run
        for problem in elsewhere:
            report.hold(problem.with_subject(subject), root)
            for inside in _in_training(str(problem.path[0]), data):
                report.hold(inside, root)
        kept = {key: value for key, value in data.items() if all(it.path != (key,) for it in elsewhere)}
        part, problems = cls.parse(kept)
    invalid = [Place(document, it.path).written for it in problems if it.code == "invalid-name"]
    wrong_names = {name for name in invalid if isinstance(name, str)}
    names: dict[Path, set[str]] = {}
    for found in problems:
        written = Place(document, found.path).written
        around: Path = found.path[:2] if found.path[:1] == ("blocks",) else ()
        if around not in names:
            names[around] = _value_names(data, around)
        from specc.arguments.values import as_variable  # for errors only

        problem = as_variable(found, written, names[around])
        if found.code == "invalid-value" and isinstance(written, str) and written in wrong_names:
            name = fixed_name(written)
            problem = found.with_help(f"write {name}, and give the layer that name", Fix(name))
        if len(problem.path) <= 1 and problem.code != "invalid-value":
            problem = problem.with_subject(subject)
        if cls is BlockFile and problem.path in _ONLY_IN_A_SPEC:
            help = f"only the spec itself has '{problem.path[0]}'; an included file has blocks, and the vars and defaults they see"
            problem = replace(problem, help=help)
        report.add(problem, root)
    return part


_INPUTS = frozenset({"input", "inputs", "input_layers"})
"""Words that people write for the key of a spec's inputs."""


def _strangers(data: dict[str, Any]) -> str | None:
    """The keys of a map none of which is a key of a spec, nor another word for one, nor similar to one."""
    known = list(Spec.argument_fields())
    if "layers" in data or len(data) < 2 or any(key in known for key in data):
        return None
    from specc.arguments.vocabulary import first  # the table of names is for errors only
    from specc.diagnostics.suggest import nearest

    names = [str(key) for key in data][:MOST_STRANGERS]
    if any(
        first("key", name, part) or nearest(name, known) for name in names for part in ("Spec", "BlockFile", "Item")
    ):
        return None
    return ", ".join(map(shorten, names[:5])) + ", ..." * (len(data) > 5)


def _belongs_elsewhere(cls: type[Part], problem: Problem, data: dict[str, Any]) -> bool:
    """Whether a key would be right elsewhere, so that it is not a misspelled key of this part."""
    if problem.code != "unknown-key" or len(problem.path) != 1:
        return False
    key = str(problem.path[0])
    if key.lower() in _INPUTS and _defines(data.get(key), data):  # the rest refers to them
        return False
    from specc.arguments.vocabulary import first  # the table of names is for errors only

    word = first("key", key, cls.__name__)
    return word is not None and not word.write


def _defines(inputs: object, data: dict[str, Any]) -> bool:
    """Whether what stands under a key such as ``inputs`` is not just a list of items that there are."""
    items = data.get("layers")
    names = [item.get("name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    listed = [inputs] if isinstance(inputs, str) else inputs if isinstance(inputs, list) else []
    return isinstance(inputs, dict) or any(name not in names for name in listed)


def _in_training(key: str, data: dict[str, Any]) -> list[Problem]:
    """What is wrong with the value of a key that belongs to ``compile``, as it would be reported there."""
    from specc.training import Training, parse_training

    if key not in Training.argument_fields() or "$" in repr(data[key]):
        return []
    return parse_training({key: data[key]})[1]


def _value_names(data: dict[str, Any], path: Path) -> set[str]:
    """The names of the values that are visible at a place: the file's, and a block's arguments inside it."""
    maps = [data.get("vars")]
    if path[:1] == ("blocks",) and len(path) > 1:
        block = data["blocks"].get(path[1]) if isinstance(data["blocks"], dict) else None
        maps.append(block.get("args") if isinstance(block, dict) else None)
    return {name for names in maps if isinstance(names, dict) for name in names}
