"""What an argument may be: the types of Keras's arguments, as pydantic checks them and as messages say them.

`Arguments` is the base of every layer, initializer, loss, optimizer and so on. Its subclasses list
Keras's constructor arguments as pydantic fields, with Keras's names and defaults; the validation, the
JSON Schema, the documentation, the call of Keras and the emitted source all come from those fields.
"""

# Annotations are not postponed here: pydantic would evaluate each of them again, from its text, for every subclass.

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo

from specc.budget import current
from specc.diagnostics.codes import Code
from specc.diagnostics.problem import Fix, Problem, ProblemsError, with_subject
from specc.diagnostics.suggest import certain, did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.source import Path

MOST_PROBLEMS = 2_000
"""Problems of one object, or of one list of parts, that are told at most."""


UNKNOWN_CODES: dict[str, Code] = {
    "layer": "unknown-layer",
    "operation": "unknown-layer",
    "initializer": "unknown-initializer",
    "regularizer": "unknown-regularizer",
    "constraint": "unknown-constraint",
    "activation": "unknown-activation",
    "loss": "unknown-loss",
    "metric": "unknown-metric",
    "optimizer": "unknown-optimizer",
    "schedule": "unknown-schedule",
}
"""Of each kind of Keras object: the code of a name that none has."""


class TypeWords(str):
    """Metadata of an annotated type: the type in words, as an error message says it."""

    __slots__ = ()


NO_TUPLES = "YAML and JSON have no tuples: write a list, as in [4, -1]"


class Arguments(BaseModel):
    """The arguments of one Keras object; strict, with unknown ones refused.

    A subclass is named as the Keras class is. Validators are built when a class is first used, so a
    large catalogue costs nothing until then.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, defer_build=True, protected_namespaces=(), allow_inf_nan=False
    )

    kind: ClassVar[str] = "object"
    """What it is, in a message: "layer", "initializer"..."""
    keras_module: ClassVar[str] = ""
    """The public Keras module that holds the class: "layers", "initializers"..."""
    noun: ClassVar[str] = "argument"
    """What a field is called in messages: "argument" of a layer, "key" of a part of the spec."""
    unknown_code: ClassVar[Code] = "unknown-argument"
    missing_code: ClassVar[Code] = "missing-argument"
    value_code: ClassVar[Code] = "argument-value"
    refused: ClassVar[dict[str, str]] = {}
    """Arguments that Keras has and a spec may not give: name to reason and way out."""
    since: ClassVar[str] = ""
    """The first version of Keras that has it, where that came after the oldest one that specc knows."""

    @classmethod
    def keras_name(cls) -> str:
        """The name in Keras's `keras_module`: the class's own, unless Python or another class has taken it."""
        return cls.__name__

    @classmethod
    def parse(cls, given: dict[str, Any]) -> tuple[Self | None, list[Problem]]:
        """Check the arguments; returns the instance or, where it is None, every problem found.

        Never raises. Paths of the problems count from ``given``.
        """
        if cls.since and (problem := _too_new(cls)) is not None:
            return None, [problem]
        try:
            # As model_validate does, but for the look at its options: every item and layer comes by here.
            parsed: Self = cls.__pydantic_validator__.validate_python(given)
        except ValidationError as error:
            return None, list(islice(_problems(cls, given, _of_few(cls, given, error)), MOST_PROBLEMS))
        problems = list(parsed.check())
        return (None, problems) if problems else (parsed, [])

    def check(self) -> Iterator[Problem]:
        """Problems that only several arguments together have, the ones Keras's constructor refuses."""
        yield from ()

    @classmethod
    def hint_for_unknown(cls, name: str) -> str | None:
        """Where a name belongs that is no argument; None where it is nothing else either."""
        return NO_TUPLES if name.endswith(")") and "(" not in name else None

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """What to write for a required argument beside what is given; None where its type says enough."""
        return None

    @classmethod
    def nested_message(cls, name: str, problem: Problem) -> str:
        """A problem that a field's own validator found, as a message about this object."""
        return with_subject(name, problem.message) if problem.path else f"{name} {problem.message}"

    def given(self) -> dict[str, Any]:
        """The arguments that were given, by Keras's names, in the order of the Keras signature."""
        given = self.model_fields_set
        return {name: getattr(self, field) for name, field in _in_keras_order(type(self)) if field in given}

    @classmethod
    def signature_name(cls) -> str:
        """The name of its signature in `specc.keras_signatures`."""
        return f"{cls.keras_module}.{cls.keras_name().removeprefix(f'{cls.keras_module}.')}"

    @classmethod
    def argument_order(cls) -> list[str]:
        """The names of the arguments in the order of the Keras signature."""
        fields = cls.argument_fields()
        return [name for name, _ in _in_keras_order(cls) if name in fields]

    @classmethod
    def argument_fields(cls) -> dict[str, FieldInfo]:
        """The fields by the names that a spec uses (an alias where the name is taken in Python)."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}


def _too_new(cls: type[Arguments]) -> Problem | None:
    from specc import keras_signatures  # no class of the oldest version comes here

    return (
        keras_signatures.too_new(UNKNOWN_CODES[cls.kind], cls.since) if keras_signatures.is_later(cls.since) else None
    )


@cache
def _in_keras_order(cls: type[Arguments]) -> tuple[tuple[str, str], ...]:
    """The arguments in the order of the Keras signature, what that does not have last; each with its field's name."""
    from specc import keras_signatures  # a check needs no order

    fields = {field.alias or name: name for name, field in cls.model_fields.items()}
    signature = keras_signatures.find(cls.signature_name())
    first = [name for name in signature.arguments if name in fields] if signature is not None else []
    return tuple((name, fields[name]) for name in dict.fromkeys([*first, *fields]))


