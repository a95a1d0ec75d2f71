"""A description of each layer type: for ``specc layers`` and docs/layers.md, from the classes alone."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from specc import keras_signatures, layers, operations
from specc.arguments import Arguments, in_words, plugged
from specc.diagnostics.columns import wrap
from specc.diagnostics.text_safety import quote_value
from specc.language.argument_texts import argument_text
from specc.layers import NodeType
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.operations.base import Operation

_COMMON = ("name", "trainable", "dtype", "activity_regularizer")
"""Arguments that every layer has; a page shows them only if the class says more of them."""


COLUMNS = 96
"""The width of the text that describes a type, wherever it is printed."""
KERAS_DOCS = "https://www.tensorflow.org/versions/r2.21/api_docs/python/tf"
"""Where each public name of the Keras version that specc supports has a page."""


def families() -> Iterator[tuple[str, list[str]]]:
    """The families in words, each with the names of its types: those of layers, of operations, of plugins."""
    for family, names in layers.FAMILIES.items():
        yield family.replace("_", " "), list(names)
    for family, text in operations.FAMILIES.items():
        yield f"operations, {family}", [f"ops.{name}" for name in text.split()]
    if added := [*plugged.CLASSES["operation"], *plugged.CLASSES["layer"]]:
        yield "plugins", added


def describe(name: str) -> str | None:
    """One type for a terminal; None if there is no such type."""
    if name in layers.REFUSED:
        return f"{name} cannot be used in a spec: {layers.REFUSED[name]}"
    cls = layers.find(name)
    if cls is None:
        return None
    main = _type_name(cls)
    lines = [main if name == main else f"{name}: another name of {main}", *_paragraph(description(cls)), ""]
    rows = arguments(cls)
    if rows:
        lines += ["arguments", *argument_lines(rows)]
    lines += [f"{label}\n  {text}" for label, text in facts(cls)]
    if cls.example:
        lines += ["example", *(f"  {line}" for line in cls.example.rstrip().split("\n"))]
    if page := link(cls):
        lines.append(f"see  {page}")
    return "\n".join(lines)


def markdown() -> str:
    """docs/layers.md: every type with its arguments, ports, shape rule, example and a link to Keras's page."""
    parts = [
        "# Layers\n",
        "Every layer type and operation, with Keras's argument names and defaults. Made from the classes by",
        "`python docs/generate.py`; `specc layers TYPE` shows the same in a terminal.\n",
        "Besides its own arguments a layer takes `name`, `trainable`, `dtype` and `activity_regularizer` (the last two where",
        "Keras's constructor does), and the keys of [the language](language.md) (`from`, `call`, `repeat`...).\n",
    ]
    for family, names in families():
        parts.append(f"\n## {family.capitalize()}\n")
        for name in names:
            cls = layers.find(name)
            assert cls is not None
            parts.append(_markdown_of(name, cls))
    parts.append("\n## Refused\n")
    parts += [f"- `{name}`: {reason}" for name, reason in layers.REFUSED.items()]
    return "\n".join(parts) + "\n"


class Argument(NamedTuple):
    """An argument in words."""

    name: str
    text: str
    """What it means, in a line."""
    words: str
    """What it may be."""
    default: Any
    """`inspect.Parameter.empty` if it is required."""


def arguments(cls: NodeType) -> list[Argument]:
    """The arguments of a type in Keras's order."""
    fields = cls.argument_fields()
    signature = keras_signatures.find(cls.signature_name())
    named = signature.own() if signature is not None else []
    redeclared = {name for base in cls.__mro__ if base is not Layer for name in vars(base).get("__annotations__", ())}
    redeclared |= {"activity_regularizer"}.intersection(named)
    shown = [name for name in fields if name not in _COMMON or name in redeclared]
    names = dict.fromkeys([*(name for name in named if name in shown), *sorted(shown, key=cls.argument_order().index)])
    return [argument(cls, name, fields[name]) for name in names]


