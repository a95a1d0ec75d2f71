"""Which values that Keras saves mean the same."""

from __future__ import annotations

from typing import Any

import pytest

from specc.importing.saved_values import differences

POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
L2 = {
    "module": "keras.regularizers",
    "class_name": "L2",
    "config": {"l2": 0.009999999776482582},
    "registered_name": None,
}
INNER = {"class_name": "Functional", "config": {"name": "f"}}
SAME: list[tuple[Any, Any]] = [
    (1, 1.0), (0.01, 0.009999999776482582), ({"class_name": "__tuple__", "items": [1, 2]}, [1, 2]), (POLICY, "float32"),
    ({"a": None}, {}), ({}, {"newer": 3}), ({"name": "dense_3"}, {"name": "dense"}), ({"quantization_config": None}, {}),
    (L2, {**L2, "config": {"l2": 0.01}, "module": "keras.src.regularizers"}),
]  # fmt: skip
"""What was read, and what is made of its spec."""
OTHERS: list[tuple[Any, Any, list[str]]] = [
    ({"units": 3}, {"units": 4}, ["units is 4 in place of 3"]),
    ({"units": 3}, {}, ["units is missing, and was 3"]),
    ({"use": True}, {"use": 1}, ["use is 1 in place of true"]),
    ({"size": [1, 2]}, {"size": [1]}, ["size is [1] in place of [1, 2]"]),
    ({"a": [{"b": 1}, 2]}, {"a": [{"b": 2}, 3]}, ["a[0].b is 2 in place of 1", "a[1] is 3 in place of 2"]),
    ({"name": "dense_3"}, {"name": "own"}, ['name is "own" in place of "dense_3"']),
    (L2, {**L2, "class_name": "L1"}, ['class_name is "L1" in place of "L2"']),
    ({"layer": INNER}, {"layer": {**INNER, "config": {}}}, ["layer: model f"]),
]


@pytest.mark.parametrize(("ours", "theirs", "expected"), [*((*pair, []) for pair in SAME), *OTHERS])
def test_what_differs(ours: Any, theirs: Any, expected: list[str]) -> None:
    found = differences(ours, theirs, lambda one, _: iter([f"model {one['config']['name']}"]))
    assert list(found) == expected
