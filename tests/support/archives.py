"""Archives of Keras, as plain data to compare."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

IDS = "shared_object_id"
"""A key with the number of an object in Keras's process."""


class Archive(NamedTuple):
    """What is in an archive."""

    members: list[str]
    config: dict[str, Any]
    version: str
    weights: dict[str, Any]
    """By path: a group's name, or the values of a dataset and its attributes."""


def read(path: Path) -> Archive:
    """An archive as plain data."""
    with zipfile.ZipFile(path) as archive:
        weights: dict[str, Any] = {}

        def note(name: str, found: Any) -> None:
            is_weight = isinstance(found, h5py.Dataset)
            weights[name] = (found[()], dict(found.attrs)) if is_weight else dict(found.attrs)

        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visititems(note)
        config, metadata = (json.loads(archive.read(name)) for name in ("config.json", "metadata.json"))
        return Archive(archive.namelist(), config, metadata["keras_version"], weights)


def differences(made: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Where two plain values differ; the ids of objects may."""
    if isinstance(made, dict) and isinstance(wanted, dict):
        for key in dict.fromkeys([*made, *wanted]):
            if key == IDS:
                continue
            if key not in made or key not in wanted:
                yield f"{path}.{key}: {'missing' if key not in made else 'too much'}"
            else:
                yield from differences(made[key], wanted[key], f"{path}.{key}")
    elif isinstance(made, list) and isinstance(wanted, list) and len(made) == len(wanted):
        for index, (one, other) in enumerate(zip(made, wanted, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif made != wanted or type(made) is not type(wanted):
        yield f"{path}: {made!r:.60} for {wanted!r:.60}"


def weight_differences(made: Archive, wanted: Archive, tolerance: float) -> Iterator[str]:
    """Where the weights differ by more than a tolerance and two units in the last place."""
    for path in dict.fromkeys([*made.weights, *wanted.weights]):
        one, other = made.weights.get(path), wanted.weights.get(path)
        if not isinstance(one, tuple) or not isinstance(other, tuple):
            if one != other:
                yield f"{path}: {one} for {other}"
            continue
        (values, said), (expected, told) = one, other
        if values.dtype != expected.dtype or values.shape != expected.shape or said != told:
            yield f"{path}: {values.dtype} {values.shape} {said} for {expected.dtype} {expected.shape} {told}"
        elif values.dtype.kind == "f":
            apart = np.abs(values - expected)
            if np.any(apart > np.maximum(2 * np.spacing(np.abs(expected)), tolerance)):
                yield f"{path}: {np.max(apart)} apart"
        elif not np.array_equal(values, expected):
            yield f"{path}: other values"


def wiring(model: dict[str, Any]) -> str:
    """The layers of a functional model with what each call of them is given, as text; ``x:1:0`` is output 0 of call 1."""
    return "".join(f"{line}\n" for line in _wiring(model["config"]))


def _wiring(config: dict[str, Any]) -> list[str]:
    lines = [f"{_reference(config['input_layers'])} -> {_reference(config['output_layers'])}"]
    for layer in config["layers"]:
        calls = [f"({', '.join(_arguments(call))})" for call in layer["inbound_nodes"]]
        lines.append(" ".join([f"{layer['name']} = {layer['class_name']}", *calls]))
        lines += [f"  {line}" for line in _wiring(layer["config"])] if layer["class_name"] == "Functional" else []
    return lines


def _reference(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_reference(item)}' for name, item in value.items())}}}"
    if isinstance(value[0], str):
        return ":".join(map(str, value))
    return f"[{', '.join(map(_reference, value))}]"


def _given(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_given, value))}]"
    if not isinstance(value, dict):
        return str(value)
    config = value["config"]
    return _reference(config["keras_history"]) if "keras_history" in config else f"{value['class_name']}{config}"


def _arguments(call: dict[str, Any]) -> list[str]:
    return [*map(_given, call["args"]), *(f"{name}={_given(value)}" for name, value in call["kwargs"].items())]
