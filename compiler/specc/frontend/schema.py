"""The spec as it is written, before anything is expanded: pydantic models of its parts.

What a layer's own arguments may be is not said here but in its class under `specc.layers`; an item keeps them
as they stand. Anywhere a value may stand, so may ``$name`` or ``$(expression)``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from specc.arguments import MOST_PROBLEMS, Arguments, TypeWords, and_join
from specc.budget import current
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem, ProblemsError, with_subject
from specc.diagnostics.suggest import did_you_mean, nearest
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend import forms
from specc.source import Path

_NAME = re.compile(r"\w[\w-]*\Z")
LONGEST_NAME = 200

Expression = Annotated[str, Field(pattern=r"^\$"), TypeWords("an expression")]

ITEM_KEYS = ("type", "name", "from", "share", "call", "repeat", "each", "when", "else", "nested", "allow")
"""specc's own keys of a layer item; every other key is an argument."""
INHERITED = ("trainable", "dtype")
"""What a block instance hands on to the members that do not say it themselves."""


def is_expression(value: Any) -> bool:
    """Whether a value is ``$name`` or ``$(expression)``, still to be computed."""
    return isinstance(value, str) and value.startswith("$") and not value.startswith("$$")


class Part(Arguments):
    """A part of the spec: a map with known keys."""

    noun: ClassVar[str] = "key"

    @classmethod
    def nested_message(cls, name: str, problem: Problem) -> str:
        """Problems of nested parts say themselves what they are about."""
        return problem.message


def _parts(
    parse: Callable[[Any], tuple[Any, list[Problem]]], words: str, meant: Callable[[Problem, Any], Problem]
) -> Any:
    """The type of a list of parts; ``meant`` adds to the problem of what is no list what it was meant to be."""

    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise ProblemsError([meant(Problem("invalid-value", f"{words}, not {quote_value(value)}"), value)])
        if parse is parse_item and len(value) > (most := current().most_items):
            message = f"has a list of {len(value):,} layers, where a spec of this length may have {most:,}"
            raise ProblemsError([Problem("too-large", message, (), "a longer file may have more; use fewer layers")])
        parsed, problems = [], []
        known: dict[object, Any] = {}
        """Parts that are made of strings alone: equal ones are one object."""
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
            problems += [replace(p, path=(index, *p.path)) for p in found]
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ProblemsError(problems)
        return tuple(parsed)

    return PlainValidator(check)


def _strings(raw: Any) -> object:
    """A part that is made of strings alone, as the key of a map; None for any other.

    Numbers are none of that: 1 equals True and 1.0, and whoever writes a file can choose them to have one hash.
    """
    if isinstance(raw, dict):
        return tuple(raw.items()) if set(map(type, raw.values())) == {str} else None
    return raw if isinstance(raw, str) else None


# -- References ----------------------------------------------------------------------------------


def _reference(value: Any, where: str) -> Problem | None:
    if isinstance(value, str):
        return None
    return Problem("invalid-value", f"{where} must be a name, not {quote_value(value)}", help=name_hint(value))


