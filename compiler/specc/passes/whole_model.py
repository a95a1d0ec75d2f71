"""The parts of a spec about the whole model: its name, outputs, dtypes, training, expectations."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from specc.diagnostics import Report
from specc.diagnostics.problem import ProblemsError
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.frontend.include import Unit
from specc.frontend.names import invalid_model_name, is_model_name
from specc.frontend.references import parse_outputs
from specc.frontend.schema import Spec
from specc.ir import Graph, Var
from specc.passes.expansion.freeze_patterns import LONGEST_PATTERN, MOST_PATTERNS, Pattern
from specc.passes.values import Failed, Values, substitute
from specc.policies import POLICIES, is_quantized
from specc.source import Document, Place

if TYPE_CHECKING:
    from specc.training import Training


def model_name(document: Document, spec: Spec, values: Values, report: Report) -> str:
    """The model's name: what the spec says, else the file's, else "model"."""
    name = _substituted(spec.name, values, Place(document, ("name",)), report)
    if name is None:
        return _name_of_file(document.source.name) if document.folder is not None else "model"
    if not isinstance(name, str):
        report.error("invalid-name", f"{quote_value(name)} is not a valid name", Place(document, ("name",)))
    elif not is_model_name(name):
        report.add(invalid_model_name(name).with_subject("the spec"), Place(document, ("name",)))
    return str(name)


def _name_of_file(path: str) -> str:
    """A file's name as the name of a model that TensorFlow can run.

    >>> _name_of_file("nets/_größe 2.yaml"), _name_of_file("mobilenet_1.00.json"), _name_of_file("网.json")
    ('gro_e_2', 'mobilenet_1.00', 'model')
    """
    letters = unicodedata.normalize("NFKD", FilePath(path).stem)
    plain = [
        char if char.isascii() and (char.isalnum() or char in "_-.") else "_"
        for char in letters
        if not unicodedata.combining(char)
    ]
    parts = (part.strip("_-") for part in "".join(plain).split("."))
    return ".".join(filter(None, parts)) or "model"


def outputs(spec: Spec, unit: Unit, values: Values, report: Report) -> Any:
    """The outputs that the spec lists, values substituted; None if it lists none, or something invalid."""
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


def freeze(spec: Spec, unit: Unit, values: Mapping[str, Any], report: Report) -> list[Pattern]:
    """The patterns of ``freeze``, values substituted; without those that are invalid."""
    place = unit.place("freeze")
    written = _substituted(spec.freeze, values, place, report)
    if isinstance(written, list) and len(written) == 1 and isinstance(written[0], list):  # one value may be all of them
        written = written[0]
    if written is None:
        return []
    if not isinstance(written, list) or not all(isinstance(name, str) and name for name in written):
        message = f"freeze must be a list of names, not {quote_value(written)}"
        report.error("invalid-value", message, place, help="write [stem, stage1*]: * stands for any characters")
        return []
    if any(len(name) > LONGEST_PATTERN for name in written):
        report.error("too-large", f"freeze has a name of more than {LONGEST_PATTERN:,} characters", place, help="use *")
        return []
    if sum("*" in name or "?" in name for name in written) > MOST_PATTERNS:
        report.error("too-large", f"freeze has more than {MOST_PATTERNS:,} patterns", place, help="use fewer, or names")
        return []
    is_listed = isinstance(spec.freeze, list) and len(spec.freeze) == len(written)
    return [Pattern(name, place.at(index) if is_listed else place) for index, name in enumerate(written)]


def dtype_policy(spec: Spec, unit: Unit, values: Mapping[str, Any], report: Report) -> str | None:
    """The dtype policy that the spec names, values substituted; None if it names none, or an unknown one, which is reported."""
    policy = _substituted(spec.dtype_policy, values, unit.place("dtype_policy"), report)
    if policy is not None and policy not in POLICIES:
        message, help = _no_policy(str(policy))
        report.error("argument-value", message, unit.place("dtype_policy"), help=help)
        return None
    return None if policy is None else str(policy)


def set_up(graph: Graph, spec: Spec, units: list[Unit], values: Values, report: Report) -> Graph:
    """The graph with the parts of the spec about the whole model."""
    unit = units[0]
    policy = dtype_policy(spec, unit, values, report)
    expect = _substituted(spec.expect, values, unit.place("expect"), report)
    return replace(
        graph,
        description=spec.description,
        vars=_vars(spec, values),
        files=tuple(unit.document.file for unit in units if unit.document.file is not None),
        dtype_policy=graph.dtype_policy if policy is None else policy,
        expect=expect or {},
        training=_training(graph, spec, unit, values, report),
    )


def _no_policy(policy: str) -> tuple[str, str]:
    """What is wrong with a dtype policy that no model can have, and what to write instead."""
    from specc.arguments.vocabulary import first  # the table of names is for errors only

    if is_quantized(policy):
        message = f"a model cannot have the dtype policy {policy}: Keras has no quantized computation for models"
        return message, f"give it to the layers that it is for: defaults: {{Dense: {{dtype: {policy}}}}}"
    word = first("value", policy, "dtype_policy")
    help = f"write {word.write}" if word is not None else did_you_mean(policy, POLICIES)
    return f"{quote_value(policy)} is not a dtype policy", help or f"policies: {', '.join(POLICIES)}"


def _vars(spec: Spec, values: Values) -> dict[str, Var]:
    """The values of the spec's vars, but those that are wrong."""
    found: dict[str, Var] = {}
    for name in spec.vars:
        with suppress(Failed):
            found[name] = Var(values[name], spec.vars.descriptions.get(name))
    return found


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
        from specc.arguments.values import as_variable  # for what is wrong only

        report.add(as_variable(problem, value, values), written)
    return None if training is None else training.by_outputs(graph.other_names_of_outputs())


def _substituted(data: Any, values: Mapping[str, Any], place: Place, report: Report) -> Any:
    if isinstance(data, tuple):
        data = list(data)
    try:
        return substitute(data, values, place, (), report)
    except Failed:
        return None
