"""What refers to layers by their names: ``from``, edges and outputs."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from specc.arguments import MOST_PROBLEMS, TypeWords
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.frontend import forms
from specc.frontend.names import invalid_name, is_name
from specc.frontend.parts import Part, parts
from specc.source import Path


def _reference(value: Any, where: str) -> Problem | None:
    if isinstance(value, str):
        return None
    return Problem("invalid-value", f"{where} must be a name, not {quote_value(value)}", help=name_hint(value))


def name_hint(value: Any) -> str | None:
    """What to write instead of a reference that is a number."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if value < 0:
        return "references are names, not positions: write the name of a layer"
    return f'references are names, not positions: write the name of a layer, in quotes if it is "{value}"'


def parse_from(value: Any) -> Any:
    """Check ``from``: a reference, a list of them, or a map of these by call argument. ProblemsError has what is wrong."""
    words = "'from' must be a name, a list of names, or a map of call arguments to these"
    if isinstance(value, str):
        _one_reference(value, "'from'")
        return value
    _names_in_another_form(value, words)
    if isinstance(value, dict):
        for name, item in value.items():
            _from_list(item, (name,), words)
        return value
    _from_list(value, (), words)
    return value


def _one_reference(value: str, where: str) -> None:
    """Refuse a string that contains several names."""
    if not value.replace("_", "a").replace(".", "a").isalnum() and (meant := forms.references(value)) is not None:
        raise ProblemsError([Problem("invalid-value", f"{where} cannot be {quote_value(value)}").meaning(meant)])


def _names_in_another_form(value: Any, words: str) -> None:
    """Refuse a map or a list whose form shows which names are meant."""
    if (meant := forms.names(value)) is not None:
        raise ProblemsError([Problem("invalid-value", f"{words}, not {quote_value(value)}").meaning(meant)])


def _from_list(value: Any, path: Path, words: str) -> None:
    if isinstance(value, str):
        return
    if not isinstance(value, list):
        raise ProblemsError([Problem("invalid-value", f"{words}, not {quote_value(value)}", path, name_hint(value))])
    if not value:
        help = "name what it takes, or remove 'from': it then takes the item above"
        raise ProblemsError([Problem("invalid-value", f"{words}, not an empty list", path, help)])
    for index, item in enumerate(value):
        if not isinstance(item, str):
            raise ProblemsError(
                [
                    Problem(
                        "invalid-value",
                        f"{words}; {quote_value(item)} is not a valid name",
                        (*path, index),
                        name_hint(item),
                    )
                ]
            )


From = Annotated[
    Any,
    PlainValidator(parse_from),
    WithJsonSchema({"x-ref": "#/$defs/from"}),
]


class Edge(Part):
    """An edge written as a map."""

    from_: str = Field(alias="from", description="The name that feeds.")
    to: str = Field(description="The name that is fed, or a call argument of it: decoder.initial_state.")


def parse_edge(raw: Any) -> tuple[tuple[str, ...] | Edge | None, list[Problem]]:
    """An edge: a path of two or more names, or a map with ``from`` and ``to``."""
    if isinstance(raw, dict):
        edge, problems = Edge.parse(raw)
        if problems and (meant := forms.edge(raw)) is not None:
            message = f"an edge is a list of names, or a map with 'from' and 'to', not {quote_value(raw)}"
            return None, [Problem("invalid-value", message).meaning(meant)]
        said = [problem.with_subject("an edge") for problem in problems]
        return edge, [
            replace(it, help=name_hint(raw.get(str(it.path[0]))) or it.help) if it.path else it for it in said
        ]
    if not isinstance(raw, list):
        message = f"an edge is a list of names, or a map with 'from' and 'to', not {quote_value(raw)}"
        return None, [Problem("invalid-value", message).meaning(forms.edge(raw))]
    for index, name in enumerate(raw):
        if not isinstance(name, str):
            message = f"an edge is a list of names; {quote_value(name)} is not a valid name"
            problem = Problem("invalid-value", message, (index,), name_hint(name))
            meant = forms.edge(raw)
            return None, [problem if meant is None else replace(problem, path=()).meaning(meant)]
    if len(raw) < 2:
        return None, [
            Problem("invalid-value", f"an edge needs two names or more, not {len(raw)}", help="write [from, to]")
        ]
    return tuple(raw), []


def _one_path(value: Any) -> Any:
    """Refuse a list of names where a list of such lists is expected, once for them all."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        if any(forms.edge(item) is not None for item in value):
            return value
        message = f"edges must be a list of edges; {quote_value(value)} is one edge"
        help = f"put it into a list: {flow([value])}"
        raise ProblemsError([Problem("invalid-value", message, help=help, fix=Fix([value]))])
    return value


def parse_outputs(value: Any) -> Any:
    """Outputs as a tuple of references, or a map of labels to references. ProblemsError has what is wrong."""
    if isinstance(value, str):
        _one_reference(value, "outputs")
        return (value,)
    words = "outputs must be a list of names, or a map of names to these"
    _names_in_another_form(value, words)
    if isinstance(value, list | dict) and value:
        problems = []
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str) and not is_name(key):
                problems.append(replace(invalid_name(key), path=(key,), part="key"))
            if not isinstance(item, str):
                problem = Problem(
                    "invalid-value", f"an output is a reference to a layer, not {quote_value(item)}", (key,)
                )
                problems.append(problem.with_help(name_hint(item)).meaning(forms.output(item)))
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ProblemsError(problems)
        return tuple(value) if isinstance(value, list) else value
    empty = value is None or value in ([], {})
    help = "remove 'outputs', or name at least one layer" if empty else "name the layers: outputs: [y]"
    raise ProblemsError([Problem("invalid-value", f"{words}, not {quote_value(value)}", help=help)])


Outputs = Annotated[
    Any, PlainValidator(parse_outputs), WithJsonSchema({"x-ref": "#/$defs/outputs"}), TypeWords("a list of layer names")
]


Edges = Annotated[
    Any,
    parts(parse_edge, "edges must be a list of edges", lambda problem, raw: problem.meaning(forms.edges(raw))),
    BeforeValidator(_one_path),
    WithJsonSchema({"type": "array", "items": {"x-ref": "#/$defs/edge"}}),
    TypeWords("a list of edges"),
]
