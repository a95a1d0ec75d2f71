"""What the parts of a spec are made of: maps with known keys, lists of parts, maps of values."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, PlainValidator, WithJsonSchema
from pydantic_core import core_schema

from specc.arguments import MOST_PROBLEMS, Arguments, TypeWords
from specc.diagnostics.codes import ERRORS, WARNINGS, Code
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value, shorten


class Part(Arguments):
    """A part of the spec: a map with known keys."""

    noun: ClassVar[str] = "key"
    unknown_code: ClassVar[Code] = "unknown-key"
    missing_code: ClassVar[Code] = "missing-key"
    value_code: ClassVar[Code] = "invalid-value"

    @classmethod
    def nested_message(cls, name: str, problem: Problem) -> str:
        """Problems of nested parts name their subject themselves."""
        return problem.message


def parts(
    parse: Callable[[Any], tuple[Any, list[Problem]]],
    words: str,
    meant: Callable[[Problem, Any], Problem],
    too_many: Callable[[int], Problem | None] = lambda count: None,
) -> Any:
    """The type of a list of parts.

    ``meant`` adds a help for what is not a list; ``too_many`` gives the problem of that many parts.
    """

    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise ProblemsError([meant(Problem("invalid-value", f"{words}, not {quote_value(value)}"), value)])
        if (problem := too_many(len(value))) is not None:
            raise ProblemsError([problem])
        parsed, problems = [], []
        known: dict[object, Any] = {}
        """Parts that consist of strings alone: equal ones are one object."""
        for index, raw in enumerate(value):
            key = _strings(raw)
            if key is not None and key in known:
                parsed.append(known[key])
                continue
            part, found = parse(raw)
            parsed.append(part)
            if not found:
                if key is not None:
                    known[key] = part
                continue
            problems += [problem.under(index) for problem in found]
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ProblemsError(problems)
        return tuple(parsed)

    return PlainValidator(check)


def _strings(raw: Any) -> object:
    """A part that consists of strings alone, as the key of a map; None for any other.

    Numbers are excluded: 1 equals True and 1.0, and the author of a file can choose them to have the same hash.
    """
    if isinstance(raw, dict):
        return tuple(raw.items()) if set(map(type, raw.values())) == {str} else None
    return raw if isinstance(raw, str) else None


def _allowed(value: list[str]) -> list[str]:
    """Check ``allow``: codes of warnings."""
    problems: list[Problem] = []
    for index, code in enumerate(value):
        if code in WARNINGS:
            continue
        if len(problems) >= MOST_PROBLEMS:
            break
        if code in ERRORS:
            reason = f"{quote_value(code)} is an error; only warnings can be allowed"
            hint: str | None = "remove it, and fix what it reports"
        else:
            reason = f"there is no warning {quote_value(code)} to allow"
            hint = did_you_mean(code, WARNINGS) or f"warnings: {', '.join(WARNINGS)}"
        problems.append(Problem("unknown-warning", reason, (index,), hint))
    if problems:
        raise ProblemsError(problems)
    return value


Allow = Annotated[list[str], AfterValidator(_allowed), TypeWords("a list of warnings, as in [unused-var]")]


LONGEST_DESCRIPTION = 10_000


def _description(value: str) -> str:
    if len(value) <= LONGEST_DESCRIPTION:
        return value.strip()
    raise ProblemsError([_too_long(value)])


def _too_long(value: str) -> Problem:
    help = f"at most {LONGEST_DESCRIPTION:,}: say it in fewer words, or in a comment"
    return Problem("too-large", f"has a description of {len(value):,} characters", help=help)


Description = Annotated[
    str,
    AfterValidator(_description),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_DESCRIPTION}),
    TypeWords("a string"),
]
"""What a part of the spec is, in words: a text that nothing is computed in."""

_LETTERS = "letters, digits and '_', as in width_2"


_WITH_DEFAULT = {"default", "description"}


def is_described(written: Any) -> bool:
    """Whether a value is written with a description: a map of exactly these two keys."""
    return isinstance(written, dict) and written.keys() == _WITH_DEFAULT


class Values(dict[str, Any]):
    """Values by name, as ``vars`` and ``args`` have them."""

    def __init__(
        self, values: Mapping[str, Any] = MappingProxyType({}), descriptions: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(values)
        self.descriptions = descriptions or {}
        """What the values are, in words, for those that have a description."""

    def path(self, name: str) -> tuple[str, ...]:
        """Where a value is, from the map that they are written in."""
        return (name, "default") if name in self.descriptions else (name,)

    @classmethod
    def parse(cls, written: dict[str, Any]) -> Self:
        """The values of a map. ProblemsError if it has something else."""
        problems = list(islice(_value_problems(written), MOST_PROBLEMS))
        if problems:
            raise ProblemsError(problems)
        described = {name: value for name, value in written.items() if is_described(value)}
        values = {name: value["default"] if name in described else value for name, value in written.items()}
        return cls(values, {name: value["description"].strip() for name, value in described.items()})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls.parse, handler(dict[str, Any]))


def _value_problems(written: dict[str, Any]) -> Iterator[Problem]:
    for name, value in written.items():
        if not name.isidentifier():
            plain = re.sub(r"\W+", "_", name.strip("$"))
            help = f"write {plain}" if plain.isidentifier() else _LETTERS
            yield Problem("invalid-name", f"{quote_value(name)} is not a valid name for a value", (name,), help, "key")
        if not isinstance(value, dict) or "description" not in value or not value.keys() <= {*_WITH_DEFAULT, "value"}:
            continue
        said = value["description"]
        if value.keys() != _WITH_DEFAULT:
            right = {"default": value.get("default", value.get("value")), "description": said}
            message = f"'{name}' has a description, and no default beside it"
            yield Problem("invalid-value", message, (name,), f"write {name}: {shorten(flow(right))}")
        elif not isinstance(said, str):
            message = f"the description of '{name}' must be a string, not {quote_value(said)}"
            yield Problem("invalid-value", message, (name, "description"), "write a text, in quotes")
        elif len(said) > LONGEST_DESCRIPTION:
            yield _too_long(said).with_subject(f"'{name}'").under(name, "description")


def _maps(what: str, example: str) -> Any:
    """Checks the maps in a map of names to maps; ``what`` is how messages call them."""

    def check(value: Any) -> Any:
        given = value.items() if isinstance(value, dict) else ()
        problems = [
            Problem(
                "invalid-value", f"{what} '{name}' must be a map, not {quote_value(item)}", (name,), f"as in {example}"
            )
            for name, item in islice((it for it in given if not isinstance(it[1], dict)), MOST_PROBLEMS)
        ]
        if problems:
            raise ProblemsError(problems)
        return value

    return BeforeValidator(check)


Maps = Annotated[dict[str, dict[str, Any]], TypeWords("a map of names to maps")]
Defaults = Annotated[Maps, _maps("the defaults of", "{Conv2D: {padding: same}}")]
Variants = Annotated[Maps, _maps("variant", "{small: {units: 10}}")]


def section(name: str, example: str) -> Any:
    """Checks a section that is a map; other values get an example as the help."""

    def check(value: Any) -> Any:
        if value is None or isinstance(value, dict):
            return value
        raise ProblemsError(
            [
                Problem(
                    "invalid-value", f"{name} must be a map, not {quote_value(value)}", help=f"for instance {example}"
                )
            ]
        )

    return BeforeValidator(check)
