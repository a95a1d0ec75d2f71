"""Constraints take the weights that Keras's take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.object_agreement import SHAPES, built, classes, instance

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


def test_axes_that_a_weight_does_not_have() -> None:
    assert (
        instance("constraint", "MaxNorm", {"axis": 2}).problem((3, 4))
        == "has axis 2, which a weight of shape (3, 4) does not have"
    )
    assert instance("constraint", "UnitNorm", {"axis": [0, -2]}).problem((3, 4)) == "names an axis of (3, 4) twice"
