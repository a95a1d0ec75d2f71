"""The specs of known architectures are the models of ``keras.applications``, layer by layer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras

import specc
from tests.canonical import same

SPECS = Path(__file__).parent.parent / "specs"

ARCHITECTURES = {
    "resnet50": "ResNet50",
    "resnet50v2": "ResNet50V2",
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet121",
    "vgg16": "VGG16",
    "xception": "Xception",
    "efficientnet_b0": "EfficientNetB0",
}
"""Specs by their file, and what they are in ``keras.applications``."""

VARIANTS = {
    ("resnet50", "resnet101"): "ResNet101",
    ("resnet50", "resnet152"): "ResNet152",
    ("resnet50v2", "resnet101v2"): "ResNet101V2",
    ("resnet50v2", "resnet152v2"): "ResNet152V2",
    ("densenet121", "densenet169"): "DenseNet169",
    ("densenet121", "densenet201"): "DenseNet201",
    ("vgg16", "vgg19"): "VGG19",
}


@pytest.mark.parametrize(("spec", "application"), ARCHITECTURES.items())
def test_spec_is_the_application(spec: str, application: str) -> None:
    ours = specc.build(SPECS / f"{spec}.yaml")
    theirs = getattr(keras.applications, application)(weights=None)
    same(ours, theirs)