# -- The types -----------------------------------------------------------------------------------


def freeze(value: Any) -> Any:
    """Lists, as a document has them, become tuples, as fields have them; at every depth."""
    if isinstance(value, list):
        return tuple(freeze(item) for item in value)
    return value


LARGEST_INT = 2**63 - 1
LARGEST_SIZE = 2**31 - 1

PositiveInt = Annotated[int, Field(ge=1, le=LARGEST_SIZE), TypeWords("a positive integer")]
NonNegativeInt = Annotated[int, Field(ge=0, le=LARGEST_SIZE), TypeWords("an integer of 0 or more")]
Integer = Annotated[int, Field(ge=-LARGEST_INT, le=LARGEST_INT), TypeWords("an integer")]
Number = Annotated[float, TypeWords("a number")]
PositiveNumber = Annotated[float, Field(gt=0), TypeWords("a number above 0")]
NonNegativeNumber = Annotated[float, Field(ge=0), TypeWords("a number of 0 or more")]
Fraction = Annotated[float, Field(ge=0, le=1), TypeWords("a number from 0 to 1")]

Integers = Annotated[tuple[Integer, ...], BeforeValidator(freeze), TypeWords("a list of integers")]
PositiveInts = Annotated[tuple[PositiveInt, ...], BeforeValidator(freeze), TypeWords("a list of positive integers")]
Numbers = Annotated[tuple[Number, ...], BeforeValidator(freeze), TypeWords("a list of numbers")]
Strings = Annotated[tuple[str, ...], BeforeValidator(freeze), TypeWords("a list of strings")]
Pair = Annotated[tuple[Number, Number], BeforeValidator(freeze), TypeWords("a list of 2 numbers")]

Axis = Annotated[Integer, TypeWords("an axis (an integer)")]
Axes = Annotated[
    Integer | tuple[Integer, ...], BeforeValidator(freeze), TypeWords("an axis (an integer) or a list of axes")
]

Size1 = Annotated[
    PositiveInt | tuple[PositiveInt],
    BeforeValidator(freeze),
    TypeWords("a positive integer"),
]
Size2 = Annotated[
    PositiveInt | tuple[PositiveInt, PositiveInt],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of 2 positive integers"),
]
Size3 = Annotated[
    PositiveInt | tuple[PositiveInt, PositiveInt, PositiveInt],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of 3 positive integers"),
]

Padding = Literal["valid", "same"]
CausalPadding = Literal["valid", "same", "causal"]
DataFormat = Literal["channels_last", "channels_first"]
FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    *FLOAT_DTYPES, "complex64", "complex128", "string",
)  # fmt: skip
POLICIES = (*FLOAT_DTYPES, "mixed_float16", "mixed_bfloat16")
POLICY_NAMES = (*(dtype for dtype in DTYPES if dtype != "int8"), *POLICIES[-2:])
"""What a ``dtype`` may name; Keras takes "int8" for the name of a quantization."""


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in names:
            choices = ", ".join(names)
            problem = Problem(
                "argument-value", f"must be one of {choices}, not {quote_value(value)}", help=did_you_mean(value, names)
            )
            raise ProblemsError([problem])
        return value

    return check


