"""The objects that Keras gets for a plugin's classes, and whether they are what the classes say."""

from __future__ import annotations

import re
from pathlib import Path

import keras
import numpy as np
import pytest

import specc
from specc.arguments.plugged import PluginError
from specc.backends import keras_model
from specc.backends.python.source import source
from tests.support import plugin
from tests.support.canonical import canonical
from tests.support.soundness import failure


def test_a_class_of_every_kind_is_built_trained_saved_and_written(tmp_path: Path) -> None:
    with plugin.added(*plugin.GOOD):
        graph = specc.compile(specc.Spec.from_text(plugin.SPEC))
        model = keras_model.build(graph)
        text = source(graph)
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""
    model.save(tmp_path / "plugged.keras")
    loaded = keras.models.load_model(tmp_path / "plugged.keras")
    assert canonical(loaded) == canonical(model)
    assert loaded.get_compile_config() == model.get_compile_config()
    written: dict[str, object] = {"__name__": "written"}
    exec(text, written)
    made = written["build_model"]()  # type: ignore[operator]
    assert all(ours.same(theirs) for ours, theirs in zip(canonical(made), canonical(model), strict=True))
    assert made.get_compile_config() == model.get_compile_config()
    made.set_weights(model.get_weights())
    given = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
    np.testing.assert_allclose(made.predict(given, verbose=0), model.predict(given, verbose=0))
    assert f"\nimport {plugin.KERAS}\n" in text


FAULTY = (plugin.Lacking, plugin.Lost, plugin.Refusing, plugin.Failing, plugin.Narrower, plugin.Heavier, plugin.Twofold)


@pytest.mark.parametrize(("item", "said"), [
    ("type: Lacking", "the plugin's module tests.support.plugin_keras has no Lacking; define it there for Keras"),
    ("type: Lost", "Lost of the plugin's module no_module_of_that_name fails: ModuleNotFoundError: No module named"),
    ("type: Refusing, units: 4", "Refusing of the plugin's module tests.support.plugin_keras fails: ValueError: Unrecog"),
    ("type: Failing", "Failing of the plugin's module tests.support.plugin_keras fails: ValueError: "),
    ("type: TimeDistributed, layer: Narrower", "Narrower of the plugin's module tests.support.plugin_keras fails: NotImpl"),
    ("type: Narrower", "gives (None, 2) float32, where its class for specc says (None, 4) float32 ('y')"),
    ("type: Heavier", "has weights (4,) float32, where its class for specc says (2,) float32 ('y')"),
    ("type: ops.twofold", "twofold of the plugin's module tests.support.plugin_keras must be one keras.Operation"),
])  # fmt: skip
def test_faults_are_the_plugins(item: str, said: str) -> None:
    shape = [3, 4] if "Time" in item else [4]
    text = f"layers:\n  - {{type: Input, name: x, shape: {shape}}}\n  - {{{item}, name: y}}\n"
    with plugin.added(*FAULTY):
        graph = specc.compile(specc.Spec.from_text(text))
        for form in {graph.form, "functional"}:
            with pytest.raises(PluginError, match=re.escape(said)):
                keras_model.build(graph.in_form(form))


def test_a_plugin_is_not_blamed_for_what_keras_says_of_its_input() -> None:
    """Keras says float32 for a sum of integers, and has no symbols for constants."""
    text = """
layers:
  - {type: Input, name: x, shape: [4], dtype: int32}
  - {type: Add, name: sum, from: [x, x]}
  - {type: ops.turned, name: whole}
  - {formula: "x + squash(arange(4, dtype='float32'))", name: added}
"""
    with plugin.added(*plugin.GOOD):
        graph = specc.compile(specc.Spec.from_text(text))
        assert [tensor.dtype for tensor in graph.outputs.values()] == ["int32", "float32"]
        assert [tensor.dtype for tensor in keras_model.build(graph).outputs] == ["float32", "float32"]
