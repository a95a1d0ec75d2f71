"""A spec as text, in one canonical style.

What fits on a line is on one line; each item of a list of layers begins one; a wide list of numbers or names fills lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sized
from typing import Any

from specc.diagnostics.notation import as_json, flow

WIDTH = 100
_ALWAYS_APART: dict[str, type] = {"layers": list, "blocks": dict}
"""Keys whose parts have lines of their own, however short they are, and the forms of their values."""


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
    apart = _is_apart(key, value)
    fits = not apart and len(start) + 1 + len(flow(value)) <= WIDTH
    if fits or not value or not isinstance(value, dict | list):
        yield f"{start} {flow(value)}"
    elif isinstance(value, dict):
        yield start
        for name, item in value.items():
            yield from _entry(name, item, indent + 2)
    elif apart or not _is_flat(value):
        yield start
        for item in value:
            yield from _listed(item, indent + 2)
    else:
        yield from _filled(f"{start} [", map(flow, value), "]", indent + 2)


def _listed(item: Any, indent: int) -> Iterator[str]:
    """The lines of an item of a list."""
    margin = " " * indent
    if not isinstance(item, dict | list) or len(margin) + 2 + len(flow(item)) <= WIDTH:
        yield f"{margin}- {flow(item)}"
        return
    if isinstance(item, list):
        yield from _filled(f"{margin}- [", map(flow, item), "]", indent + 4)
        return
    lines = [line for key, value in item.items() for line in _entry(key, value, indent + 2)]
    yield f"{margin}- {lines[0].lstrip()}"
    yield from lines[1:]


def _filled(opening: str, parts: Iterator[str], closing: str, indent: int) -> Iterator[str]:
    """The lines of a list of which as many parts are on a line as fit."""
    yield opening
    margin = " " * indent
    line = margin + next(parts)
    for part in parts:
        if len(line) + 2 + len(part) + len(closing) <= WIDTH:
            line += f", {part}"
        else:
            yield f"{line},"
            line = margin + part
    yield line + closing


def _is_apart(key: str, value: Any) -> bool:
    """Whether a value of that key has its parts on lines of their own: lists of layers, and what has one."""
    return isinstance(value, _ALWAYS_APART.get(key, ())) or (isinstance(value, dict) and "layers" in value)


def _is_flat(value: list[Any]) -> bool:
    return not any(isinstance(item, dict | list) for item in value)


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


def _json(value: Any, indent: int, before: str, after: str, *, apart: bool = False) -> Iterator[str]:
    """The lines of a value; ``before`` stands on the first of them, ``after`` behind the last."""
    start, inside = " " * indent + before, indent + 2
    line = as_json(value)
    if not isinstance(value, dict | list) or not value or (not apart and len(start + line + after) <= WIDTH):
        yield f"{start}{line}{after}"
    elif isinstance(value, dict):
        yield f"{start}{{"
        for (key, item), comma in zip(value.items(), _commas(value), strict=True):
            yield from _json(item, inside, f"{as_json(key)}: ", comma, apart=_is_apart(key, item))
        yield f"{' ' * indent}}}{after}"
    elif apart or not _is_flat(value):
        yield f"{start}["
        for item, comma in zip(value, _commas(value), strict=True):
            yield from _json(item, inside, "", comma)
        yield f"{' ' * indent}]{after}"
    else:
        yield from _filled(f"{start}[", map(as_json, value), f"]{after}", inside)


def _commas(parts: Sized) -> list[str]:
    """What stands behind each part."""
    return [","] * (len(parts) - 1) + [""]


PRINTERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"yaml": yaml_text, "json": json_text}
