"""The signatures of Keras as `tools/keras_signatures.py` records them: arguments, their order, their defaults.

Each version of Keras has a file, ``keras-3.15.txt``, with one signature per line, and what each function of ``keras.ops``
becomes in a model. It is read only if the order matters: when a call or a model is written, in documentation, and in messages. What a check needs, including defaults, is in specc's
classes, next to the rules that use it; tests compare them with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from specc.keras_version import VERSION


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED = _Required()
"""The default of an argument that has none."""


class Signature(NamedTuple):
    """The arguments of a constructor or a function.

    >>> str(Signature({"units": REQUIRED, "use_bias": True, "name": None}, 2))
    '(units, use_bias=True, *, name=None)'
    """

    arguments: dict[str, Any]
    """Name to default, in Keras's order; `REQUIRED` where there is none."""
    named: int | None = None
    """How many of them Keras's own signature names; the others are in ``**kwargs``. None if it names them all."""

    def own(self) -> list[str]:
        """The arguments that Keras's own signature names."""
        return list(self.arguments)[: self.named]

    def __str__(self) -> str:
        texts = [name if default is REQUIRED else f"{name}={default!r}" for name, default in self.arguments.items()]
        if self.named is not None and self.named < len(texts):
            texts.insert(self.named, "*")
        return f"({', '.join(texts)})"


class Symbolic(NamedTuple):
    """What a function of ``keras.ops`` makes of symbolic tensors: one operation, and its call.

    The values are Python expressions of the function's arguments.
    """

    module: str
    """Keras's module of the class."""
    class_name: str
    config: dict[str, str]
    """The arguments of its constructor, all of them but ``name``."""
    positional: tuple[str, ...]
    """The arguments of the call; one with a star is a list of several."""
    named: dict[str, str]


@cache
def _lines(version: str) -> dict[str, str]:
    text = Path(__file__).with_name(f"keras-{version}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "(" in line and not line.startswith("#")]
    signatures = dict(line.split("(", 1) for line in lines if ": " not in line.partition("(")[0])
    return signatures | {
        f"{name}:": made for name, _, made in (line.partition(": ") for line in lines) if "(" not in name
    }


@cache
def symbolic(name: str, version: str = VERSION) -> Symbolic | None:
    """What a function becomes in a model, by its public name; None if it cannot be in one.

    >>> symbolic("ops.pad").config, symbolic("ops.pad").positional, symbolic("ops.pad").named
    ({'pad_width': 'pad_width', 'mode': 'mode'}, ('x',), {'constant_values': 'constant_values'})
    """
    import ast

    text = _lines(version).get(f"{name}:")
    if text is None:
        return None
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Call)
    module, _, class_name = ast.unparse(call.func.func).rpartition(".")
    config, named = ({it.arg: ast.unparse(it.value) for it in made.keywords if it.arg} for made in (call.func, call))
    return Symbolic(f"keras.src.ops.{module}", class_name, config, tuple(map(ast.unparse, call.args)), named)


@cache
def find(name: str, version: str = VERSION) -> Signature | None:
    """The signature of a public name without its ``keras.``; None if that version does not have it.

    >>> str(find("ops.cumsum"))
    '(x, axis=None, dtype=None)'
    """
    line = _lines(version).get(name)
    return None if line is None else _parsed(line.removesuffix(")"))


def every(version: str = VERSION) -> dict[str, Signature]:
    """All signatures of a version, by name."""
    return {name: _parsed(line.removesuffix(")")) for name, line in _lines(version).items() if not name.endswith(":")}


def _parsed(text: str) -> Signature:
    import ast  # a check parses none

    (function,) = ast.parse(f"def _({text}): ...").body
    assert isinstance(function, ast.FunctionDef)
    takes = function.args
    required = [REQUIRED] * (len(takes.args) - len(takes.defaults))
    defaults = [*required, *map(ast.literal_eval, takes.defaults)]
    arguments = dict(zip((it.arg for it in takes.args), defaults, strict=True))
    if takes.vararg is not None:
        arguments[f"*{takes.vararg.arg}"] = REQUIRED
    named = len(arguments) if takes.vararg is None and takes.kwonlyargs else None
    for argument, default in zip(takes.kwonlyargs, takes.kw_defaults, strict=True):
        arguments[argument.arg] = REQUIRED if default is None else ast.literal_eval(default)
    return Signature(arguments, named)


def differences(before: dict[str, Signature], after: dict[str, Signature]) -> Iterator[str]:
    """The differences between two versions, one per line: names, arguments, defaults, orders."""
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"- {name}{before[name]}"
        elif name not in before:
            yield f"+ {name}{after[name]}"
        elif str(before[name]) != str(after[name]):
            old, new = before[name].arguments, after[name].arguments
            changes = [
                *(f"- {it}" for it in old if it not in new),
                *(f"+ {_with_default(it, new[it])}" for it in new if it not in old),
                *(
                    f"{_with_default(it, old[it])} -> {_with_default(it, new[it])}"
                    for it in old
                    if it in new and repr(old[it]) != repr(new[it])
                ),
            ]
            yield f"  {name}: {', '.join(changes or [f'order {before[name]} -> {after[name]}'])}"


def _with_default(name: str, default: Any) -> str:
    return f"{name} (required)" if default is REQUIRED else f"{name}={default!r}"
