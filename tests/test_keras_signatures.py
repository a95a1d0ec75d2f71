"""The recorded signatures of Keras are those of the installed one, and specc's classes have them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from specc import keras_signatures, layers, objects
from specc.arguments import Arguments
from specc.keras_signatures import REQUIRED, Signature
from specc.keras_version import VERSION, Since, is_later
from specc.layers.base import Layer
from specc.operations.base import Operation
from specc.training import Training

ROOT = Path(__file__).parents[1]
SIGNATURES = keras_signatures.every()


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_signatures", ROOT / "tools" / "keras_signatures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["record_signatures"] = module
    spec.loader.exec_module(module)
    return module


def test_the_file_is_that_of_the_installed_keras() -> None:
    made = tool()
    assert made.VERSION == VERSION
    found = list(keras_signatures.differences(SIGNATURES, made.recorded()))
    assert found == [], "run: python tools/keras_signatures.py"


def test_what_differs_is_told_by_name_and_argument() -> None:
    before = {"a": Signature({"x": REQUIRED, "k": 1}), "b": Signature({}), "c": Signature({"x": 1, "y": 2})}
    after = {"a": Signature({"x": REQUIRED, "k": 2, "new": None}), "c": Signature({"y": 2, "x": 1}), "d": Signature({})}
    assert list(keras_signatures.differences(before, after)) == [
        "  a: + new=None, k=1 -> k=2",
        "- b()",
        "  c: order (x=1, y=2) -> (y=2, x=1)",
        "+ d()",
    ]


# -- Against the classes, without Keras ----------------------------------------------------------

NOT_HERE: dict[str, dict[str, str]] = {
    "layers.ReversibleEmbedding": dict.fromkeys(("lora_rank", "lora_alpha", "input_length"), "it fails with them"),
    "layers.AdditiveAttention": {"score_mode": "it computes without it"},
    "optimizers.LossScaleOptimizer": {"dynamic": "Keras refuses it"},
}
"""Arguments that reach a base class through ``**kwargs`` and mean nothing there, as ``factor`` of many image layers."""
FORGOTTEN = {"layers.HashedCrossing": {"trainable": True, "activity_regularizer": None}}
"""Arguments that Keras takes in ``**kwargs`` and leaves there."""
OF_EVERY_LAYER = {"name", "trainable", "dtype", "activity_regularizer"}


def classes() -> dict[str, type[Arguments]]:
    """specc's classes by the names of their signatures, except those of functions and of what Keras has no class for."""
    found: list[type[Arguments] | None] = [Training, *map(layers.find, layers.names())]
    for kind in objects.MODULES:
        found += [cls for cls in dict.fromkeys(objects.spellings(kind).values()) if cls.has_class]
    return {cls.signature_name(): cls for cls in found if cls is not None and not (cls.since and is_later(cls.since))}


CLASSES = classes()


def taken(name: str) -> dict[str, Any]:
    """What Keras takes and a spec can give, with the defaults."""
    takes = SIGNATURES[name].arguments | FORGOTTEN.get(name, {})
    ignored = {"autocast", *CLASSES[name].refused, *NOT_HERE.get(name, ())}
    if "bounding_box_format" in takes and "factor" not in list(takes)[: SIGNATURES[name].named]:
        ignored.add("factor")
    return {key.removeprefix("*"): default for key, default in takes.items() if key not in ignored}


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def test_every_class_of_keras_is_known_or_refused_and_no_other() -> None:
    refused = {f"layers.{name}" for name in layers.REFUSED}
    for kind in objects.MODULES:
        module = next(iter(objects.spellings(kind).values())).keras_module
        refused |= {f"{module}.{name}" for name in objects.refused(kind)}
    bases = {"constraints.Constraint", "initializers.Initializer", "regularizers.Regularizer"}
    methods = (".call", ".build")
    recorded = {
        name for name in SIGNATURES if not name.startswith(("ops.", "activations.")) and not name.endswith(methods)
    }
    assert recorded - CLASSES.keys() - refused - bases == {"layers.InputLayer"}
    assert CLASSES.keys() - SIGNATURES.keys() == set()


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_the_arguments_and_defaults_of_keras(name: str) -> None:
    cls, wanted = CLASSES[name], taken(name)
    ours = {
        argument: REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
        for argument, field in cls.argument_fields().items()
        if not any(isinstance(item, Since) and is_later(item.version) for item in field.metadata)
    }
    if issubclass(cls, Layer):
        assert OF_EVERY_LAYER - wanted.keys() == cls.missing_base_arguments
        if "trainable" in ours:  # Keras has a setter for it
            wanted["trainable"] = True
    if name == "ops.arange":  # the end alone has its name
        wanted["start"] = 0
    if issubclass(cls, Operation):  # tensors are arguments too, and constants stand for them
        tensors = dict.fromkeys((argument.name for argument in cls.tensors), REQUIRED)
        wanted, ours = wanted | tensors, ours | tensors
    assert {key: plain(value) for key, value in ours.items()} == {key: plain(value) for key, value in wanted.items()}


@pytest.mark.parametrize("name", [name for name in CLASSES if f"{name}.call" in SIGNATURES])
def test_a_layer_has_the_call_of_keras(name: str) -> None:
    cls = CLASSES[name]
    assert issubclass(cls, Layer)
    keys = list(SIGNATURES[f"{name}.call"].arguments)
    tensors = [argument.name for argument in cls.tensors]
    assert [key for key in keys if key in tensors] == tensors
    ignored = {"mask"} if name == "layers.Pipeline" else set()  # Keras hands it to no layer
    assert {*tensors, *cls.options} == set(keys) - ignored
