"""Keras's own registry decides which layers there are, what they are called, and what their constructors take."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import pytest

import specc
from specc import layers, operations
from specc.backends import keras_model

PUBLIC: dict[str, Any] = {
    name: found
    for name in dir(keras.layers)
    if inspect.isclass(found := getattr(keras.layers, name)) and issubclass(found, keras.layers.Layer)
}
MAIN = [name for name in layers.names() if not name.startswith("ops.")]


def test_every_public_layer_is_known_or_refused() -> None:
    known = {name for name in (*MAIN, *layers.ALIASES, *layers.REFUSED) if not name.startswith("ops.")}
    assert sorted(set(PUBLIC) - known) == []
    assert sorted(known - set(PUBLIC)) == ["Input"]  # a function
    assert len(PUBLIC) == 163


def test_no_layer_is_known_and_refused() -> None:
    assert set(MAIN) & set(layers.REFUSED) == set()
    assert all(layers.find(name) is None for name in layers.REFUSED)


@pytest.mark.parametrize("alias", [name for name in layers.ALIASES if not name.startswith("ops.")])
def test_aliases_are_the_same_class_in_keras(alias: str) -> None:
    main = layers.ALIASES[alias]
    if alias == "InputLayer":
        assert isinstance(keras.Input(shape=(1,))._keras_history.operation, PUBLIC[alias])
    else:
        assert PUBLIC[alias] is PUBLIC[main]
    assert layers.find(alias) is layers.find(main)


def test_every_alias_of_keras_is_an_alias_here() -> None:
    by_class: dict[type, set[str]] = {}
    for name, found in PUBLIC.items():
        by_class.setdefault(found, set()).add(name)
    for names in by_class.values():
        mains = {layers.ALIASES.get(name, name) for name in names}
        assert len(mains) == 1, names


def test_which_constructors_leave_what_they_hold_trainable() -> None:
    """Of the layers with weights of their own; what a layer inside has is frozen by the setter in any case."""
    thawed = set()
    for name in MAIN:
        cls = layers.find(name)
        assert cls is not None
        if cls.inner_layers() or "trainable" in cls.missing_base_arguments:
            continue
        graph = specc.compile(specc.Spec.from_text(cls.example))
        if any(graph.weights[node.name] for node in graph.nodes.values() if node.type == name):
            (layer, *_) = [layer for layer in keras_model.build(graph).layers if type(layer) is PUBLIC[name]]
            again = type(layer).from_config(layer.get_config() | {"trainable": False})
            arguments = layer._inbound_nodes[0].arguments
            again(*arguments.args, **arguments.kwargs)
            if any(variable.trainable for variable in again.variables):
                thawed.add(name)
    assert thawed == {name for name in MAIN if layers.find(name).ctor_ignores_trainable}


def test_a_check_imports_only_the_families_that_the_spec_uses(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        "compile: {optimizer: adam, loss: mse}\nlayers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n  - {type: Conv2D, filters: 4, kernel_size: 3}\n  - Flatten\n"
    )
    code = "import sys; from specc.cli import run; run(sys.argv[1:]); print('IMPORTED', *sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "check", "spec.yaml"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    imported = set(result.stderr.rpartition("IMPORTED ")[2].split())
    families = {family for family in layers.FAMILIES if f"specc.layers.{family}" in imported}
    assert not {f"specc.operations.{family}" for family in operations.FAMILIES} & imported
    assert families == {"core", "activations", "convolutional", "reshaping"}  # activations are arguments too
    assert "specc.keras_signatures" not in imported