def argument(cls: type[Arguments], name: str, field: FieldInfo) -> Argument:
    """An argument of a class."""
    default = inspect.Parameter.empty if field.is_required() else field.get_default(call_default_factory=True)
    return Argument(name, argument_text(cls, name) or "", in_words(field), default)


def argument_lines(rows: list[Argument]) -> list[str]:
    """Arguments for a terminal, one per line."""
    wide = max(len(row.name) for row in rows)
    return [
        f"  {row.name:<{wide}}  {_default_words(row.default)}{row.words}{row.text and f'. {row.text}'}" for row in rows
    ]


def facts(cls: NodeType) -> list[tuple[str, str]]:
    """Inputs, outputs, call arguments and the shape rule, each in a line."""
    found = []
    if cls.shape_rule:
        found.append(("shape", cls.shape_rule))
    tensors = [f"{a.name}{' (a list)' if a.many else ''}{'' if a.required else ' (optional)'}" for a in cls.tensors]
    if tensors and tensors != ["inputs"]:
        found.append(("inputs", ", ".join(tensors)))
    if named := ports(cls):
        found.append(("outputs", ", ".join(named)))
    if cls.options:
        found.append(("call", ", ".join(f"{name}: {in_words(kind)}" for name, kind in cls.options.items())))
    aliases = [alias for alias, name in layers.ALIASES.items() if name == _type_name(cls)]
    if aliases:
        found.append(("also called", ", ".join(aliases)))
    if cls.refused:
        found.append(("not in a spec", "; ".join(f"{name} ({reason})" for name, reason in cls.refused.items())))
    return found


def link(cls: NodeType) -> str | None:
    """Keras's own page of the class or function; None for a plugin's."""
    if cls.imported_from:
        return None
    if issubclass(cls, Operation):
        return f"{KERAS_DOCS}/{cls.function.replace('.', '/')}"
    place = "" if cls is Input else "layers/"
    return f"{KERAS_DOCS}/keras/{place}{_type_name(cls)}"


def ports(cls: NodeType) -> list[str]:
    """The outputs by name, with what switches each on; only if there is more than one."""
    try:
        plain = cls.model_construct()
        always = list(plain.ports({}))
        switched = plain.switched_ports()
    except (AttributeError, TypeError, NotImplementedError):  # they depend on an argument without a default
        return []
    extra = [f"{port} ({how})" for port, how in switched.items() if port not in always]
    asked = [f"{port} (when referred to)" for port in cls.port_options]
    return [*always, *extra, *asked] if extra or asked or len(always) > 1 else []


def _markdown_of(name: str, cls: NodeType) -> str:
    lines = [f"### {name}\n", description(cls), ""]
    rows = arguments(cls)
    if rows:
        lines += ["| argument | says | value | default |", "|---|---|---|---|"]
        for row in rows:
            shown = "required" if row.default is inspect.Parameter.empty else f"`{quote_value(row.default)}`"
            words = row.words.replace("|", r"\|")
            lines.append(f"| `{row.name}` | {row.text} | {words} | {shown} |")
        lines.append("")
    lines += [f"- **{label}**: {text}" for label, text in facts(cls)]
    lines.append(f"- [Keras's page]({link(cls)})\n")
    if cls.example:
        lines.append(f"```yaml\n{cls.example.rstrip()}\n```\n")
    return "\n".join(lines)


def _type_name(cls: NodeType) -> str:
    return cls.keras_name() if issubclass(cls, Operation) else cls.__name__


def description(cls: type) -> str:
    """What a class says of itself, in a page's Markdown: with one backquote where a docstring has two."""
    return inspect.cleandoc(cls.__doc__ or "").replace("``", "`")


def _paragraph(text: str) -> list[str]:
    return [line for part in text.split("\n\n") for line in wrap(" ".join(part.split()), COLUMNS, 0, 0).split("\n")]


def _default_words(default: Any) -> str:
    return "(required) " if default is inspect.Parameter.empty else f"{quote_value(default)}: "