def name_hint(value: Any) -> str | None:
    """What to write where a reference is a number."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if value < 0:
        return "references go by names, not by positions: write the name of a layer"
    return f'references go by names, not by positions: write the name of a layer, in quotes if it is "{value}"'


def parse_from(value: Any) -> Any:
    """Check ``from``: a reference, a list of them, or a map of these by call argument. ProblemsError says what is wrong."""
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
    """Refuse a text that holds several names."""
    if not value.replace("_", "a").replace(".", "a").isalnum() and (meant := forms.references(value)) is not None:
        raise ProblemsError(
            [forms.with_help(Problem("invalid-value", f"{where} cannot be {quote_value(value)}"), meant)]
        )


def _names_in_another_form(value: Any, words: str) -> None:
    """Refuse a map or a list whose form tells which names are meant."""
    if (meant := forms.names(value)) is not None:
        raise ProblemsError([forms.with_help(Problem("invalid-value", f"{words}, not {quote_value(value)}"), meant)])


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
                [Problem("invalid-value", f"{words}; {quote_value(item)} is no name", (*path, index), name_hint(item))]
            )


From = Annotated[
    Any,
    PlainValidator(parse_from),
    WithJsonSchema({"x-ref": "#/$defs/from"}),
]


_NAME_IN_JSON_SCHEMA = r"^(\$.*|[^\x00-/:-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*)$"
"""`is_name` or an expression, in what Python's and JavaScript's patterns have in common: no ASCII that is in no name."""


def is_name(text: str) -> bool:
    """Whether a text is a name: letters of any script with their marks, digits, ``_`` and ``-``; not ``-`` first.

    >>> is_name("stage-2"), is_name("हिन्दी"), is_name("a.b"), is_name("-a")
    (True, True, False, False)
    """
    if not text.isascii():
        text = "".join("-" if unicodedata.category(char) in ("Mn", "Mc") else char for char in text)
    return len(text) <= LONGEST_NAME and _NAME.match(text) is not None


def _name(value: str) -> str:
    if is_expression(value) or is_name(value):
        return value
    raise ProblemsError([invalid_name(value)])


def _plain_name(value: str) -> str:
    if is_name(value):
        return value
    raise ProblemsError([invalid_name(value)])


def invalid_name(name: str) -> Problem:
    """The problem of a name that is against the grammar."""
    mended = mended_name(name)
    hint = "a name has letters, digits, '_' and '-'"
    if is_name(mended):
        hint += f"; for instance '{shorten(mended)}'"
    strange = re.search(r"[^\w-]", name)
    if not name:
        reason = "a name cannot be empty"
    elif strange is not None:
        reason = f"a name cannot have {quote_value(strange[0])} in it, as {quote_value(name)} has"
    elif len(name) > LONGEST_NAME:
        reason = f"a name has at most {LONGEST_NAME} characters, not {len(name):,}"
    else:
        reason = f"a name cannot begin with {quote_value(name[0])}, as {quote_value(name)} does"
    return Problem("invalid-name", reason, help=hint)


def mended_name(name: str) -> str:
    """A name with ``_`` in the place of what no name can have."""
    return re.sub(r"[^\w-]+", "_", name).strip("_-")[:LONGEST_NAME]


Name = Annotated[
    str,
    AfterValidator(_name),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_NAME, "pattern": _NAME_IN_JSON_SCHEMA}),
    TypeWords("a name"),
]
PlainName = Annotated[str, AfterValidator(_plain_name), TypeWords("a name")]


def _allowed(value: list[str]) -> list[str]:
    """Check ``allow``: codes of warnings."""
    from specc.diagnostics import pages  # reads the pages of the codes: only where there is something to look up

    problems: list[Problem] = []
    warnings = pages.warnings()
    for index, code in enumerate(value):
        if code in warnings:
            continue
        if len(problems) >= MOST_PROBLEMS:
            break
        if pages.page(code) is not None:
            reason, hint = (
                f"{quote_value(code)} is an error; only warnings can be allowed",
                "remove it, and fix what it reports",
            )
        else:
            reason = f"there is no warning {quote_value(code)} to allow"
            hint = did_you_mean(code, warnings) or f"warnings: {', '.join(warnings)}"
        problems.append(Problem("unknown-warning", reason, (index,), hint))
    if problems:
        raise ProblemsError(problems)
    return value


Allow = Annotated[list[str], AfterValidator(_allowed), TypeWords("a list of warnings, as in [unused-var]")]


# -- Layer items ---------------------------------------------------------------------------------


class Item(Part):
    """A layer item: specc's keys as fields, the layer's arguments in ``arguments``."""

    model_config = ConfigDict(extra="allow")

    type: str | None = None
    name: Name | None = None
    from_: From | None = Field(None, alias="from")
    share: str | None = None
    call: dict[str, Any] | None = None
    repeat: Annotated[int, Field(ge=0), TypeWords("an integer of 0 or more")] | Expression | None = Field(
        None, json_schema_extra={"minimum": 0}
    )
    each: dict[str, Any] | None = None
    when: bool | Expression | None = None
    else_: str | None = Field(None, alias="else")
    nested: bool | Expression = False
    allow: Allow = Field(default_factory=list)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the layer or block, as written."""
        return self.__pydantic_extra__ or {}


