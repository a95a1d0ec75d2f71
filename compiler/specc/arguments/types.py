"""The types of Keras's arguments, as pydantic checks them and as messages say them."""

# Annotations are not postponed here: pydantic would evaluate each of them again, from its text, for every subclass.

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic.fields import FieldInfo

from specc.arguments import kinds
from specc.arguments.roles import AS_FLOAT32
from specc.arguments.words import TypeWords
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.policies import FLOAT_DTYPES, IN_BLOCKS, POLICIES, QUANTIZED, is_quantized, refusal


def freeze(value: Any) -> Any:
    """Turn lists, as a document has them, into tuples, as fields have them; at every depth."""
    if isinstance(value, list):
        return tuple(freeze(item) for item in value)
    return value


MOST_PROBLEMS = 2_000
"""Most problems of one object, or of one list of parts, that are reported."""
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
DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    *FLOAT_DTYPES, "complex64", "complex128", "string",
)  # fmt: skip
POLICY_NAMES = (*(dtype for dtype in DTYPES if dtype != "int8"), *POLICIES[-2:])
"""The names of policies without a quantization; Keras takes "int8" for the name of one."""


def _one_of(names: tuple[str, ...], quantized: bool = False) -> Callable[[str], str]:
    """Checks that a value is one of some names, or also a quantized policy."""

    def check(value: str) -> str:
        if value in names or (quantized and is_quantized(value)):
            return value
        if quantized and (reason := refusal(value)) is not None:
            raise ProblemsError([Problem("argument-value", f"cannot be {quote_value(value)}", help=reason)])
        said = f"must be one of {', '.join(names)}, not {quote_value(value)}"
        raise ProblemsError(
            [Problem("argument-value", said, help=did_you_mean(value, [*names, *QUANTIZED] if quantized else names))]
        )

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
"""What a loss or a metric computes in."""
LayerPolicy = Annotated[
    str,
    AfterValidator(_one_of(POLICY_NAMES, quantized=True)),
    WithJsonSchema({"anyOf": [{"enum": [*POLICY_NAMES, *QUANTIZED]}, {"type": "string", "pattern": f"^{IN_BLOCKS}$"}]}),
    TypeWords("the name of a dtype or of a dtype policy"),
]
"""What a layer computes in and stores its weights in."""


def _object_of(kind: str) -> PlainValidator:
    """Checks an argument that is itself a Keras object of that kind: its name, or a map with ``type``."""

    def check(value: Any) -> Any:
        return kinds.parse(kind, value)

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
    Any, _object_of("schedule"), _reference("schedule"), AS_FLOAT32, TypeWords("a number or a learning rate schedule")
]


def _inner_layer(value: Any) -> Any:
    return kinds.parse("layer", value)


MOST_INNER_LAYERS = 1_000
"""Most layers in a list that is an argument."""
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
