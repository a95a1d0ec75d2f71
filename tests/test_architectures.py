"""The specs of known architectures are the models that they are meant to be, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.backends import keras_model
from tests.support import reference_models as reference
from tests.support.canonical import same, weightless
from tests.support.draws import LONGER
from tests.support.from_keras import agree, convert

SPECS = Path(__file__).parent.parent / "specs"

APPLICATIONS = {
    "resnet50": "ResNet50",
    "resnet50v2": "ResNet50V2",
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet121",
    "vgg16": "VGG16",
    "xception": "Xception",
    "efficientnet_b0": "EfficientNetB0",
}
"""Specs, and what they are in ``keras.applications``."""

VARIANTS = {
    ("resnet50", "resnet101"): "ResNet101",
    ("resnet50", "resnet152"): "ResNet152",
    ("resnet50v2", "resnet101v2"): "ResNet101V2",
    ("resnet50v2", "resnet152v2"): "ResNet152V2",
    ("densenet121", "densenet169"): "DenseNet169",
    ("densenet121", "densenet201"): "DenseNet201",
    ("vgg16", "vgg19"): "VGG19",
}
"""Variants of these specs, which are applications too."""


@pytest.mark.parametrize(("spec", "application"), APPLICATIONS.items())
def test_spec_is_the_application(spec: str, application: str) -> None:
    with weightless():
        ours = specc.build(SPECS / f"{spec}.yaml")
        theirs = getattr(keras.applications, application)(weights=None)
    same(ours, theirs)


@pytest.mark.parametrize(("spec", "variant"), list(VARIANTS) if LONGER else [("vgg16", "vgg19")])
def test_variant_is_the_application(spec: str, variant: str) -> None:
    path = SPECS / f"{spec}.yaml"
    with weightless():
        ours = specc.build(path, variant=variant)
        theirs = getattr(keras.applications, VARIANTS[spec, variant])(weights=None)
    same(ours, theirs)


@pytest.mark.parametrize(
    ("spec", "application"), list(APPLICATIONS.items()) if LONGER else [("mobilenet_v2", "MobileNetV2")]
)
def test_weights_of_the_application_fit(spec: str, application: str) -> None:
    """With the same weights both predict the same: nothing that the comparison of the graphs overlooks differs."""
    ours = specc.build(SPECS / f"{spec}.yaml")
    theirs = getattr(keras.applications, application)(weights=None)
    ours.set_weights(theirs.get_weights())
    image = np.random.default_rng(0).random((1, *ours.input_shape[1:]), dtype="float32")
    np.testing.assert_array_equal(ours(image), theirs(image))


def _variants() -> list[tuple[str, str]]:
    """The variants of every file in specs/, with the file's name."""
    found: list[tuple[str, str]] = []
    for path in sorted(SPECS.iterdir()):
        variants = specc.Spec.from_file(path).document.data.get("variants", {})
        found += [(path.name, variant) for variant in variants]
    return found


@pytest.mark.parametrize(("spec", "variant"), _variants())
def test_variant_compiles(spec: str, variant: str) -> None:
    """Every variant is sound, and keeps what it promises under ``expect``, without a warning."""
    assert specc.check(SPECS / spec, variant=variant) == []


@pytest.mark.parametrize("spec", ["resnet50", "densenet121"])
def test_spec_is_a_page(spec: str) -> None:
    assert len((SPECS / f"{spec}.yaml").read_text().splitlines()) <= 60


# -- Against models written by hand --------------------------------------------------------------

_GPT2: dict[str, Any] = {"vocabulary": 1000, "context": 64, "depth": 2, "width": 64, "heads": 4, "dropout": 0.1}
_VIT = {"size": 32, "patch": 8, "depth": 2, "width": 48, "heads": 3, "classes": 10}
_SEQ2SEQ = {"source_words": 50, "target_words": 40, "width": 8}

BY_HAND: dict[str, tuple[str, str | None, dict[str, Any], Callable[[], Any]]] = {
    "gpt2": ("gpt2_small", "tiny", {}, lambda: reference.gpt2(**_GPT2)),
    "vit": ("vision_transformer", "tiny", {}, lambda: reference.vision_transformer(**_VIT)),
    "siamese": ("siamese", None, {}, reference.siamese),
    "seq2seq": ("seq2seq_attention", None, _SEQ2SEQ, lambda: reference.seq2seq_attention(**_SEQ2SEQ)),
    "experts": ("mixture_of_experts", None, {}, reference.mixture_of_experts),
    **{
        f"unet{depth}": (
            "unet",
            None,
            {"depth": depth, "width": 4, "size": 32},
            partial(reference.unet, depth, 4, 32),
        )
        for depth in (0, 1, 3)
    },
}
"""A spec, its variant and values, and the model that it must become."""


@pytest.mark.parametrize("case", BY_HAND)
def test_spec_is_the_model_by_hand(case: str) -> None:
    """And the way back: the model becomes a spec, which is understood as Keras understands it, and becomes the model."""
    name, variant, values, build = BY_HAND[case]
    model = build()
    same(specc.build(SPECS / f"{name}.yaml", variant=variant, set=values), model)
    spec, nodes = convert(model)
    graph = specc.compile(spec)
    agree(graph, nodes)
    assert graph.params == model.count_params()
    same(specc.build(spec), model)


@pytest.mark.parametrize(
    ("variant", "sizes"),
    [(None, (12, 768, 12)), *([("medium", (24, 1024, 16)), ("large", (36, 1280, 20))] if LONGER else [])],
)
def test_gpt2_in_full(variant: str | None, sizes: tuple[int, int, int]) -> None:
    graph = specc.compile(SPECS / "gpt2_small.yaml", variant=variant)
    graph = replace(graph, graph=replace(graph.graph, training=None))  # an optimizer has values, and is not compared
    with weightless():
        ours = keras_model.build(graph)
        theirs = reference.gpt2(50257, 1024, *sizes, 0.1)
    same(ours, theirs)


# -- Training ------------------------------------------------------------------------------------


def _tokens(count: int) -> Any:
    return np.random.default_rng(0).integers(1, count, (2, 6))


TRAINING: dict[str, tuple[str, Any, Any]] = {
    "gpt2": ("gpt2", np.ones((2, 64), "int32"), np.ones((2, 64), "int32")),
    "vit": ("vit", np.ones((2, 32, 32, 3)), np.array([1, 2])),
    "siamese": ("siamese", [np.ones((2, 64, 64, 1)), np.zeros((2, 64, 64, 1))], np.array([[0.0], [0.0]])),
    "seq2seq": ("seq2seq", [_tokens(50), _tokens(40)], [_tokens(40), None]),
    "experts": ("experts", np.ones((2, 499)), {name: np.array([0, 1]) for name in ("income", "marital", "education")}),
    "unet1": ("unet1", np.ones((2, 32, 32, 3)), np.ones((2, 32, 32, 1))),
}


@pytest.mark.parametrize("case", TRAINING)
def test_one_step_of_training(case: str) -> None:
    name, data, targets = TRAINING[case]
    spec, variant, values, _ = BY_HAND[name]
    model = specc.build(SPECS / f"{spec}.yaml", variant=variant, set=values, seed=0)
    model.run_eagerly = True
    before = [weight.numpy() for weight in model.trainable_weights]
    logs = model.train_on_batch(data, targets, return_dict=True)
    assert np.isfinite(logs["loss"])
    assert any((old != new.numpy()).any() for old, new in zip(before, model.trainable_weights, strict=True))
