"""Spec to Graph: everything that makes a spec short is taken out, every name becomes what it stands for."""

from __future__ import annotations

import json
import unicodedata
from collections import ChainMap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from specc import layers
from specc.arguments import POLICIES
from specc.arguments.values import as_variable
from specc.diagnostics import Related, Report
from specc.diagnostics.problem import ProblemsError
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.frontend import include
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, ITEM_KEYS
from specc.frontend.names import is_name
from specc.frontend.parse import parse_blocks
from specc.frontend.references import parse_outputs
from specc.frontend.schema import Spec
from specc.ir import Graph
from specc.passes.advice.unused import warn_of_unused
from specc.passes.dormant import check_dormant
from specc.passes.expand import Expander
from specc.passes.layer_items import LayerItems
from specc.passes.measure import measure
from specc.passes.values import Failed, Values, substitute
from specc.passes.wire import wire
from specc.source import Document, Origin, Place, Source, Span

if TYPE_CHECKING:
    from specc.passes.blame import Given
    from specc.training import Training


@dataclass(frozen=True)
class Settings:
    """What the user of a spec chooses: a variant, and single values."""

    variant: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Each as plain data, or as the document that was read of an option."""


def lower(document: Document, spec: Spec, settings: Settings, report: Report) -> Graph:
    """The wired graph of a spec. What is wrong is reported; CompileError where that leaves no graph."""
    units = include.load(document, spec, report)
    report.stop()
    _check_blocks(units, report)
    given = _given_values(units[0], spec, settings, report)
    values = {unit: Values(_unit_values(unit) if unit is not units[0] else given, report) for unit in units}
    _compute(values)
    _compute_variants(units[0], spec, report)
    report.stop()
    known = {id(unit.document): given if unit is units[0] else _unit_values(unit) for unit in units}
    measure(units[0], spec.layers, units, values, report)
    _stop(report, known)
    expander = Expander(units, values, report)
    scope = expander.file(units[0], spec.layers)
    check_dormant(spec, units, {name: block for name, (block, _) in expander.blocks.items()}, expander.is_open, report)
    outputs = _outputs(spec, units[0], values[units[0]], report)
    name = _model_name(document, spec, values[units[0]], report)
    graph = wire(scope, name, report, Origin(Place(document, ())), outputs)
    graph = _set_up(graph, spec, units, values[units[0]], report)
    _stop(report, known)
    warn_of_unused(units, report)
    return graph


def _stop(report: Report, known: Given) -> None:
    """End here if there are errors; those that a value makes wherever it is used are told where it is given."""
    if report.failed:
        from specc.passes.blame import blame_values

        blame_values(report, known)
    report.stop()


def lower_blocks(document: Document, report: Report) -> list[str]:
    """Check the form, the arguments and the names inside of a file's blocks, which nothing uses yet; gives their names."""
    file = parse_blocks(document, report, "the file")
    report.stop()
    assert file is not None
    units = include.load(document, file, report)
    report.stop()
    _check_blocks(units, report)
    values = {unit: Values(_unit_values(unit), report) for unit in units}
    _compute(values)
    report.stop()
    blocks = LayerItems(units, values, report).blocks
    unused = Spec.model_construct(layers=())
    check_dormant(unused, units, {name: block for name, (block, _) in blocks.items()}, lambda item: False, report, True)
    return list(file.blocks)


def _compute(values: dict[Unit, Values]) -> None:
    """Compute every var, so that each mistake in one is reported whether it is used or not."""
    for unit_values in values.values():
        for name in unit_values:
            with suppress(Failed):
                unit_values[name]


def _compute_variants(unit: Unit, spec: Spec, report: Report) -> None:
    """Compute what each variant sets, chosen or not."""
    unchanged = _unit_values(unit)
    for variant, changes in spec.variants.items():
        given = {name: (value, unit.place("variants", variant, name)) for name, value in changes.items()}
        values = Values(ChainMap(given, unchanged), report)
        for name in changes:
            with suppress(Failed):
                values[name]


def _check_blocks(units: list[Unit], report: Report) -> None:
    """Block names are unique and no layer's; arguments are not called as what an item has anyway."""
    seen: dict[str, Place] = {}
    for unit in units:
        for name, block in unit.spec.blocks.items():
            place = unit.place("blocks", name, part="key")
            if layers.find(name) is not None or name in layers.REFUSED:
                report.error(
                    "block-name",
                    f"'{name}' is a layer type and cannot name a block",
                    place,
                    help="choose another name for the block",
                )
            elif name in seen:
                report.error(
                    "block-name",
                    f"there are two blocks named '{name}'",
                    place,
                    help="rename one of the two",
                    related=[Related("the first", seen[name])],
                )
            seen.setdefault(name, place)
            for argument in block.args:
                of_items = argument in ITEM_KEYS or argument in INHERITED
                if of_items or layers.find(argument) is not None:
                    at = unit.place("blocks", name, "args", argument, part="key")
                    why = "every item has a key of that name" if of_items else "it is a layer type"
                    report.error(
                        "block-argument",
                        f"block '{name}' cannot have an argument named '{argument}': {why}",
                        at,
                        help="choose another name",
                    )
            inputs: set[str] = set()
            for position, wanted in enumerate(block.inputs):
                if wanted in inputs:
                    report.error(
                        "duplicate-name",
                        f"block '{name}' has two inputs named '{wanted}'",
                        unit.place("blocks", name, "inputs", position),
                        help="rename one of the two",
                    )
                inputs.add(wanted)


