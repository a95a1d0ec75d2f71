"""Image layers made of other layers, and those that mix several images."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from specc.arguments import MOST_INNER_LAYERS, DataFormat, InnerLayer, NonNegativeInt, Number, TypeWords, freeze
from specc.calls import Tracked
from specc.diagnostics.problem import DTypeError, Problem, RuleError
from specc.layers.base import Call, Layer, Weight, training_failure
from specc.layers.image import (
    Factor,
    ImageLayer,
    Interpolation,
    Seed,
    StrictFactor,
    ValueRange,
    on_image,
    trains,
)
from specc.layers.inner import inner_cautions, inner_names, inner_weights
from specc.shapes import Tensor


class MaxNumBoundingBoxes(ImageLayer):
    """Pads or cuts lists of bounding boxes to one length; images pass through."""

    changes_ragged = (3, 4)
    unsaved = ImageLayer.unsaved | {"fill_value"}
    example = on_image("MaxNumBoundingBoxes, max_number: 10")

    max_number: NonNegativeInt
    fill_value: int = -1
    data_format: DataFormat | None = None


class MixUp(ImageLayer):
    """Blends each image of a batch with another one."""

    example = on_image("MixUp, alpha: 0.2")
    computes = "floats"

    alpha: Number = 0.2
    data_format: DataFormat | None = None
    seed: Seed = None


class CutMix(ImageLayer):
    """Pastes a part of another image of the batch into each image."""

    example = on_image("CutMix, factor: 1.0")
    computes = "floats"
    needs_size = "training"
    traces_half = False

    factor: Factor = 1.0
    seed: Seed = None
    data_format: DataFormat | None = None

    def changes(self, call: Call) -> bool:
        """A single image has no other to take a part from."""
        return super().changes(call) and len(call.shape) != 3

    def check_training(self, call: Call) -> None:
        """The size of the part is drawn in float32, which does not mix with bfloat16."""
        super().check_training(call)
        if call.policy.compute == "bfloat16":
            raise DTypeError("cannot compute in bfloat16", argument="dtype", help="set 'dtype' to float32")


_AUGMENTATIONS = (
    "random_shear", "random_translation", "random_rotation", "random_posterization", "solarization", "auto_contrast",
    "equalization", "random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness",
)  # fmt: skip


class _Augmenting(ImageLayer):
    """A layer that has a layer of its own for each of a number of changes."""

    def tracked(self) -> Sequence[Tracked]:
        """The layers, which have its own name."""
        return [Tracked(attribute, "") for attribute in _AUGMENTATIONS]


class AugMix(_Augmenting):
    """Blends each image with chains of random transformations of it."""

    example = on_image("AugMix, num_chains: 3")
    computes = "floats"

    value_range: ValueRange = (0, 255)
    num_chains: NonNegativeInt = 3
    chain_depth: NonNegativeInt = 3
    factor: StrictFactor = 0.3
    alpha: Number = 1.0
    all_ops: bool = True
    interpolation: Interpolation = "bilinear"
    seed: Seed = None
    data_format: DataFormat | None = None

    def check_training(self, call: Call) -> None:
        """Some of the operations accept grey or RGB images only."""
        super().check_training(call)
        self.need_channels(call.shape, (1, 3) if self.all_ops else ())


class RandAugment(_Augmenting):
    """Applies a few transformations, picked at random, to each image."""

    example = on_image("RandAugment, num_ops: 2")
    computes = "floats"
    channels = (1, 3)

    value_range: ValueRange = (0, 255)
    num_ops: NonNegativeInt = 2
    factor: StrictFactor = 0.5
    interpolation: Interpolation = "bilinear"
    seed: Seed = None
    data_format: DataFormat | None = None


class Pipeline(Layer):
    """Calls its layers one after the other, as one layer."""

    announces_dtype = True
    converts = False
    options = {"training": bool}
    casts = False
    missing_base_arguments = frozenset({"trainable", "dtype", "activity_regularizer"})
    shape_rule = "what the last layer gives"
    example = on_image("Pipeline, layers: [RandomFlip, {type: RandomCrop, height: 24, width: 24}]")

    layers: Annotated[
        tuple[InnerLayer, ...],
        BeforeValidator(freeze),
        Field(min_length=1, max_length=MOST_INNER_LAYERS),
        TypeWords("a list of 1 to 1,000 layers"),
    ]

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The last layer's output: in training, which Keras announces, and in ``predict``."""
        *_, (_, _, output) = self._steps(call, trains(call))
        output = output._replace(announced=None)
        if "training" in call.options:
            return (output,)
        try:
            *_, (_, _, other) = self._steps(call, not trains(call))
        except RuleError:  # a caution: it cannot train
            if not call.built_for_inference:
                raise
            other = output
        pairs = zip(output.shape, other.shape, strict=True)
        both = output._replace(shape=tuple(one if one == other else None for one, other in pairs))
        size = "CenterCrop, height: ..., width: ..."
        return (both.but(output.shape, f"RandomCrop crops in training only: put {{type: {size}}} after it"),)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """The cautions of its layers."""
        for position, (layer, inner, _) in enumerate(self._steps(call, trains(call))):
            yield from inner_cautions(layer, inner, "layers", position)
        if call.built_for_inference:
            yield from training_failure(self, call)

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights of all its layers."""
        for name, (layer, inner, _) in zip(inner_names(self.layers), self._steps(call, trains(call)), strict=True):
            yield from inner_weights(layer, inner, name)

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """The calls of its layers."""
        return {"layers": tuple(inner for _, inner, _ in self._steps(call, trains(call)))}

    def _steps(self, call: Call, training: bool) -> Iterator[tuple[Layer, Call, Tensor]]:
        """Each layer with its call and its outputs."""
        tensor = call.first
        for layer in self.layers:
            options = {"training": training} if "training" in layer.options else {}
            inner = call.inner(layer, {layer.tensor_arguments()[0].name: tensor}, options)
            tensor = layer.traced(inner) if isinstance(layer, ImageLayer) else layer.infer(inner)[0]
            tensor = tensor._replace(announced=None)
            yield layer, inner, tensor
