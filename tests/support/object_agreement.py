"""Compares the objects of specc (losses, optimizers...) with those of the installed Keras."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Annotated, Any

import keras
import numpy as np
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from specc import objects
from specc.arguments import DTYPES
from specc.backends.keras_model import realize
from specc.objects.base import KerasObject
from specc.shapes import Tensor

BASES = {
    "initializer": keras.initializers.Initializer,
    "regularizer": keras.regularizers.Regularizer,
    "constraint": keras.constraints.Constraint,
    "loss": keras.losses.Loss,
    "metric": keras.metrics.Metric,
    "optimizer": keras.optimizers.Optimizer,
    "schedule": keras.optimizers.schedules.LearningRateSchedule,
}

REQUIRED: dict[str, dict[str, Any]] = {
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
    "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 10},
    "PiecewiseConstantDecay": {"boundaries": [5], "values": [0.1, 0.01]},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "IoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "MeanIoU": {"num_classes": 3},
    "OneHotMeanIoU": {"num_classes": 3},
    "LossScaleOptimizer": {"inner_optimizer": {"type": "SGD"}},
    "MultiOptimizer": {"optimizer_map": {"default_optimizer": {"type": "SGD"}}},
}
"""Arguments that Keras requires."""


def classes(kind: str) -> list[type[KerasObject]]:
    """specc's classes of a kind that Keras has a class for."""
    return [cls for cls in dict.fromkeys(objects.spellings(kind).values()) if cls.has_class]


def every_class() -> list[Any]:
    """All of specc's classes with a class in Keras, with their kind."""
    import pytest

    return [pytest.param(kind, cls, id=f"{kind}-{cls.__name__}") for kind in BASES for cls in classes(kind)]


def keras_class(cls: type[KerasObject]) -> type:
    """Keras's class of one of specc's."""
    found: type = attrgetter(f"{cls.keras_module}.{cls.__name__}")(keras)
    return found


def plain(value: Any) -> Any:
    """A config in which equal arguments are equal: lists for tuples, numbers for tensors."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "numpy") or isinstance(value, np.ndarray):
        return np.asarray(value).tolist()
    return value


def config(instance: Any, *, named: bool) -> Any:
    """``get_config`` of a Keras object, without a name that Keras has counted up."""
    found = plain(instance.get_config())
    if not named:
        found.pop("name", None)
    return _without_names(found)


def _without_names(value: Any) -> Any:
    if isinstance(value, dict):
        inner = value.get("config")
        if value.get("module") == "keras.optimizers" and isinstance(inner, dict):
            inner = {key: item for key, item in inner.items() if key != "name"}
            value = {**value, "config": inner}
        return {key: _without_names(item) for key, item in value.items()}
    return [_without_names(item) for item in value] if isinstance(value, list) else value


def keras_object(kind: str, name: str, arguments: dict[str, Any]) -> Any:
    """Keras's object from the arguments as its user would pass them."""
    cls = objects.find(kind, name)
    assert cls is not None
    return keras_class(cls)(**{key: keras_value(value) for key, value in arguments.items()})


def keras_value(value: Any) -> Any:
    """An argument of a spec as a user of Keras would write it."""
    if isinstance(value, dict) and "type" in value:
        kind = "schedule" if objects.find("schedule", value["type"]) else "optimizer"
        return keras_object(kind, value["type"], {key: item for key, item in value.items() if key != "type"})
    if isinstance(value, dict) and "default_optimizer" in value:
        inner = {key: keras_value(item) for key, item in (value.get("optimizer_map") or {}).items()}
        return keras.optimizers.OptimizerMap(keras_value(value["default_optimizer"]), inner or None)
    return value