def _unit_values(unit: Unit) -> dict[str, tuple[Any, Place]]:
    return {name: (value, unit.place("vars", name)) for name, value in unit.spec.vars.items()}


def _given_values(unit: Unit, spec: Spec, settings: Settings, report: Report) -> dict[str, tuple[Any, Place]]:
    """The spec's vars, with those of the variant and the single values that were set in their stead."""
    given = _unit_values(unit)
    for variant, changes in spec.variants.items():
        for name in changes:
            if name not in spec.vars:
                at = unit.place("variants", variant, name, part="key")
                report.error(
                    "unknown-value",
                    f"variant '{variant}' sets {quote_value(name)}, which is not in 'vars'",
                    at,
                    help=_known(name, spec.vars, "vars"),
                )
    if settings.variant is not None:
        chosen = spec.variants.get(settings.variant)
        if chosen is None:
            report.error(
                "unknown-variant",
                f"there is no variant {quote_value(settings.variant)}",
                unit.place("variants"),
                help=_known(settings.variant, spec.variants, "variants"),
            )
        for name, value in (chosen or {}).items():
            given[name] = (value, unit.place("variants", settings.variant, name))
    for name, value in settings.values.items():
        option = value if isinstance(value, Document) else option_document(name, value)
        if name not in spec.vars:
            report.error(
                "unknown-value",
                f"there is no value {quote_value(name)} to set",
                unit.place("vars"),
                help=_known(name, spec.vars, "vars"),
            )
            continue
        given[name] = (option.data, Place(option, ()))
    return given


def option_document(name: str, value: Any) -> Document:
    """A value that no text was read for, as a document of its own that messages can show."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    span = Span(1, 1, 1, len(text) + 1)
    return Document(Source(f"set {name}", text), value, lambda path, part: span)


def _known(name: str, names: Mapping[str, Any], what: str) -> str:
    if not names:
        return f"the spec has no {what}: add {what}: {{{name}: ...}}" if what == "vars" else f"the spec has no {what}"
    return did_you_mean(name, names) or f"{what}: {', '.join(list(names)[:12])}"


def _substituted(data: Any, values: Values, place: Place, report: Report) -> Any:
    if isinstance(data, tuple):
        data = list(data)
    try:
        return substitute(data, values, place, (), report)
    except Failed:
        return None


def _outputs(spec: Spec, unit: Unit, values: Values, report: Report) -> Any:
    """What the spec says of its outputs, values put in; None where it says nothing, or nothing right."""
    place = unit.place("outputs")
    outputs = _substituted(spec.outputs, values, place, report)
    if outputs is None:
        return None
    if isinstance(outputs, list) and len(outputs) == 1:  # one value may be all of them
        outputs = outputs[0]
    try:
        return parse_outputs(outputs)
    except ProblemsError as error:
        for problem in error.problems:
            report.add(problem, place)
        return None


def _model_name(document: Document, spec: Spec, values: Values, report: Report) -> str:
    name = _substituted(spec.name, values, Place(document, ("name",)), report)
    if name is None:
        return _name_of_file(document.source.name) if document.folder is not None else "model"
    if not isinstance(name, str) or not is_name(name):
        report.error("invalid-name", f"{quote_value(name)} is no name", Place(document, ("name",)))
    return str(name)


def _name_of_file(path: str) -> str:
    """A file's name as the name of a model that TensorFlow can run.

    >>> _name_of_file("nets/_größe 2.yaml"), _name_of_file("网.json")
    ('gro_e_2', 'model')
    """
    letters = unicodedata.normalize("NFKD", FilePath(path).stem)
    plain = [
        char if char.isascii() and (char.isalnum() or char in "_-") else "_"
        for char in letters
        if not unicodedata.combining(char)
    ]
    return "".join(plain).strip("_-") or "model"


def _set_up(graph: Graph, spec: Spec, units: list[Unit], values: Values, report: Report) -> Graph:
    """The graph with the parts of the spec that are about the whole model."""
    unit = units[0]
    policy = _substituted(spec.dtype_policy, values, unit.place("dtype_policy"), report)
    if policy is not None and policy not in POLICIES:
        from specc.arguments.vocabulary import first  # the table of names is for errors only

        word = first("value", str(policy), "dtype_policy")
        help = (
            f"write {word.write}"
            if word is not None
            else did_you_mean(str(policy), POLICIES) or f"policies: {', '.join(POLICIES)}"
        )
        report.error(
            "argument-value", f"{quote_value(policy)} is no dtype policy", unit.place("dtype_policy"), help=help
        )
    expect = _substituted(spec.expect, values, unit.place("expect"), report)
    return replace(
        graph,
        files=tuple(unit.document.file for unit in units if unit.document.file is not None),
        dtype_policy=graph.dtype_policy if policy is None else str(policy),
        expect=expect or {},
        training=_training(graph, spec, unit, values, report),
    )


def _training(graph: Graph, spec: Spec, unit: Unit, values: Values, report: Report) -> Training | None:
    """What the spec says of training, by the names of the outputs."""
    data = _substituted(spec.compile, values, unit.place("compile"), report)
    if data is None:
        return None
    from specc.training import parse_training

    training, problems = parse_training(data)
    written = unit.place("compile")
    for problem in problems:
        value = written.at(*problem.path).written
        report.add(as_variable(problem, value, values), written)
    return None if training is None else training.by_outputs(graph.items_of_outputs())
