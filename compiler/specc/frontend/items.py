"""Layer items: specc's own keys, each defined once with its type and description; and rules about several keys."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from specc.arguments import MOST_PROBLEMS, TypeWords, and_join
from specc.budget import current
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem, ProblemsError
from specc.diagnostics.suggest import nearest
from specc.diagnostics.text_safety import quote_value
from specc.frontend import forms
from specc.frontend.names import Expression, Name, item_label
from specc.frontend.parts import Allow, Description, Part, parts
from specc.frontend.references import From

LONGEST_LIST = 1000
"""Most entries of a list that a help repeats."""
INHERITED = ("trainable", "dtype")
"""What a block instance passes on to members that do not set it themselves."""


class Item(Part):
    """A layer item: specc's keys as fields, the layer's arguments in ``arguments``."""

    model_config = ConfigDict(extra="allow")

    type: str | None = Field(None, description="A layer type of Keras, an operation (ops.NAME), or a block.")
    name: Name | None = Field(
        None, description="A unique name; default: Keras's automatic name, which cannot be referred to."
    )
    from_: From | None = Field(
        None,
        alias="from",
        description="Where the input comes from: a name, a list of names, or a map of call arguments to these.",
    )
    formula: str | None = Field(
        None,
        description="Operations in Python's notation, in place of 'type': \"mean + exp(log_var / 2) * noise\".",
    )
    share: str | None = Field(None, description="Call the layer of that name again, with its weights.")
    call: dict[str, Any] | None = Field(
        None, description="Constant arguments of the layer's call, such as {training: false}."
    )
    repeat: (
        Annotated[int, Field(ge=0), TypeWords("an integer of 0 or more")]
        | Annotated[dict[str, Any], TypeWords("a map of names to lists")]
        | Expression
        | None
    ) = Field(
        None,
        description="Copies in a chain: their number, or one for each value: {units: [64, 32]}; $index counts from 0.",
    )
    each: dict[str, Any] | Expression | None = Field(
        None, description="Copies side by side, one for each value: {size: [3, 5]}."
    )
    when: bool | Expression | None = Field(
        None, description="false removes the item; its first input, or 'else', replaces it."
    )
    else_: str | Annotated[list[Any], Field(max_length=0), TypeWords("[], which is nothing")] | None = Field(
        None, alias="else", description="The reference that replaces it when 'when' is false; [] is nothing."
    )
    nested: bool | Expression = Field(
        False, description="true makes the block instance a Keras model that is used as one layer."
    )
    allow: Allow = Field(default_factory=list, description="The codes of warnings that are not reported for the item.")
    description: Description | None = Field(None, description="What the layer is for, in words.")

    @classmethod
    def meant_value(cls, name: str, value: Any, problem: Problem) -> Problem | None:
        """What a wrong value of ``each``, ``repeat``, ``share`` or ``call`` probably means."""
        if name == "each" and problem.path == ("each",):
            return problem.with_help(_each(value))
        if name == "repeat" and isinstance(value, list) and value and len(value) <= LONGEST_LIST:
            lists = flow({"f": value})
            return problem.with_help(f"write repeat: {lists} for a chain, or each: {lists} for copies side by side")
        if name == "formula" and not isinstance(value, str):
            return problem.with_help('write it in quotes, as in formula: "x * 2"')
        if name == "share" and not isinstance(value, str):
            return problem.with_help("write the name of the item that is called again, with its weights")
        if name == "else":
            return problem.with_help("write one reference, or [] where it is left out of several")
        if name == "call" and isinstance(value, str) and value.isidentifier():
            return problem.with_help(f"write {{{value}: true}}", Fix({value: True}))
        return None

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the layer or block, as written."""
        return self.__pydantic_extra__ or {}


def _each(value: Any) -> str:
    maps = value if isinstance(value, list) and value and all(isinstance(item, dict) for item in value) else []
    if maps and maps[0] and all(item.keys() == maps[0].keys() for item in maps):
        return f"write {flow({key: [item[key] for item in maps] for key in maps[0]})}: one list for each name"
    if isinstance(value, list) and value:
        return f"write {{f: {flow(value)}}}: $f is its value in each copy"
    count = f"write repeat: {value}, or " if isinstance(value, int) and not isinstance(value, bool) else "write "
    return f"{count}each: {{f: [8, 16]}}, with $f in each copy"


