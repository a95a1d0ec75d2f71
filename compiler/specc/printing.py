"""A spec as text, in one canonical style: what fits on a line is on one line, each item of a list of layers begins one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from specc.diagnostics.notation import flow

WIDTH = 100
_ALWAYS_APART = frozenset({"layers", "blocks"})
"""Keys whose parts have lines of their own, however short they are."""


def yaml_text(spec: Mapping[str, Any]) -> str:
    """A spec as YAML.

    >>> print(yaml_text({"name": "m", "layers": [{"type": "Input", "name": "x", "shape": [4]}, "Flatten"]}), end="")
    name: m
    layers:
      - {type: Input, name: x, shape: [4]}
      - Flatten
    """
    return "".join(f"{line}\n" for key, value in spec.items() for line in _entry(key, value, 0))


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of a key and its value."""
    start = f"{' ' * indent}{flow(key)}:"
    apart = isinstance(value, dict | list) and value and (key in _ALWAYS_APART or _has_layers(value))
    if not apart and (len(start) + 1 + len(flow(value)) <= WIDTH or not isinstance(value, dict | list)):
        yield f"{start} {flow(value)}"
        return
    yield start
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _entry(name, item, indent + 2)
    else:
        for item in value:
            yield from _listed(item, indent + 2)


def _listed(item: Any, indent: int) -> Iterator[str]:
    """The lines of an item of a list."""
    margin = " " * indent
    if not isinstance(item, dict) or len(margin) + 2 + len(flow(item)) <= WIDTH:
        yield f"{margin}- {flow(item)}"
        return
    lines = [line for key, value in item.items() for line in _entry(key, value, indent + 2)]
    yield f"{margin}- {lines[0].lstrip()}"
    yield from lines[1:]


def _has_layers(value: Any) -> bool:
    return isinstance(value, dict) and "layers" in value


def json_text(spec: Mapping[str, Any]) -> str:
    """A spec as JSON.

    >>> print(json_text({"name": "m", "layers": [{"type": "Input", "name": "x", "shape": [4]}]}), end="")
    {
      "name": "m",
      "layers": [
        {"type": "Input", "name": "x", "shape": [4]}
      ]
    }
    """
    return "\n".join(_json(spec, 0, "", "", apart=True)) + "\n"


def _json(value: Any, indent: int, before: str, after: str, *, apart: bool) -> Iterator[str]:
    """The lines of a value; ``before`` stands on the first of them, ``after`` behind the last."""
    margin = " " * indent
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (not apart and len(margin + before + line) <= WIDTH):
        yield f"{margin}{before}{line}{after}"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{margin}{before}{opening}"
    parts = (
        [(f"{json.dumps(key, ensure_ascii=False)}: ", it, key) for key, it in value.items()]
        if isinstance(value, dict)
        else [("", it, "") for it in value]
    )
    for number, (start, item, key) in enumerate(parts, 1):
        comma = "," if number < len(parts) else ""
        yield from _json(item, indent + 2, start, comma, apart=key in _ALWAYS_APART or _has_layers(item))
    yield f"{margin}{closing}{after}"


PRINTERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"yaml": yaml_text, "json": json_text}
