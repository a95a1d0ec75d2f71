"""The spec as it is written, before anything is expanded: pydantic models of its parts.

The arguments of a layer are not defined here but in its class under `specc.layers`; an item keeps them as they are
written. ``$name`` and ``$(expression)`` are allowed wherever a value is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, WrapValidator

from specc import layers
from specc.arguments import MOST_PROBLEMS, TypeWords
from specc.arguments.kinds import RESERVED
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.frontend import forms
from specc.frontend.items import ITEM_KEYS, Items
from specc.frontend.names import Expression, ModelName, PlainName, invalid_name, is_name
from specc.frontend.parts import Allow, Defaults, Description, Part, Values, Variants, section
from specc.frontend.references import Edges, Outputs


class BlockInput(Part):
    """An input of a block, written as a map."""

    name: PlainName = Field(description="The input's name, for the block's layers to refer to.")
    many: bool = Field(False, description="Whether it takes several tensors, which its name then stands for.")


def _input(value: Any, parse_name: Callable[[Any], str]) -> str | BlockInput:
    if not isinstance(value, dict):
        return parse_name(value)
    parsed, problems = BlockInput.parse(value)
    if parsed is None:
        raise ProblemsError([problem.with_subject("an input") for problem in problems])
    return parsed if parsed.many else parsed.name


Inputs = Annotated[
    list[Annotated[PlainName, WrapValidator(_input), WithJsonSchema({"x-ref": "#/$defs/block_input"})]],
    TypeWords("a list of names"),
]


class Block(Part):
    """A parametric group of layers."""

    description: Description | None = Field(None, description="What the block is, in words.")
    args: Annotated[Values, TypeWords("a map of names to values")] = Field(
        default_factory=Values, description="The block's arguments with their defaults; null: required."
    )
    allow: Allow = Field(default_factory=list, description="The codes of warnings that are not reported for the block.")
    inputs_: Inputs = Field(
        alias="inputs",
        description="The block's inputs, for its layers to refer to: names, or {name: skips, many: true} for one of several tensors; [] for none.",
    )
    layers: Items = Field(description="The block's layers, in order.")
    edges: Edges | None = Field(
        None, description="Paths of names: what feeds what; with edges nothing is implied in this block."
    )
    outputs: Outputs = Field(
        description="What the block gives: references in a list, or by the outputs' names in a map."
    )

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """A help for the outputs: the last layer in the block that has a name."""
        layers = given.get("layers")
        named = (
            [item["name"] for item in layers if isinstance(item, dict) and "name" in item]
            if isinstance(layers, list)
            else []
        )
        return flow(named[-1:]) if name == "outputs" and named else None

    @property
    def required(self) -> list[str]:
        """The arguments that have no default."""
        return [name for name, default in self.args.items() if default is None]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""
        given: Sequence[str | BlockInput] = self.inputs_
        return tuple(it.name if isinstance(it, BlockInput) else it for it in given)

    @cached_property
    def many(self) -> frozenset[str]:
        """The inputs that take several tensors."""
        given: Sequence[str | BlockInput] = self.inputs_
        return frozenset(it.name for it in given if isinstance(it, BlockInput))

    @cached_property
    def ports(self) -> dict[str, str]:
        """The outputs: what an instance calls each, and the reference inside the block."""
        return dict(self.outputs) if isinstance(self.outputs, dict) else {name: name for name in self.outputs or ()}

    @cached_property
    def position(self) -> dict[str, int]:
        """The index of each output; the first one for a duplicate."""
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
        problems += [_of_block(name, problem) for problem in found]
    if problems:
        raise ProblemsError(problems)
    return blocks


def _of_block(name: str, problem: Problem) -> Problem:
    """A problem of a block; if it is in an item, that is its subject already."""
    if not problem.path:
        problem = replace(problem, part="key")
    return (problem if len(problem.path) > 1 else problem.with_subject(f"block '{name}'")).under(name)


Blocks = Annotated[
    Any,
    PlainValidator(_blocks),
    WithJsonSchema({"type": "object", "additionalProperties": {"x-ref": "#/$defs/block"}}),
]


class BlockFile(Part):
    """A file that is included: blocks, and the values and defaults that they use."""

    specc: Annotated[Literal[1], TypeWords("1, the version of the format")] = Field(
        1, description="The version of the format: 1."
    )
    schema_: str | None = Field(
        None, alias="$schema", description="The JSON Schema that an editor checks the file with."
    )
    description: Description | None = Field(None, description="What the file is, in words.")
    include: Annotated[list[str], TypeWords("a list of file names")] = Field(
        [], description="Files of blocks and whole specs, by relative paths; std/NAME is a file of specc's own."
    )
    vars: Annotated[Values, TypeWords("a map of names to values")] = Field(
        default_factory=Values, description="Named values: $width is one of them, $(width * 4) is computed from them."
    )
    defaults: Defaults = Field(
        {}, description="Arguments for every layer of a type that this file writes: {Conv2D: {padding: same}}."
    )
    blocks: Blocks = Field({}, description="Groups of layers with arguments. Each is a type for the items of 'layers'.")
    allow: Allow = Field(default_factory=list, description="The codes of warnings that are not reported.")


_FREEZE = WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}, "pattern": r"^\$"})


class Spec(BlockFile):
    """A whole spec."""

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """A help for the layers: what a file of blocks alone is for."""
        return (
            "a list of layers; a file of blocks alone can be checked, and a spec includes it"
            if given.get("blocks")
            else None
        )

    @classmethod
    def hint_beside(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """A help for an unindented key of the last item, and for values for anchors as Docker and GitLab have them."""
        if _is_of_last_item(name, given.get("layers")):
            return "it is a key of the item above: indent it as that item's other keys"
        if name.startswith((".", "x-", "_")):
            return "values that are used again go under 'vars', as in vars: {width: 8}, and $width where they are used"
        return None

    name: ModelName | None = Field(None, description="The model's name, which may have dots; default: the file's.")
    variants: Variants = Field({}, description="Named sets of vars, of which --variant takes one.")
    layers: Items = Field(
        description="The layers, in order. One without 'from' takes the one above it, unless the spec has edges."
    )
    edges: Edges | None = Field(None, description="Paths of names: what feeds what; with edges nothing is implied.")
    outputs: Outputs | None = Field(
        None,
        description="The model's outputs: references in a list, or by label in a map; default: what nothing reads.",
    )
    compile: Annotated[dict[str, Any] | None, section("compile", "{optimizer: adam, loss: mse}")] = Field(
        None, description="How the model is trained: the arguments of Keras's Model.compile."
    )
    dtype_policy: str | None = Field(
        None, description="The dtypes in which layers compute and keep their weights. Default: float32."
    )
    freeze: Annotated[Annotated[list[str], TypeWords("a list of names")] | Expression, _FREEZE] = Field(
        [], description="The layers and instances that are not trained, by names; * stands for any characters."
    )
    expect: Annotated[dict[str, Any] | None, section("expect", '{params: "< 5M"}')] = Field(
        None, description="What the model must be; it is checked with the rest."
    )


def _is_of_last_item(name: str, items: Any) -> bool:
    """Whether an unknown key of the spec is one that its last item may have."""

    last = items[-1] if isinstance(items, list) and items else None
    kind = last.get("type") if isinstance(last, dict) else last
    found = layers.find(kind) if isinstance(kind, str) else None
    return found is not None and name in found.argument_fields()


RESERVED.update(item=ITEM_KEYS, spec=tuple(Spec.argument_fields()))
