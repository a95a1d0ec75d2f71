"""What cannot fill, penalize, constrain, compare or measure a tensor of some shape."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest

from specc import objects
from specc.objects.base import KerasObject
from specc.shapes import Tensor
from tests.support.object_agreement import REQUIRED, built, classes

SHAPES: list[tuple[int, ...]] = [
    (), (1,), (4,), (1, 1), (3, 5), (5, 3), (2, 3, 4), (3, 1, 4), (1, 1, 1), (2, 2, 2, 2), (1, 2, 3, 1, 2),
]  # fmt: skip

CONSTANTS: list[Any] = [1, True, [1, 2, 3, 4], [[1], [2], [3]], [5.0], [], [[]], [[[1]]]]
INITIALIZERS: dict[str, list[dict[str, Any]]] = {
    "Constant": [{"value": it} for it in CONSTANTS],
    "STFT": [{}, {"window": None}, {"window": [1, 2, 3]}, {"scaling": None}],
    "VarianceScaling": [
        {"input_axes": [0], "output_axes": [1]},
        {"input_axes": [-1], "output_axes": [-2]},
        {"input_axes": [3], "output_axes": []},
        {"input_axes": [5]},
        {"distribution": "Normal"},
        {"distribution": "untruncated_normal", "seed": -1},
    ],
    "GlorotUniform": [{"input_axes": [2], "output_axes": [0]}, {"seed": 2**63 - 1}],
    "RandomUniform": [{"minval": 1.0, "maxval": -1.0}],
    "RandomNormal": [{"stddev": -1.0}, {"mean": 1e300}],
}


def instance(kind: str, name: str, arguments: dict[str, Any]) -> Any:
    made = objects.parse(kind, {"type": name, **REQUIRED.get(name, {}), **arguments})
    assert isinstance(made, KerasObject)
    return made


@pytest.mark.parametrize("name", [cls.__name__ for cls in classes("initializer")])
def test_initializers_fill_what_keras_fills(name: str) -> None:
    for arguments in [{}, *INITIALIZERS.get(name, [])]:
        ours = instance("initializer", name, arguments)
        theirs = built(ours)
        for shape in SHAPES:
            try:
                variable = keras.Variable(theirs, shape=shape, dtype="float32")
                fills = tuple(variable.value.shape) == shape
            except Exception:
                fills = False
            if name == "STFT" and len(shape) == 3 and shape[1] != 1:
                continue  # Keras makes a kernel of another shape than the weight's, which fails when it is used
            assert (ours.problem(shape) is None) == fills, (arguments, shape, ours.problem(shape))


AXES: list[Any] = [0, 1, -1, -2, 3, None, [0, 1], [0, 0], [1, -1], [2], []]


@pytest.mark.parametrize("name", [cls.__name__ for cls in classes("constraint")])
def test_constraints_take_what_keras_takes(name: str) -> None:
    for axis in AXES if name != "NonNeg" else [None]:
        ours = instance("constraint", name, {"axis": axis} if name != "NonNeg" else {})
        theirs = built(ours)
        for shape in SHAPES:
            try:
                theirs(np.ones(shape, "float32"))
                works = True
            except Exception:
                works = False
            assert (ours.problem(shape) is None) == works, (axis, shape)


@pytest.mark.parametrize("name", [cls.__name__ for cls in classes("regularizer")])
def test_regularizers_take_what_keras_takes(name: str) -> None:
    ours = instance("regularizer", name, {})
    theirs = built(ours)
    for shape in SHAPES:
        try:
            theirs(keras.ops.ones(shape))
            works = True
        except Exception:
            works = False
        assert (ours.problem(shape) is None) == works, shape


OUTPUTS: list[tuple[int, ...]] = [(4,), (4, 1), (4, 3), (4, 3, 1), (4, 3, 5), (4, 2, 3, 5), (4, 2, 3, 1)]
DTYPES = ["int32", "bool", "string"]

AXIS_1, AXIS_2, AXIS_BACK = {"axis": 1}, {"axis": 2}, {"axis": -2}
TOP = [{"class_id": 0}, {"class_id": 2}, {"class_id": -1}, {"top_k": 1}, {"top_k": 2}, {"top_k": 4}]
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "SparseCategoricalCrossentropy": [{"axis": 0}, AXIS_1, AXIS_2, AXIS_BACK, {"ignore_class": -1}],
    "CategoricalCrossentropy": [
        AXIS_2,
        {"axis": -3},
        *({"from_logits": True, "axis": axis} for axis in (-1, 0, 1, 2, -2)),
    ],
    "AUC": [
        {"multi_label": True},
        {"multi_label": True, "num_labels": 3},
        {"multi_label": True, "num_labels": 2},
        {"label_weights": [0.1]},
        {"from_logits": True},
    ],
    "SparseTopKCategoricalAccuracy": [{"from_sorted_ids": True}, {"k": -1}],
    "Precision": TOP,
    "Recall": TOP,
    "PrecisionAtRecall": [{"class_id": 1}, {"class_id": -1}],
    "CosineSimilarity": [AXIS_1, AXIS_2, {"axis": -3}],
    "PearsonCorrelation": [AXIS_1, AXIS_2, {"axis": -3}],
    "BinaryCrossentropy": [AXIS_1, AXIS_2, {"axis": None}, {"axis": [0, 1]}, {"axis": [0, 0]}],
    "Dice": [AXIS_1, AXIS_2, {"axis": None}, {"axis": [0, 1]}, {"axis": [0, 0]}],
    "IoU": [{"sparse_y_pred": False}],
}

UNDECIDED = {
    ("Accuracy", (4, 3), "string"): "strings are equal to strings, but not to the numbers tried here",
    ("CategoricalGeneralizedCrossEntropy", (4, 2, 3, 1), "float32"): "some sizes of batch broadcast",
    ("Precision", (4,), "float32"): "the classes among which it would take the highest are the batch",
    ("Recall", (4,), "float32"): "the classes among which it would take the highest are the batch",
}
"""What only the data decide."""


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


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, cls.__name__) for kind in ("loss", "metric") for cls in classes(kind)]
)
def test_losses_and_metrics_fit_what_keras_fits(kind: str, name: str) -> None:
    cls = objects.find(kind, name)
    assert cls is not None
    for arguments in [{}, *VARIANTS.get(name, [])]:
        if not set(arguments) <= set(cls.argument_fields()):
            continue
        ours, problems = cls.parse({**REQUIRED.get(name, {}), **arguments})
        if ours is None:
            assert any(
                "axis" in problem.path for problem in problems
            )  # a list where Keras's documentation has one axis
            continue
        outputs = [(shape, "float32") for shape in OUTPUTS]
        outputs += [((4, 3), dtype) for dtype in DTYPES] if not arguments or "from_logits" in arguments else []
        for shape, dtype in outputs:
            if (name, shape, dtype) in UNDECIDED:
                continue
            fits = ours.problem(Tensor((None, *shape[1:]), dtype)) is None  # type: ignore[attr-defined]
            theirs = works(partial(built, ours), shape, dtype)
            assert fits == theirs, (arguments, shape, dtype, ours.problem(Tensor(shape, dtype)))  # type: ignore[attr-defined]


def test_weights_of_labels() -> None:
    auc = instance("metric", "AUC", {"label_weights": [0.5, 0.5]})
    assert auc.problem(Tensor((None, 3)))
    assert auc.problem(Tensor((None, 2))) is None
    assert auc.problem(Tensor((None, None))) is None


def test_problems_are_predicates() -> None:
    found = [
        cls.parse(REQUIRED.get(cls.__name__, {}))[0].problem(Tensor(shape, dtype))  # type: ignore[union-attr]
        for kind in ("loss", "metric")
        for cls in classes(kind)
        for shape, dtype in itertools.product([(None, 2, 3, 4)], ["string", "int32", "float32"])
    ]
    starts = {text.split()[0] for text in found if text}
    assert starts <= {"cannot", "needs", "has", "names", "works", "takes"}