_KEYS_OF_FEW = {"share", "repeat", "each", "else_"}


def parse_item(raw: Any) -> tuple[Item | None, list[Problem]]:
    """A layer item from its data: a map, or just the type."""
    if isinstance(raw, str):
        raw = {"type": raw}
    if not isinstance(raw, dict):
        message = f"a layer is a map with 'type', or just a type, not {quote_value(raw)}"
        return None, [forms.with_help(Problem("invalid-value", message), forms.item(raw))]
    item, problems = Item.parse(raw)
    if item is None:
        return None, [
            replace(p, message=with_subject(item_label(raw.get("name"), raw.get("type")), p.message)) for p in problems
        ]
    if item.type is not None and _KEYS_OF_FEW.isdisjoint(item.model_fields_set):
        return item, []  # the rest is about what such keys say together
    problems = list(_item_problems(item, raw))
    return (None, problems) if problems else (item, [])


def item_label(name: object, kind: object) -> str:
    """How messages call an item that has a name and a type, or lacks one of them.

    >>> item_label("stem", "Conv2D"), item_label(None, "Dense"), item_label("stem", None)
    ("'stem' (Conv2D)", 'a Dense layer', "'stem'")
    """
    if not isinstance(name, str):
        return f"{_article(kind)} {kind} layer" if isinstance(kind, str) else "a layer"
    return f"'{name}' ({kind})" if isinstance(kind, str) else f"'{name}'"


def _article(kind: str) -> str:
    """
    >>> _article("Add"), _article("LSTM"), _article("Dense")
    ('an', 'an', 'a')
    """
    spelt = kind[:2].isupper() and kind[0] in "FHLMNRSX"  # read letter by letter
    return "an" if spelt or kind[:1] in tuple("AEIOaeio") else "a"


def _item_problems(item: Item, raw: dict[str, Any]) -> Iterator[Problem]:
    subject = item_label(raw.get("name"), raw.get("type"))
    if item.share is not None:
        allowed = ("name", "from", "share", "call", "when", "else", "allow")
        for key in raw:
            if key not in allowed:
                message = f"{subject} shares '{item.share}' and so cannot have {quote_value(key)}"
                yield Problem(
                    "share-clash",
                    message,
                    (key,),
                    f"remove {key}: a shared call has {and_join(key for key in allowed if key != 'share')} only",
                    "key",
                )
    elif item.type is None:
        wrong = nearest("type", list(item.arguments))
        meant = forms.item(raw)
        if meant is not None:
            yield forms.with_help(Problem("missing-key", f"{subject} needs 'type'"), meant)
        elif wrong is not None:
            yield Problem(
                "missing-key", f"{subject} needs 'type'", (wrong,), f"write 'type' instead of '{wrong}'", "key"
            )
        else:
            yield Problem("missing-key", f"{subject} needs 'type'", help="add 'type', a layer type such as Dense")
    if item.repeat is not None and item.each is not None:
        yield Problem(
            "repeat-and-each",
            f"{subject} has both 'repeat' and 'each'",
            ("each",),
            "put one of the two into a block",
            "key",
        )
    if item.each is not None and len(item.each) == 0:
        yield Problem(
            "invalid-value", f"{subject} has an empty 'each'", ("each",), "give it a name with a list: {size: [3, 5]}"
        )
    if item.else_ is not None and item.when is None:
        yield Problem(
            "else-without-when",
            f"{subject} has 'else' without 'when'",
            ("else",),
            "add 'when', or take 'else' away",
            "key",
        )


