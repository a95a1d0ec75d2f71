"""Architectures of which names do not count, and how long specs are."""

from __future__ import annotations

from typing import Any


def item_count(spec: dict[str, Any]) -> int:
    """How many items a spec has, those in its blocks included."""
    return len(spec["layers"]) + sum(len(block["layers"]) for block in spec.get("blocks", {}).values())


def unnamed(saved: Any) -> Any:
    """What Keras saves of a model, in which layers have their numbers as names."""
    if isinstance(saved, list | tuple):
        return [unnamed(item) for item in saved]
    if not isinstance(saved, dict):
        return saved
    found = {key: unnamed(value) for key, value in saved.items()}
    config = found.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        return found
    numbers = {layer["config"]["name"]: f"#{number}" for number, layer in enumerate(config["layers"])}
    layers = [_renamed(layer, numbers) for layer in config["layers"]]
    for layer in layers:
        layer["config"] = {**layer["config"], "name": numbers[layer["config"]["name"]]}
        if "name" in layer:
            layer["name"] = layer["config"]["name"]
    others = {key: _renamed(value, numbers) for key, value in config.items() if key != "layers"}
    return {**found, "config": {**others, "layers": layers}}


def _renamed(value: Any, numbers: dict[str, str]) -> Any:
    """References to layers by their numbers."""
    if isinstance(value, dict):
        return {key: _renamed(item, numbers) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], int) and value[0] in numbers:
        return [numbers[value[0]], *value[1:]]
    return [_renamed(item, numbers) for item in value]