DType = Annotated[
    str, AfterValidator(_one_of(DTYPES)), WithJsonSchema({"enum": list(DTYPES)}), TypeWords("the name of a dtype")
]
PolicyName = Annotated[
    str,
    AfterValidator(_one_of(POLICY_NAMES)),
    WithJsonSchema({"enum": list(POLICY_NAMES)}),
    TypeWords("the name of a dtype or of a dtype policy"),
]


def _object_of(kind: str) -> PlainValidator:
    """Checks an argument that is itself a Keras object of that kind: its name, or a map with ``type``."""

    def check(value: Any) -> Any:
        from specc import objects  # the tables load when a spec first uses one

        return objects.parse(kind, value)

    return PlainValidator(check)


def _reference(kind: str) -> WithJsonSchema:
    """A reference in the JSON Schema; pydantic would resolve a ``$ref`` itself."""
    return WithJsonSchema({"x-ref": f"#/$defs/{kind}"})


Initializer = Annotated[Any, _object_of("initializer"), _reference("initializer"), TypeWords("an initializer")]
"""A name that Keras knows, kept as written, or an instance from `specc.objects.initializers`."""
Regularizer = Annotated[Any, _object_of("regularizer"), _reference("regularizer"), TypeWords("a regularizer")]
Constraint = Annotated[Any, _object_of("constraint"), _reference("constraint"), TypeWords("a constraint")]
Activation = Annotated[Any, _object_of("activation"), _reference("activation"), TypeWords("an activation")]
Loss = Annotated[Any, _object_of("loss"), _reference("loss"), TypeWords("a loss")]
Metric = Annotated[Any, _object_of("metric"), _reference("metric"), TypeWords("a metric")]
Optimizer = Annotated[Any, _object_of("optimizer"), _reference("optimizer"), TypeWords("an optimizer")]
LearningRate = Annotated[
    Any, _object_of("schedule"), _reference("schedule"), TypeWords("a number or a learning rate schedule")
]


def _inner_layer(value: Any) -> Any:
    from specc import layers  # the layers are made of the types in this file

    return layers.parse_inner(value)


MOST_INNER_LAYERS = 1_000
"""Layers in a list that is an argument, at most."""
InnerLayer = Annotated[Any, PlainValidator(_inner_layer), _reference("inner_layer"), TypeWords("a layer")]
"""A layer inside another (a wrapper's layer, an RNN's cell); a `specc.layers.base.Layer` once checked."""


def is_inner_layer(field: FieldInfo) -> bool:
    """Whether an argument is a layer, or a list of them."""
    return _mentions_layer(field.metadata, field.annotation)


def _mentions_layer(metadata: Sequence[Any], annotation: Any) -> bool:
    if any(isinstance(item, PlainValidator) and item.func is _inner_layer for item in metadata):
        return True
    return any(_mentions_layer(getattr(option, "__metadata__", ()), option) for option in get_args(annotation))


