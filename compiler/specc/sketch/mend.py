"""A document without what keeps it from having the form of a spec."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from specc.diagnostics.problem import Problem
from specc.frontend.schema import Spec
from specc.source import Document, Path

MOST_ROUNDS = 5
"""What is wrong may hide what else is."""
NO_TYPE = "no type"
"""The type of an item that has none, or is none."""


def mend(document: Document) -> Document:
    """The document without keys whose values are wrong and blocks that lack a key, and with `NO_TYPE` for items without type.

    Items keep their places. What cannot be mended stays.
    """
    data = document.data
    for _ in range(MOST_ROUNDS):
        spec, problems = Spec.parse(data) if isinstance(data, dict) else (None, [])
        before = data
        for problem in problems:
            data = _mended(data, problem)
        if spec is not None or data == before:
            break
    return document if data is document.data else replace(document, data=data)


def _mended(data: Any, problem: Problem) -> Any:
    path = problem.path
    item = _item_of(path)
    if item and (problem.code == "missing-key" or path == item):
        return _with(data, item, {"type": NO_TYPE})
    if problem.code == "missing-key":
        return _with(data, path[:2], None)  # a block
    while path and isinstance(path[-1], int):
        path = path[:-1]  # all of a list
    return _with(data, path, None)


def _item_of(path: Path) -> Path:
    """The path of the item that a path is in; empty if it is in none."""
    for length in range(len(path), 1, -1):
        if path[length - 2] == "layers" and isinstance(path[length - 1], int):
            return path[:length]
    return ()


def _with(data: Any, path: Path, further: dict[str, Any] | None) -> Any:
    """The data with further keys at a path, or without what is there; unchanged if there is no such path."""
    if not path:
        return {**(data if isinstance(data, dict) else {}), **(further or {})}
    step, *rest = path
    if isinstance(data, dict) and step in data:
        if not rest and further is None:
            return {key: value for key, value in data.items() if key != step}
        return {**data, step: _with(data[step], tuple(rest), further)}
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return [_with(it, tuple(rest), further) if index == step else it for index, it in enumerate(data)]
    return data