ITEM_KEYS = tuple(Item.argument_fields())
"""specc's own keys of a layer item; every other key is an argument."""
_ONE_OF = ("type", "share", "formula")
"""The keys of which an item has one."""
_KEYS_OF_FEW = {"share", "formula", "repeat", "each", "else_"}
KEYS_OF_SHARED = ("name", "from", "share", "call", "repeat", "each", "when", "else", "allow", "description")
"""The only keys of an item with ``share``."""
KEYS_OF_FORMULAS = ("name", "formula", "each", "when", "else", "allow", "description")
"""The only keys of an item with ``formula``."""
_NOT_OF_FORMULAS = {
    "type": "an item has a type or a formula: write the operation in the formula, or remove one of the two",
    "from": "remove from: the names in a formula are its inputs",
    "share": "a formula has no layer to share: write it again, or put it in a block",
    "repeat": "put the formula in a block with an input, and repeat that",
    "call": "write constants in the formula, as in sum(x, axis=1)",
    "nested": "put the formula in a block, and nest that",
}


def parse_item(raw: Any) -> tuple[Item | None, list[Problem]]:
    """A layer item from its data: a map, or just the type."""
    if isinstance(raw, str):
        raw = {"type": raw}
    if not isinstance(raw, dict):
        message = f"a layer is a map with 'type', or just a type, not {quote_value(raw)}"
        from specc.layers.other_forms import item_form  # for errors only

        return None, [Problem("invalid-value", message).meaning(item_form(raw))]
    item, problems = Item.parse(raw)
    if item is None:
        label = item_label(raw.get("name"), raw.get("type"))
        return None, [problem.with_subject(label) for problem in problems]
    if item.type is not None and _KEYS_OF_FEW.isdisjoint(item.model_fields_set):
        return item, []  # the rest is about several keys together
    problems = list(_item_problems(item, raw))
    return (None, problems) if problems else (item, [])


def _item_problems(item: Item, raw: dict[str, Any]) -> Iterator[Problem]:
    subject = item_label(raw.get("name"), raw.get("type"))
    if item.share is not None and item.formula is None:
        for key in raw:
            if key not in KEYS_OF_SHARED:
                message = f"{subject}: {quote_value(key)} is not allowed with 'share'"
                yield Problem(
                    "share-clash",
                    message,
                    (key,),
                    f"remove {key}: a shared call has {and_join(key for key in KEYS_OF_SHARED if key != 'share')} only",
                    "key",
                )
    elif item.formula is not None:
        yield from _not_of_formulas(raw, subject)
    elif item.type is None:
        wrong = nearest("type", list(item.arguments))
        from specc.layers.other_forms import item_form  # for errors only

        meant = item_form(raw)
        if meant is not None:
            yield Problem("missing-key", f"{subject} needs 'type'").meaning(meant)
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
    for key, given in (("repeat", item.repeat), ("each", item.each)):
        if given == {}:
            help = "give it a name with a list: {size: [3, 5]}"
            yield Problem("invalid-value", f"{subject} has an empty '{key}'", (key,), help)
    if item.else_ is not None and item.when is None:
        yield Problem(
            "else-without-when",
            f"{subject} has 'else' without 'when'",
            ("else",),
            "add 'when', or remove 'else'",
            "key",
        )


def _not_of_formulas(raw: dict[str, Any], subject: str) -> Iterator[Problem]:
    """The keys that an item with a formula cannot have."""
    for key, value in raw.items():
        if key not in KEYS_OF_FORMULAS:
            help = _NOT_OF_FORMULAS.get(key, "arguments are written in the formula, as in sum(x, axis=1)")
            if value is None and not key.isidentifier():
                help = 'in YAML\'s flow style {...}, quote a formula that has a comma: formula: "sum(x, axis=1)"'
            yield Problem(
                "formula", f"{subject} has a formula, and cannot have {quote_value(key)}", (key,), help, "key"
            )


def _joined_items(value: Any) -> Any:
    """Refuse arguments that are entries next to their items, once for each item."""
    untyped = isinstance(value, list) and any(isinstance(it, dict) and it.keys().isdisjoint(_ONE_OF) for it in value)
    found = list(islice(forms.arguments_of_their_own(value, ITEM_KEYS), MOST_PROBLEMS)) if untyped else []
    if found:
        message = "a layer needs 'type'"
        raise ProblemsError([Problem("missing-key", message, (index,), help) for index, help in found])
    return value


def _too_many(count: int) -> Problem | None:
    if count <= (most := current().most_items):
        return None
    message = f"has a list of {count:,} layers, where a spec of this length may have {most:,}"
    return Problem("too-large", message, (), "a longer file may have more; use fewer layers")


Items = Annotated[
    Any,
    parts(
        parse_item,
        "layers must be a list of layers",
        lambda problem, raw: replace(problem, help=forms.items(raw)),
        _too_many,
    ),
    BeforeValidator(_joined_items),
    WithJsonSchema({"type": "array", "items": {"x-ref": "#/$defs/item"}}),
    TypeWords("a list of layers"),
]
