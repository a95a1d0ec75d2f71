"""What check says of the functions of ``keras.ops`` that no spec can name, in every spelling."""

from __future__ import annotations

import pytest

import specc
from specc import operations
from specc.language import type_pages


def problem(name: str) -> specc.Diagnostic:
    """What check says of an item of that type."""
    (found,) = specc.check({"layers": [{"type": "Input", "name": "x", "shape": [4]}, {"type": name, "name": "y"}]})
    return found


@pytest.mark.parametrize("name", operations.REFUSED)
def test_a_refused_operation_says_why_and_the_way_out(name: str) -> None:
    found = problem(name)
    assert (found.code, found.help) == ("refused-layer", operations.REFUSED[name])
    reason, _, way_out = operations.REFUSED[name].partition("; ")
    assert reason
    assert way_out
    assert type_pages.unknown(name) == f"{name} cannot be used in a spec: {operations.REFUSED[name]}"


@pytest.mark.parametrize("spelling", ["ops.scan", "keras.ops.scan", "tf.scan", "jax.lax.scan", "K.scan"])
def test_other_spellings(spelling: str) -> None:
    assert problem(spelling).help == operations.REFUSED["ops.scan"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ops.numpy.add", "ops.add"),
        ("keras.ops.add", "ops.add"),
        ("ops.nn.relu", "ops.relu"),
        ("tf.nn.relu", "ops.relu"),
        ("ops.linalg.norm", "ops.norm"),
        ("np.linalg.norm", "ops.norm"),
        ("K.mean", "ops.mean"),
        ("keras.ops.image.resize", "ops.image.resize"),
        ("ops.resize", "ops.image.resize"),
    ],
)
def test_a_function_of_a_module_is_found_by_the_name_that_a_spec_has(spelling: str, name: str) -> None:
    assert problem(spelling).help == f'write "{name}"'
