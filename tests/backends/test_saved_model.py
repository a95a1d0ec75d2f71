"""SavedModel folders: what is served, and names that TensorFlow cannot take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import specc
from specc.backends import saved_model
from specc.backends.exporting import ExportError
from specc.backends.keras_model import Built
from tests.support.checking import spec
from tests.support.exported import model_of


def test_what_is_served_is_not_in_training(tmp_path: Path) -> None:
    """Keras's image augmentation is in training unless it is told otherwise."""
    graph, model = model_of(
        "name: turned_1.00.v2\nlayers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n  - {type: RandomRotation, name: r, factor: 0.5}\n  - {type: Dropout, name: y, rate: 0.9}\n"
    )
    saved_model.save(Built(graph, model), str(tmp_path / "served"))
    image = np.random.default_rng(0).random((2, 8, 8, 3)).astype("float32")
    np.testing.assert_array_equal(tf.saved_model.load(str(tmp_path / "served")).serve(image), image)


@pytest.mark.parametrize(("names", "said"), [
    (("x", "X"), "inputs named 'x' and 'X', equal for TensorFlow; rename one"), (("a-b", "a_b"), "inputs named 'a-b' and 'a_b', equal for TensorFlow; rename one"),
    (("x", "größe"), "an input named 'größe': begin it with an ASCII letter or digit; further characters are ASCII letters, digits, '_' and '-'"),
    (("_x", "y"), "an input named '_x': begin it with an ASCII letter or digit; further characters are ASCII letters, digits, '_' and '-'"),
])  # fmt: skip
def test_inputs_that_tensorflow_cannot_name(tmp_path: Path, names: tuple[str, str], said: str) -> None:
    """It is said before Keras is needed."""
    inputs = "".join(f"  - {{type: Input, name: {name}, shape: [2]}}\n" for name in names)
    graph = specc.compile(spec(f"layers:\n{inputs}  - {{type: Add, name: sum, from: [{', '.join(names)}]}}\n"))
    with pytest.raises(ExportError) as error:
        saved_model.save(Built(graph, None), str(tmp_path / "served"))
    assert str(error.value) == f"a SavedModel cannot have {said}"
    assert list(tmp_path.iterdir()) == []
