"""Specs made of whole specs, against Keras: the pair of docs/language.md checked, built, trained and saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

import specc
from tests.test_docs import DOCS, docs


def weights(model: Any) -> list[Any]:
    return [weight.copy() for weight in model.get_weights()]


def equal(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


def test_a_generative_adversarial_network() -> None:
    noise, ones = np.random.default_rng(0).random((4, 100)).astype("float32"), np.ones((4, 1))
    with docs.page_folder((DOCS / "language.md").read_text()):
        gan = specc.build("gan.yaml", seed=0)
        alone = {
            "generator": specc.build("generator.yaml", set={"latent": 100}, seed=1),
            "discriminator": specc.build("discriminator.yaml", seed=2),
        }
        for name, model in alone.items():
            inside = gan.get_layer(name)
            model.save_weights("own.weights.h5")
            inside.load_weights("own.weights.h5")
            assert equal(weights(inside), weights(model))
            assert equal(weights(inside), weights(model))
        expected = alone["discriminator"](alone["generator"](noise))
        np.testing.assert_allclose(gan(noise), expected, rtol=1e-5)

        scope: dict[str, Any] = {"__name__": "source"}
        exec(specc.compile("gan.yaml").source(), scope)
        emitted = scope["build_model"]()
        emitted.set_weights(gan.get_weights())
        np.testing.assert_allclose(emitted(noise), expected, rtol=1e-5)

        frozen, trained = weights(gan.get_layer("discriminator")), weights(gan.get_layer("generator"))
        gan.fit(noise, ones, verbose=0)
        assert equal(weights(gan.get_layer("discriminator")), frozen)
        assert not equal(weights(gan.get_layer("generator")), trained)
        images = gan.get_layer("generator").predict(noise, verbose=0)
        alone["discriminator"].fit(images, 0 * ones, verbose=0)
        gan.get_layer("discriminator").set_weights(alone["discriminator"].get_weights())
        gan.save("gan.keras")
        np.testing.assert_allclose(keras.models.load_model("gan.keras")(noise), gan(noise), rtol=1e-5)
        assert [specc.check(f"{name}.yaml") for name in ("gan", *alone)] == [[], [], []]


PART = """\
vars: {width: 4, scale: 2}
blocks:
  unit:
    inputs: [x]
    layers:
      - {type: Dense, name: out, units: $width}
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [5]}
  - {type: unit, name: u, repeat: $scale}
  - {type: Dense, name: side, units: 2, from: x}
"""
AROUND = """\
include: [part.yaml]
layers:
  - {type: Input, name: x, shape: [5]}
  - {type: part, name: one, from: x}
  - {type: part, name: two, width: 3, scale: 3, from: x}
  - {type: part, name: model, width: 6, nested: true, from: x}
  - {share: model, name: again, from: x}
  - {type: part, name: both, each: {width: [1, 2]}, from: x}
outputs: [one.u, two, two.side, model.side, again.u, both]
"""


def test_every_use_of_one(tmp_path: Path) -> None:
    """In place, with values, nested, shared and as copies: the model has what was inferred, and its source builds it."""
    (tmp_path / "part.yaml").write_text(PART)
    (tmp_path / "spec.yaml").write_text(AROUND)
    graph = specc.compile(tmp_path / "spec.yaml")
    model = specc.build(tmp_path / "spec.yaml", seed=0)
    assert model.count_params() == graph.params
    shapes = {name: tensor.shape for name, tensor in graph.outputs.items()}
    assert dict(zip(shapes, (tuple(it.shape) for it in model.outputs), strict=True)) == shapes
    scope: dict[str, Any] = {"__name__": "source"}
    exec(graph.source(), scope)
    emitted = scope["build_model"]()
    emitted.set_weights(model.get_weights())
    x = np.random.default_rng(0).random((3, 5)).astype("float32")
    for ours, theirs in zip(model(x), emitted(x), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)