def arguments_of(cls: type[KerasObject]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a class, each of the right type but of any size."""
    fields = {
        name: _values(name, _schema(name, field))
        for name, field in cls.argument_fields().items()
        if name not in ("name", "inner_optimizer", "optimizer_map")
    }
    required = REQUIRED.get(cls.__name__, {})
    return st.fixed_dictionaries({}, optional=fields).map(lambda drawn: {**required, **drawn})


FLOATS = st.sampled_from([-3.0, -1.0, -0.5, 0.0, 0.25, 0.5, 0.9, 1.0, 1.5, 2.0, 100.0])
INTS = st.integers(-3, 6)


def _schema(name: str, field: FieldInfo) -> dict[str, Any]:
    if field.annotation is Any:
        return {}
    typed: Any = Annotated.__class_getitem__((field.annotation, name, *field.metadata))  # type: ignore[attr-defined]
    return TypeAdapter(typed).json_schema()


def _values(name: str, part: dict[str, Any]) -> st.SearchStrategy[Any]:
    if name == "learning_rate":
        return FLOATS | st.just({"type": "ExponentialDecay", **REQUIRED["ExponentialDecay"]})
    if name == "dtype":
        return st.none() | st.sampled_from([*DTYPES, "mixed_float16", "mixed_bfloat16"])
    if name == "value":
        return (
            FLOATS
            | INTS
            | st.booleans()
            | st.lists(FLOATS, max_size=4)
            | st.lists(st.lists(INTS, min_size=2, max_size=2))
        )
    if name == "window":
        return (
            st.none() | st.sampled_from(["hann", "tukey", "kaiser", "Hann"]) | st.lists(FLOATS, min_size=2, max_size=4)
        )
    if name == "exclude_layers":
        return st.none() | st.lists(st.sampled_from(["a", "a.*", "["]), max_size=2)
    if "anyOf" in part:
        return st.one_of([_values(name, option) for option in part["anyOf"]])
    if "enum" in part or "const" in part:
        choices = part.get("enum", [part.get("const")])
        others: list[Any] = ["bogus"] if isinstance(choices[0], str) else [-2, 1, 2]
        return st.sampled_from([*choices, *others])
    types = part.get("type")
    if types == "array":
        return st.lists(_values(name, part["items"]), max_size=3)
    return {"boolean": st.booleans(), "integer": INTS, "number": FLOATS, "null": st.none()}[str(types)]


def parsed(cls: type[KerasObject], arguments: dict[str, Any]) -> tuple[KerasObject | None, list[Any]]:
    """specc's object from those arguments, or its problems."""
    return cls.parse(arguments)


def built(instance: KerasObject) -> Any:
    """The Keras object that specc makes."""
    return realize(instance)


def instance(kind: str, name: str, arguments: dict[str, Any]) -> Any:
    """specc's object of that name, with the arguments that Keras requires besides the given ones."""
    made = objects.parse(kind, {"type": name, **REQUIRED.get(name, {}), **arguments})
    assert isinstance(made, KerasObject)
    return made


SHAPES: list[tuple[int, ...]] = [
    (), (1,), (4,), (1, 1), (3, 5), (5, 3), (2, 3, 4), (3, 1, 4), (1, 1, 1), (2, 2, 2, 2), (1, 2, 3, 1, 2),
]  # fmt: skip
"""Shapes of weights."""

OUTPUTS: list[tuple[int, ...]] = [(4,), (4, 1), (4, 3), (4, 3, 1), (4, 3, 5), (4, 2, 3, 5), (4, 2, 3, 1)]
DTYPES_COMPARED = ["int32", "bool", "string"]


def targets(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes that a target for that output might have, the likely ones first."""
    found = [shape, shape[:-1], (*shape[:-1], 1), (4, 2), (4,), (4, 1), (*shape[:-2], 1), (*shape, 1)]
    return list(dict.fromkeys(target for target in found if target))


def works(measure: Any, shape: tuple[int, ...], dtype: str) -> bool:
    """Whether some target can be compared with an output of that shape and dtype."""
    output = keras.ops.zeros(shape, dtype) if dtype != "string" else _strings(shape)
    for target in targets(shape):
        try:
            measure()(np.zeros(target, "float32"), output)
        except Exception:
            continue
        return True
    return False


def _strings(shape: tuple[int, ...]) -> Any:
    import tensorflow as tf

    return tf.fill(shape, "a")


Undecided = dict[tuple[str, tuple[int, ...], str], str]
"""Outputs of a class of which only the data decide, by its name, the shape and the dtype; and why."""


def fits_as_in_keras(cls: Any, variants: list[dict[str, Any]], undecided: Undecided) -> None:
    """Fail unless a loss or metric takes the outputs that Keras can compare with a target, with each of the arguments."""
    for arguments in [{}, *variants]:
        ours, problems = cls.parse({**REQUIRED.get(cls.__name__, {}), **arguments})
        if ours is None:  # a list where Keras's documentation has one axis
            assert any("axis" in problem.path for problem in problems)
            continue
        outputs = [(shape, "float32") for shape in OUTPUTS]
        outputs += [((4, 3), dtype) for dtype in DTYPES_COMPARED] if not arguments or "from_logits" in arguments else []
        for shape, dtype in outputs:
            if (cls.__name__, shape, dtype) in undecided:
                continue
            problem = ours.problem(Tensor((None, *shape[1:]), dtype))
            assert (problem is None) == works(partial(built, ours), shape, dtype), (arguments, shape, dtype, problem)
