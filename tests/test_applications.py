"""Every network of ``keras.applications`` made of public layers, as a spec: specc understands it as Keras does."""

from __future__ import annotations

import inspect

import keras
import pytest

import specc
from tests.support.canonical import same, weightless
from tests.support.draws import LONGER
from tests.support.from_keras import NotPublicError, agree, convert, not_public

ALL = [name for name, found in vars(keras.applications).items() if inspect.isfunction(found)]

SMALLEST = {"Xception": 71, "InceptionV3": 75, "InceptionResNetV2": 75}
"""The smallest image that each takes; the others take 32."""

NOT_PUBLIC = {
    **{f"ConvNeXt{size}": {"LayerScale"} for size in ("Tiny", "Small", "Base", "Large", "XLarge")},
    "InceptionResNetV2": {"CustomScaleLayer"},
}
"""Networks with layers of classes that are not in ``keras.layers``, so that no spec can name them: the classes."""

SISTERS = {
    "ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge", "DenseNet169", "DenseNet201", "NASNetLarge",
    "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6", "EfficientNetB7",
    "EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M",
    "EfficientNetV2S", "InceptionResNetV2", "MobileNetV3Large", "VGG19", "ResNet101", "ResNet101V2", "ResNet152", "ResNet152V2",
}  # fmt: skip
"""Left to the longer run (with SPECC_DRAWS): each has a smaller sister of the same make, or is no spec as that one is none."""


def application(name: str) -> keras.Model:
    size = SMALLEST.get(name, 32)
    with weightless():
        return getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3))


@pytest.mark.parametrize("name", [name for name in ALL if LONGER or name not in SISTERS])
def test_application(name: str) -> None:
    model = application(name)
    assert not_public(model) == NOT_PUBLIC.get(name, set())
    if name in NOT_PUBLIC:
        with pytest.raises(NotPublicError):
            convert(model)
        return
    spec, nodes = convert(model)
    graph = specc.compile(spec)
    agree(graph, nodes)
    assert graph.params == model.count_params()
    assert graph.trainable_params == sum(weight.shape.num_elements() for weight in model.trainable_weights)


@pytest.mark.parametrize("name", [name for name in ALL if name not in NOT_PUBLIC] if LONGER else ["MobileNetV3Small"])
def test_application_built_again(name: str) -> None:
    """The converted spec builds the network that it was: operations, constants and all."""
    model = application(name)
    with weightless():
        again = specc.build(convert(model).spec)
    same(again, model)