def per_axis(value: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    """One size for each of ``rank`` axes, as Keras's ``standardize_tuple`` spreads it.

    >>> per_axis(3, 2), per_axis((3, 5), 2)
    ((3, 3), (3, 5))
    """
    return (value,) * rank if isinstance(value, int) else tuple(value)


# -- pydantic's findings in specc's words --------------------------------------------------------


def in_words(annotation: Any) -> str:
    """A type as a message says it.

    >>> in_words(Literal["valid", "same"]), in_words(PositiveInt | None)
    ('"valid" or "same"', 'a positive integer or null')
    """
    if isinstance(annotation, FieldInfo):
        said = [item for item in annotation.metadata if isinstance(item, TypeWords)]
        return str(said[-1]) if said else in_words(annotation.annotation)
    if hasattr(annotation, "__metadata__"):
        said = [item for item in annotation.__metadata__ if isinstance(item, TypeWords)]
        return str(said[-1]) if said else in_words(annotation.__origin__)
    origin = get_origin(annotation)
    if origin is Literal:
        return _join([quote_value(value) for value in get_args(annotation)])
    if origin in (Union, types.UnionType):
        options = [in_words(option) for option in get_args(annotation)]
        null_is_said = any("null" in words and words != "null" for words in options)
        return _join([words for words in options if not (null_is_said and words == "null")])
    if origin in (tuple, list, dict):
        return "a map" if origin is dict else "a list"
    return _WORDS.get(annotation, "a value")


_WORDS: dict[Any, str] = {
    None: "null",
    type(None): "null",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "a string",
    dict: "a map",
}


def _join(options: list[str]) -> str:
    unique = list(dict.fromkeys(options))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"


def _of_few(cls: type[Arguments], given: dict[str, Any], error: ValidationError) -> ValidationError:
    """The error of lists of very many wrong entries, as the first of them give it: each finding takes a kilobyte."""
    if error.error_count() <= MOST_PROBLEMS:
        return error
    try:
        cls.model_validate({k: v[:MOST_PROBLEMS] if isinstance(v, list) else v for k, v in given.items()})
    except ValidationError as few:
        return few
    return error


MOST_INSIDE = 8
"""Unknown arguments that are looked at for whether the layer inside has them."""


def _problems(cls: type[Arguments], given: dict[str, Any], error: ValidationError) -> Iterator[Problem]:
    """Each argument's findings as one problem, in the order that the arguments were written in."""
    from specc.argument_names import (
        held,
        inside,
        meant,
        tensor_names,
        unknown_argument,
    )  # what errors only need is loaded for them
    from specc.argument_values import corrected

    by_argument: dict[str, list[Any]] = {}
    for finding in error.errors(include_url=False):
        by_argument.setdefault(str(finding["loc"][0]) if finding["loc"] else "", []).append(finding)
    written = {name: position for position, name in enumerate(given)}
    misspelt = {  # what is missing is there under a wrong name, which is reported
        meant(cls, name) for name, found in by_argument.items() if found[0]["type"] == "extra_forbidden"
    }
    unknown = [name for name, found in by_argument.items() if found[0]["type"] == "extra_forbidden"]
    tensors = [name for name in unknown if name in tensor_names(cls)]
    within = inside(cls, unknown[:MOST_INSIDE], given) if unknown else None
    misspelt.update(*(held(name, given[name]) or () for name in unknown[:MOST_INSIDE]))
    missing = [
        name
        for name, found in by_argument.items()
        if found[0]["type"] == "missing"
        and name not in misspelt
        and not (within is not None and name == within.argument)
    ]
    compared = current().comparisons > 0  # else a wrong name may be that of what is missing
    if missing and (compared or all(found[0]["type"] != "extra_forbidden" for found in by_argument.values())):
        yield missing_arguments(cls, missing, given)
    for name in sorted(by_argument, key=lambda name: written.get(name, -1)):
        findings = by_argument[name]
        if findings[0]["type"] == "missing":
            continue
        if within is not None and name in within.names:  # told once, with all that belongs there
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


def missing_arguments(cls: type[Arguments], names: list[str], given: Mapping[str, Any]) -> Problem:
    """The problem of required arguments that are not there."""
    fields = cls.argument_fields()
    names = [name for name in cls.argument_order() if name in names]
    wanted = "; ".join(f"'{name}': {cls.to_add(name, given) or in_words(fields[name])}" for name in names)
    return Problem(cls.missing_code, f"needs {and_join(names)}", help=f"add {wanted}")


def and_join(names: Iterable[str]) -> str:
    """Names in a message.

    >>> and_join(["a"]), and_join(["a", "b", "c"])
    ("'a'", "'a', 'b' and 'c'")
    """
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _value_problems(cls: type[Arguments], name: str, value: Any, findings: list[Any]) -> Iterator[Problem]:
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
    """The type of a key of the spec, where null is the same as saying nothing."""
    options = tuple(option for option in get_args(field.annotation) if option is not type(None))
    wide = get_origin(field.annotation) in (Union, types.UnionType)
    return Union[options] if wide else field  # noqa: UP007 - the options are known only here


MOST_SHOWN = 4
"""Entries of a list that a message shows as a whole."""
MOST_WRONG_ENTRIES = 5


def _wrong_entries(value: Any, findings: list[Any]) -> dict[Path, Any]:
    """The entries of a list that are wrong, each with the indices that lead to it; of nested lists the innermost."""
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
    """What to do about an entry of a list of strings that is none."""
    if "strings" not in words or isinstance(entry, list | dict):
        return None
    return "remove it" if entry is None else f'quote it: "{str(entry).lower() if isinstance(entry, bool) else entry}"'


def _literals(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if isinstance(value, str)]
    return [name for option in get_args(annotation) for name in _literals(option)]