# -- Edges and outputs ---------------------------------------------------------------------------


class Edge(Part):
    """An edge written as a map."""

    from_: str = Field(alias="from")
    to: str


def parse_edge(raw: Any) -> tuple[tuple[str, ...] | Edge | None, list[Problem]]:
    """An edge: a path of two or more names, or a map with ``from`` and ``to``."""
    if isinstance(raw, dict):
        edge, problems = Edge.parse(raw)
        if problems and (meant := forms.edge(raw)) is not None:
            message = f"an edge is a list of names, or a map with 'from' and 'to', not {quote_value(raw)}"
            return None, [forms.with_help(Problem("invalid-value", message), meant)]
        return edge, [replace(p, message=with_subject("an edge", p.message)) for p in problems]
    if not isinstance(raw, list):
        message = f"an edge is a list of names, or a map with 'from' and 'to', not {quote_value(raw)}"
        return None, [forms.with_help(Problem("invalid-value", message), forms.edge(raw))]
    for index, name in enumerate(raw):
        if not isinstance(name, str):
            message = f"an edge is a list of names; {quote_value(name)} is no name"
            problem = Problem("invalid-value", message, (index,), name_hint(name))
            meant = forms.edge(raw)
            return None, [problem if meant is None else forms.with_help(replace(problem, path=()), meant)]
    if len(raw) < 2:
        return None, [
            Problem("invalid-value", f"an edge needs two names or more, not {len(raw)}", help="write [from, to]")
        ]
    return tuple(raw), []


def _one_path(value: Any) -> Any:
    """Refuse a list of names where a list of such lists is wanted, once for them all."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        if any(forms.edge(item) is not None for item in value):
            return value
        message = f"edges must be a list of edges; {quote_value(value)} is one edge"
        help = f"put it into a list of its own: {flow([value])}"
        raise ProblemsError([Problem("invalid-value", message, help=help, fix=Fix([value]))])
    return value


def parse_outputs(value: Any) -> Any:
    """Outputs as a tuple of references, or a map of labels to references. ProblemsError says what is wrong."""
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
                problems.append(forms.with_help(replace(problem, help=name_hint(item)), forms.output(item)))
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


def _joined_items(value: Any) -> Any:
    """Refuse arguments that stand as entries beside their items, once for each item."""
    untyped = isinstance(value, list) and any(
        isinstance(it, dict) and "type" not in it and "share" not in it for it in value
    )
    found = list(islice(forms.arguments_of_their_own(value), MOST_PROBLEMS)) if untyped else []
    if found:
        message = "a layer needs 'type'"
        raise ProblemsError([Problem("missing-key", message, (index,), help) for index, help in found])
    return value


Items = Annotated[
    Any,
    _parts(parse_item, "layers must be a list of layers", lambda problem, raw: replace(problem, help=forms.items(raw))),
    BeforeValidator(_joined_items),
    WithJsonSchema({"type": "array", "items": {"x-ref": "#/$defs/item"}}),
    TypeWords("a list of layers"),
]
Edges = Annotated[
    Any,
    _parts(
        parse_edge, "edges must be a list of edges", lambda problem, raw: forms.with_help(problem, forms.edges(raw))
    ),
    BeforeValidator(_one_path),
    WithJsonSchema({"type": "array", "items": {"x-ref": "#/$defs/edge"}}),
    TypeWords("a list of edges"),
]


# -- Values --------------------------------------------------------------------------------------


_LETTERS = "letters, digits and '_', as in width_2"


def _value_names(value: dict[str, Any]) -> dict[str, Any]:
    problems = [
        Problem(
            "invalid-name",
            f"{quote_value(name)} is no name for a value",
            (name,),
            f"write {plain}" if (plain := re.sub(r"\W+", "_", name.strip("$"))).isidentifier() else _LETTERS,
            "key",
        )
        for name in islice((name for name in value if not name.isidentifier()), MOST_PROBLEMS)
    ]
    if problems:
        raise ProblemsError(problems)
    return value


Values = Annotated[dict[str, Any], AfterValidator(_value_names), TypeWords("a map of names to values")]


def _maps(what: str, example: str) -> Any:
    """Checks the maps in a map of names to maps; a message calls each what it is."""

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


def _section(name: str, example: str) -> Any:
    """Checks a section that is a map; what is none gets an example as its help."""

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


Names = Annotated[list[PlainName], Field(min_length=1), TypeWords("a list of names")]


# -- Blocks and files ----------------------------------------------------------------------------


class Block(Part):
    """A parametric group of layers."""

    args: Values = {}
    allow: Allow = Field(default_factory=list)
    inputs: Names
    layers: Items
    edges: Edges | None = None
    outputs: Outputs

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """Of the outputs: the last layer in the block that has a name."""
        layers = given.get("layers")
        named = (
            [item["name"] for item in layers if isinstance(item, dict) and "name" in item]
            if isinstance(layers, list)
            else []
        )
        return flow(named[-1:]) if name == "outputs" and named else None

    @cached_property
    def ports(self) -> dict[str, str]:
        """The outputs: what an instance calls each, and the reference inside the block that it stands for."""
        return dict(self.outputs) if isinstance(self.outputs, dict) else {name: name for name in self.outputs}

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each output stands among them; the first place of one that is there twice."""
        return {name: len(self.outputs) - 1 - index for index, name in enumerate(reversed(list(self.outputs)))}


