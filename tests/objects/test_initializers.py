"""Initializers fill the weights that Keras's fill, and say why they cannot fill others."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from specc import objects
from specc.diagnostics.problem import ProblemsError
from tests.support.object_agreement import SHAPES, built, classes, instance

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
            assert (ours.problem(shape) is None) == fills, (arguments, shape, ours.problem(shape))


@pytest.mark.parametrize(("name", "arguments", "shape", "message"), [
    ("Constant", {"value": [1, 2]}, (4, 3), "has values of shape (2,), which do not spread over (4, 3)"),
    ("Identity", {}, (3,), "makes a matrix and cannot fill (3,)"),
    ("STFT", {}, (3, 1), "makes a kernel of 3 dimensions and cannot fill (3, 1)"),
    ("STFT", {}, (3, 2, 5), "makes a kernel for 1 channel and cannot fill (3, 2, 5)"),
    ("STFT", {"window": [1, 2]}, (3, 1, 2), "has a window of 2 values for frames of 3"),
    ("GlorotUniform", {"input_axes": [0], "output_axes": [2]}, (3, 4), "has 2 in output_axes, an axis that (3, 4) does not have"),
    ("Orthogonal", {}, (3,), "needs 2 dimensions or more and cannot fill (3,)"),
])  # fmt: skip
def test_weights_that_it_cannot_fill(
    name: str, arguments: dict[str, Any], shape: tuple[int, ...], message: str
) -> None:
    assert instance("initializer", name, arguments).problem(shape) == message


def test_an_orthogonal_matrix_of_bfloat16() -> None:
    orthogonal = instance("initializer", "Orthogonal", {})
    assert (orthogonal.dtype_problem("bfloat16"), orthogonal.dtype_problem("float16")) == ("cannot fill bfloat16", None)


@pytest.mark.parametrize(("given", "message", "help"), [
    ({"type": "Constant", "value": [1, [2]]}, "Constant: value must be a number or a list of numbers, not [1, [2]]", None),
    ({"type": "STFT", "window": "han_"}, 'STFT: window must be a window of SciPy, not "han_"', "did you mean 'han'?"),
])  # fmt: skip
def test_arguments(given: dict[str, Any], message: str, help: str | None) -> None:
    with pytest.raises(ProblemsError) as caught:
        objects.parse("initializer", given)
    assert [(problem.message, problem.help) for problem in caught.value.problems] == [(message, help)]
