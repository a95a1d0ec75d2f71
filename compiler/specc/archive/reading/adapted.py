"""Preprocessing layers that ``adapt`` has taught: Keras saves them with more than their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.diagnostics.text_safety import quote_value

LOOKUPS = ("IntegerLookup", "StringLookup", "TextVectorization")
UNTAUGHT = 2
"""The most indices of a TextVectorization without a vocabulary: for no token, and for unknown ones."""


def without_lessons(saved: Any) -> tuple[Any, list[str]]:
    """A model with those layers as their arguments make them, and a sentence for each whose vocabulary is not in it.

    >>> taught = {"class_name": "Discretization", "config": {"bin_boundaries": [1, 2], "num_bins": 3}}
    >>> without_lessons(taught)
    ({'class_name': 'Discretization', 'config': {'bin_boundaries': [1, 2], 'num_bins': None}}, [])
    """
    notes = [note for layer in list(_layers(saved)) for note in _settled(layer["config"], layer["class_name"])]
    return saved, notes


def _layers(saved: Any) -> Iterator[dict[str, Any]]:
    if isinstance(saved, dict):
        if saved.get("class_name") in ("Discretization", *LOOKUPS) and isinstance(saved.get("config"), dict):
            yield saved
        saved = list(saved.values())
    if isinstance(saved, list):
        for item in saved:
            if isinstance(item, dict | list):
                yield from _layers(item)


def _settled(config: dict[str, Any], kind: str) -> Iterator[str]:
    """Change a configuration to arguments that the layer can be made from."""
    if kind == "Discretization":
        if config.get("bin_boundaries") is not None:
            config["num_bins"] = None  # it says how many boundaries were to be found
        return
    size = config.get("vocabulary_size")
    if config.get("vocabulary") is not None or not isinstance(size, int):
        return
    if kind == "TextVectorization":
        if size <= UNTAUGHT:
            return
        del config["vocabulary_size"]  # it is no argument, but counts what was learned
    name = quote_value(config.get("name"))
    yield (
        f"{name} ({kind}) has a vocabulary of {size} by adapt, which the spec lacks: "
        "write what its get_vocabulary() gives as 'vocabulary'"
    )