def _blocks(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ProblemsError(
            [
                Problem(
                    "invalid-value",
                    f"blocks must be a map of names to blocks, not {quote_value(value)}",
                    help=forms.blocks(value),
                )
            ]
        )
    blocks: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in value.items():
        if len(problems) >= MOST_PROBLEMS:
            break
        if not is_name(name):
            problems.append(replace(invalid_name(name), path=(name,), part="key"))
            continue
        if not isinstance(raw, dict):
            message = f"block '{name}' must be a map, not {quote_value(raw)}"
            help = "a block has inputs, layers and outputs: {inputs: [x], layers: [...], outputs: [y]}"
            problems.append(Problem("invalid-value", message, (name,), help))
            continue
        block, found = Block.parse(raw)
        blocks[name] = block
        subject = f"block '{name}'"
        problems += [
            replace(p, message=_once(subject, p), path=(name, *p.path), part=p.part if p.path else "key") for p in found
        ]
    if problems:
        raise ProblemsError(problems)
    return blocks


def _once(subject: str, problem: Problem) -> str:
    return problem.message if len(problem.path) > 1 else with_subject(subject, problem.message)


Blocks = Annotated[
    Any,
    PlainValidator(_blocks),
    WithJsonSchema({"type": "object", "additionalProperties": {"x-ref": "#/$defs/block"}}),
]


class BlockFile(Part):
    """A file that is included: blocks, and the values and defaults they see."""

    specc: Annotated[Literal[1], TypeWords("1, the version of the format")] = 1
    schema_: str | None = Field(None, alias="$schema")
    include: Annotated[list[str], TypeWords("a list of file names")] = []
    vars: Values = {}
    defaults: Defaults = {}
    blocks: Blocks = {}
    allow: Allow = Field(default_factory=list)


class Spec(BlockFile):
    """A whole spec."""

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """Of the layers: what a file of blocks alone is for."""
        return (
            "a list of layers; a file of blocks alone can be checked, and a spec includes it"
            if given.get("blocks")
            else None
        )

    name: Name | None = None
    variants: Variants = {}
    layers: Items
    edges: Edges | None = None
    outputs: Outputs | None = None
    compile: Annotated[dict[str, Any] | None, _section("compile", "{optimizer: adam, loss: mse}")] = None
    dtype_policy: str | None = None
    expect: Annotated[dict[str, Any] | None, _section("expect", '{params: "< 5M"}')] = None
