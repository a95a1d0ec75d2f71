"""pydantic's findings about arguments, as problems in specc's words; imported only for errors."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from specc.arguments.fields import ArgumentFields
from specc.arguments.names import held, inside, meant, unknown_argument
from specc.arguments.types import MOST_PROBLEMS
from specc.arguments.values import corrected
from specc.arguments.words import and_join, in_words
from specc.budget import current
from specc.diagnostics.problem import Fix, Problem, ProblemsError
from specc.diagnostics.suggest import certain, did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.source import Path


def problems_of(cls: type[ArgumentFields], given: dict[str, Any], error: ValidationError) -> list[Problem]:
    """pydantic's findings about some arguments, in specc's words, up to a limit."""
    return list(islice(_problems(cls, given, _of_few(cls, given, error)), MOST_PROBLEMS))


def _of_few(cls: type[ArgumentFields], given: dict[str, Any], error: ValidationError) -> ValidationError:
    """The error of lists of very many wrong entries, from the first of them: each finding takes a kilobyte."""
    if error.error_count() <= MOST_PROBLEMS:
        return error
    try:
        cls.model_validate({k: v[:MOST_PROBLEMS] if isinstance(v, list) else v for k, v in given.items()})
    except ValidationError as few:
        return few
    return error


MOST_INSIDE = 8
"""Unknown arguments that are checked against the layer inside."""


def _problems(cls: type[ArgumentFields], given: dict[str, Any], error: ValidationError) -> Iterator[Problem]:
    """Each argument's findings as one problem, in the order that the arguments were written in."""
    by_argument: dict[str, list[Any]] = {}
    for finding in error.errors(include_url=False):
        by_argument.setdefault(str(finding["loc"][0]) if finding["loc"] else "", []).append(finding)
    written = {name: position for position, name in enumerate(given)}
    misspelt = {  # present under a wrong name, which is reported
        meant(cls, name) for name, found in by_argument.items() if found[0]["type"] == "extra_forbidden"
    }
    unknown = [name for name, found in by_argument.items() if found[0]["type"] == "extra_forbidden"]
    tensors = [name for name in unknown if name in cls.tensor_names()]
    within = inside(cls, unknown[:MOST_INSIDE], given) if unknown else None
    misspelt.update(*(held(name, given[name]) or () for name in unknown[:MOST_INSIDE]))
    missing = [
        name
        for name, found in by_argument.items()
        if _is_missing(found) and name not in misspelt and not (within is not None and name == within.argument)
    ]
    compared = current().comparisons > 0  # else a wrong name may be that of a missing argument
    if missing and (compared or all(found[0]["type"] != "extra_forbidden" for found in by_argument.values())):
        yield missing_arguments(cls, missing, given)
    for name in sorted(by_argument, key=lambda name: written.get(name, -1)):
        findings = by_argument[name]
        if _is_missing(findings):
            continue
        if within is not None and name in within.names:  # reported once, with all that belongs there
            if name == within.names[0]:
                said = f"has no argument{'s' * (len(within.names) > 1)} {' and '.join(map(quote_value, within.names))}"
                yield Problem("unknown-argument", said, (name,), within.help, "key")
        elif findings[0]["type"] == "extra_forbidden":
            if name in tensors[1:]:
                continue  # the help for the first has them all
            yield unknown_argument(cls, name, given)
        else:
            for problem in _value_problems(cls, name, given[name], findings):
                if within is not None and name == within.argument and problem.code == "missing-argument":
                    continue
                yield corrected(cls, name, given[name], problem)


def _is_missing(findings: list[Any]) -> bool:
    """Whether an argument was not given; a list that is too short misses an entry."""
    return findings[0]["type"] == "missing" and len(findings[0]["loc"]) == 1


def missing_arguments(cls: type[ArgumentFields], names: list[str], given: Mapping[str, Any]) -> Problem:
    """The problem of missing required arguments."""
    fields = cls.argument_fields()
    names = [name for name in cls.argument_order() if name in names]
    wanted = "; ".join(f"'{name}': {cls.to_add(name, given) or in_words(fields[name])}" for name in names)
    return Problem(cls.missing_code, f"needs {and_join(names)}", help=f"add {wanted}")


def _value_problems(cls: type[ArgumentFields], name: str, value: Any, findings: list[Any]) -> Iterator[Problem]:
    field = cls.argument_fields()[name]
    for finding in findings:
        cause = finding.get("ctx", {}).get("error")
        if isinstance(cause, ProblemsError):
            inside: Path = tuple(step for step in finding["loc"][1:] if isinstance(step, int))
            for problem in cause.problems:
                message = cls.nested_message(name, problem)
                yield replace(problem, message=message).under(name, *inside)
            return
    words = in_words(field if cls.noun == "argument" else _without_null(field))
    hint = sure = None
    choices = _literals(field.annotation)
    entries = _wrong_entries(value, findings)
    if entries and len(entries) < len(value) and (len(value) > MOST_SHOWN or len(entries) > 1):
        for inside, entry in list(entries.items())[:MOST_WRONG_ENTRIES]:
            hint = None if isinstance(entry, str) else _hint_for_token(entry, words)
            message = f"{name} must be {words}, not a list with {quote_value(entry)}"
            yield Problem(cls.value_code, message, (name, *inside), hint or f"set {name} to {words}")
        return
    path, blamed = (
        ((name, *next(iter(entries))), next(iter(entries.values()))) if len(entries) == 1 else ((name,), value)
    )
    if isinstance(blamed, str):
        hint = did_you_mean(blamed, choices)
        sure = certain(blamed, choices)
    elif words == "a name" and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        hint = f'quote it: "{value}" is a name'
    elif isinstance(value, float) and "integer" in words and "number" not in words:
        hint = "in an expression, int(...) and round(...) make an integer, and // of two integers does"
    fix = None if sure is None else Fix(sure)
    yield Problem(
        cls.value_code,
        f"{name} must be {words}, not {quote_value(value)}",
        path,
        hint or f"set {name} to {words}",
        fix=fix,
    )


def _without_null(field: FieldInfo) -> Any:
    """The type of a key of the spec, if null is the same as omitting it."""
    options = tuple(option for option in get_args(field.annotation) if option is not type(None))
    wide = get_origin(field.annotation) in (Union, types.UnionType)
    return Union[options] if wide else field  # noqa: UP007 - the options are known only here


MOST_SHOWN = 4
"""Entries of a list that a message shows completely."""
MOST_WRONG_ENTRIES = 5


def _wrong_entries(value: Any, findings: list[Any]) -> dict[Path, Any]:
    """The entries of a list that are wrong, each with the indices that lead to it; for nested lists the innermost."""
    found: dict[Path, Any] = {}
    for finding in findings if isinstance(value, list) else ():
        path = tuple(step for step in finding["loc"][1:] if isinstance(step, int))
        entry = value
        for step in path:
            if not isinstance(entry, list) or step >= len(entry):
                break
            entry = entry[step]
        else:
            if path:
                found[path] = entry
    around = {path[:depth] for path in found for depth in range(1, len(path))}
    return {path: entry for path, entry in found.items() if path not in around}


def _hint_for_token(entry: Any, words: str) -> str | None:
    """A help for an entry that is not a string, in a list of strings."""
    if "strings" not in words or isinstance(entry, list | dict):
        return None
    return "remove it" if entry is None else f'quote it: "{str(entry).lower() if isinstance(entry, bool) else entry}"'


def _literals(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if isinstance(value, str)]
    return [name for option in get_args(annotation) for name in _literals(option)]
