"""What the type of an argument says: a Keras object, a size for each axis, what Keras's constructor makes of a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from specc import layers, objects
from specc.arguments.roles import axes_of, float32, kind_of, saved_form


def field(type_name: str, name: str) -> Any:
    cls = layers.find(type_name) or next(found for kind in objects.MODULES if (found := objects.find(kind, type_name)))
    return cls.argument_fields()[name]


@pytest.mark.parametrize(
    ("type_name", "name", "kind"),
    [
        ("Dense", "kernel_initializer", "initializer"),
        ("Dense", "activation", "activation"),
        ("Dense", "bias_constraint", "constraint"),
        ("Adam", "learning_rate", "schedule"),
        ("Dense", "units", None),
        ("TimeDistributed", "layer", None),
    ],
)
def test_the_kind_of_an_object(type_name: str, name: str, kind: str | None) -> None:
    assert kind_of(field(type_name, name)) == kind


@pytest.mark.parametrize(
    ("type_name", "name", "axes"),
    [
        ("Conv1D", "strides", 1),
        ("MaxPooling3D", "strides", 3),
        ("UpSampling1D", "size", None),
        ("Softmax", "axis", None),
        ("Dense", "use_bias", None),
    ],
)
def test_the_axes_of_a_size(type_name: str, name: str, axes: int | None) -> None:
    assert axes_of(field(type_name, name)) == axes


@pytest.mark.parametrize(
    ("type_name", "name", "value", "saved"),
    [
        ("Conv2D", "strides", 2, [2, 2]),
        ("Conv2D", "strides", (2, 1), (2, 1)),
        ("Dot", "axes", 1, 1),
        ("ZeroPadding2D", "padding", (1, (0, 2)), [(1, 1), (0, 2)]),
        ("PReLU", "shared_axes", 1, [1]),
        ("RandomRotation", "factor", 0.2, (-0.2, 0.2)),
        ("RandomContrast", "factor", 0.2, (0, 0.2)),
        ("RandomColorJitter", "contrast_factor", 0.2, 0.2),
        ("OrthogonalRegularizer", "factor", 0.3, float(np.float32(0.3))),
    ],
)
def test_what_is_saved_of_a_value(type_name: str, name: str, value: Any, saved: Any) -> None:
    form = saved_form(field(type_name, name))
    assert form is not None
    assert form.form(value) == saved


def test_what_is_saved_of_null() -> None:
    form = saved_form(field("Normalization", "axis"))
    assert form is not None
    assert form.unset == ()
    assert saved_form(field("Dense", "units")) is None


def test_numbers_in_single_precision() -> None:
    for number in (0.1, 1e-3, 1 / 3, -2.5, 3e38):
        assert float32(number) == float(np.float32(number))
