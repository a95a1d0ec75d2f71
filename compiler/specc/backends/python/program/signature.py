"""How the function of a block begins: its parameters and its docstring."""

from __future__ import annotations

from collections.abc import Iterator

from specc.backends.python.program.function import Function, Style
from specc.backends.python.reading.needs import policy_of
from specc.backends.python.writing.statements import AnyStatement, Assign, Branch
from specc.backends.python.writing.text import Expression, Group, lay_out
from specc.backends.python.writing.words import docstring
from specc.frontend.comments import comments, head

_HANDED = {"trainable": "True", "dtype": "None"}
"""The defaults of what instances pass on to the layers of their blocks."""
DOCSTRINGS: dict[Style, str] = {
    "tensors": "Apply the block; its layers have the instance's name before their own.",
    "list": "The layers of the block, with the instance's name before their own.",
    "model": "Build the nested model.",
    "layers": "Make the layers of the block, for any number of calls.",
}


def beginning(function: Function) -> Iterator[str]:
    """The lines before the function's statements."""
    yield from lay_out(_signature(function), 0, "def ", ":")
    definition = function.definition
    assert definition is not None
    args, document = definition.block.args, definition.unit.document
    written = comments(document, definition.path, "key") if definition.path else head(document)
    parameters = {
        parameter: args.descriptions.get(name) or " ".join(comments(document, definition.place("args", name).path))
        for name, parameter in function.parameters.items()
    }
    yield from docstring(definition.block.description or " ".join(written) or DOCSTRINGS[function.style], parameters)


def tensors(function: Function) -> tuple[list[str], list[str]]:
    """The parameters for the inputs of a block: those that all its instances are given, and the others."""
    names = function.variables
    needed = [variable for name, variable in names.items() if name not in function.optional]
    return needed, [variable for variable in names.values() if variable not in needed]


def _signature(function: Function) -> Group:
    assert function.definition is not None
    block = function.definition.block
    needed, optional = tensors(function)
    if function.style == "model" or function.asks_shape:
        needed = function.shapes
    elif function.style != "tensors":
        needed, optional = list(function.asked.values()), []
    items: list[tuple[str, Expression]] = [("", name) for name in needed]
    items += [("", function.parameters[name]) for name in block.required]
    items += [(f"{name}=", "None") for name in optional]
    for name, parameter in function.parameters.items():
        if name not in block.required:
            items.append((f"{parameter}=", _default(function, name)))
    policy = policy_of(function.definition)
    handed = {**_HANDED, "dtype": _HANDED["dtype"] if policy is None else function.symbols.express(policy)}
    items += [("", "*"), *(("", function.vars[name].text or "") for name in function.needs)]
    items += [(f"{text}=", handed[name]) for name, text in function.handed.items()]
    return Group(function.name, "()", (*items, ("", "name")))


def computed_defaults(function: Function) -> Iterator[AnyStatement]:
    """The defaults of a block's arguments that are computed from others, or objects that each call has its own of."""
    assert function.definition is not None
    for name, parameter in function.parameters.items():
        default = function.definition.block.args[name]
        if default is not None and _default(function, name) == "None":
            value = function.objects.get(name)
            yield Branch(f"{parameter} is None", [Assign(parameter, value or function.symbols.express(default))])


def _default(function: Function, name: str) -> Expression:
    """The default of a parameter: its value, or None if it is made in the function."""
    assert function.definition is not None
    default = function.definition.block.args[name]
    is_value = name not in function.objects and function.symbols.is_known(default)
    return function.symbols.express(default) if is_value else "None"
