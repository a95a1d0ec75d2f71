"""Python syntax as a spec writes it: ``Dense(10)``, ``(28, 28, 1)``, ``None``, ``1_000``."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from specc.arguments import vocabulary
from specc.arguments.fields import OF_EVERY_LAYER, ArgumentFields
from specc.arguments.kinds import KINDS, find, layer_type
from specc.arguments.names import today

LONGEST = 1000
"""Most characters that are parsed as Python."""

_NUMBER = r"(?:\w+=)?-?[\d.]+(?:e-?\d+)?"
_WORDS_AFTER_NAME = re.compile(rf"([A-Za-z]\w*)[\s,]+({_NUMBER}(?:[\s,]+{_NUMBER})*)")
"""A name followed by numbers, without brackets."""
_ASSIGNED = re.compile(r"\s*([\w.]+)\s*=(?!=)\s*(\S.*)", re.DOTALL)


class NoValueError(ValueError):
    """A text is Python that has no equivalent in a spec."""


def value(text: str) -> Any:
    """The value of a text that is a literal in Python; NoValueError if it is not.

    >>> value("(28, 28, 1)"), value("None"), value("1_000"), value("'same'")
    ([28, 28, 1], None, 1000, 'same')
    """
    node = _parsed(text)
    if node is None or isinstance(node, ast.Name | ast.Attribute | ast.Call):
        raise NoValueError
    return _value(node)


def as_item(text: str) -> dict[str, Any] | None:
    """The layer item of a call; None if the text is not a call.

    Unknown parts are "...". Arguments have the names that the layer has in a spec.

    >>> from specc import layers  # which fills in the kinds
    >>> from specc.diagnostics.notation import flow
    >>> flow(as_item("layers.Dense(10, activation='relu')")), flow(as_item("Conv2d(3, 64, 5)"))
    ('{type: Dense, units: 10, activation: relu}', '{type: Conv2D, filters: 64, kernel_size: 5}')
    >>> flow(as_item("Dense(10)(x)")), as_item("Dense"), flow(as_item("model.add(Dense(10))"))
    ('{type: Dense, units: 10, from: x}', None, '{type: Dense, units: 10}')
    >>> flow(as_item("y = Dense(10)(x)")), flow(as_item("x = Dense(10)(x)"))
    ('{type: Dense, name: y, units: 10, from: x}', '{type: Dense, units: 10}')
    """
    if (assigned := _ASSIGNED.match(text)) is not None:
        made = as_item(assigned[2])
        return None if made is None else _named(made, assigned[1])
    node = _parsed(text) if "(" in text else None
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("add", "append") and len(node.args) == 1:
        node = node.args[0]  # model.add(Dense(10))
    if not isinstance(node, ast.Call):
        return None
    try:
        if isinstance(node.func, ast.Call):  # a layer is made, and then called
            called = [_value(argument) for argument in node.args]
            inputs = called[0] if len(called) == 1 else called
            return {**_call(node.func, "layer"), "from": references(inputs)} if called else _call(node.func, "layer")
        return _call(node, "layer")
    except NoValueError:
        return None


def _named(item: dict[str, Any], name: str) -> dict[str, Any]:
    """An item with the name of the variable that it was assigned to; without, if the variable changes on the way."""
    if "name" in item or not name.isidentifier():
        return item
    if item.get("from") == name:
        return {key: value for key, value in item.items() if key != "from"}
    return {"type": item["type"], "name": name, **{key: value for key, value in item.items() if key != "type"}}


def as_object(kind: str, text: str) -> dict[str, Any] | None:
    """The map of a call that creates an object of that kind; None if the text is not a call.

    >>> from specc import layers  # which fills in the kinds
    >>> from specc.diagnostics.notation import flow
    >>> flow(as_object("optimizer", "Adam(0.01)")), flow(as_object("regularizer", "keras.regularizers.l2(0.1)"))
    ('{type: Adam, learning_rate: 0.01}', '{type: l2, l2: 0.1}')
    >>> flow(as_object("optimizer", "SGD 0.1 momentum=0.9")), as_object("activation", "no such 3")
    ('{type: SGD, learning_rate: 0.1, momentum: 0.9}', None)
    """
    if len(text) <= LONGEST and (words := _WORDS_AFTER_NAME.fullmatch(text)) is not None:
        if find(kind, words[1]) is None:
            return None
        text = f"{words[1]}({', '.join(words[2].replace(',', ' ').split())})"
    node = _parsed(text) if "(" in text else None
    if not isinstance(node, ast.Call):
        return None
    try:
        return _call(node, kind)
    except NoValueError:
        return None


def _parsed(text: str) -> ast.expr | None:
    if len(text) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip().rstrip(","), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as constant):
            return constant
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=items):
            names = [_value(key) if key is not None else None for key in keys]
            return {str(name): _value(item) for name, item in zip(names, items, strict=True)}
        case ast.Name(id=name):
            return f"${name}"
        case ast.Attribute(attr=name):
            return name
        case ast.Call():
            return _call(node, None)
    raise NoValueError


def references(inputs: Any) -> Any:
    """Variables that contain tensors, as the names of items.

    >>> references(value("(a, b)"))
    ['a', 'b']
    """
    if isinstance(inputs, list):
        return [references(item) for item in inputs]
    return inputs.removeprefix("$") if isinstance(inputs, str) else inputs


def _call(node: ast.Call, kind: str | None) -> dict[str, Any]:
    written = _path(node.func)
    name, cls, names = signature(written, kind)
    made: dict[str, Any] = {"type": name}
    for position, argument in enumerate(node.args):
        target = names[position] if position < len(names) else None
        if target is None:
            made["..."] = "..."
        elif target != "-":
            made[target] = _value(argument)
    for keyword in node.keywords:
        if keyword.arg is not None:
            made[today(cls, keyword.arg)] = _value(keyword.value)
    return made


def _path(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise NoValueError
    return ".".join([node.id, *reversed(parts)])


def signature(written: str, kind: str | None) -> tuple[str, type[ArgumentFields] | None, list[str]]:
    """What a spec calls a class, the class, and its arguments by position, in the library that the name comes from."""
    path, _, last = written.rpartition(".")
    kinds = [it for it in KINDS if it != "layer"] if kind is None else [kind] * (kind != "layer")
    for one in kinds:
        if (cls := find(one, last)) is not None:
            return last, cls, cls.argument_order()
    name = layer_type(written)
    for one in kinds if name is None else ():
        if (other := KINDS[one].meant(last)) is not None and (cls := find(one, other)) is not None:
            return other, cls, cls.argument_order()
    name = name or last
    layer = find("layer", name)
    if path.endswith("nn"):
        last = f"nn.{last}"
    for spelling in (last, last.removeprefix("nn.")):
        rows = vocabulary.table().get("call", {}).get(spelling)
        if rows:
            return name, layer, rows[0].write.split()
    own = [] if layer is None else [name for name in layer.argument_order() if name not in OF_EVERY_LAYER]
    return name, layer, own
