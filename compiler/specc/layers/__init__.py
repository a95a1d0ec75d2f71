"""The layers: one class each, families in a file each, found by name through `FAMILIES`.

A family's module is imported when a spec first uses one of its layers, so the size of the catalogue
costs nothing at start-up. To add a layer: write its class in its family's file, and its name here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from specc import objects as objects  # arguments of layers can be objects
from specc import operations
from specc.arguments import plugged
from specc.arguments.kinds import KINDS, LISTED, Kind
from specc.arguments.plugged import add as add  # the first name of `specc.plugins.add`
from specc.budget import current
from specc.calls import Callee
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.layers.base import Layer

if TYPE_CHECKING:
    from specc.operations.base import Operation

NodeType: TypeAlias = "type[Layer] | type[Operation]"
"""A class that `find` finds: what the ``type`` of an item can be, unless it is a block."""

FAMILIES: dict[str, tuple[str, ...]] = {
    family: tuple(names.split())
    for family, names in {
        "core": "Input Dense EinsumDense Identity Masking",
        "embedding": "Embedding ReversibleEmbedding",
        "activations": "Activation ReLU LeakyReLU PReLU ELU Softmax",
        "convolutional": (
            "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose SeparableConv1D SeparableConv2D "
            "DepthwiseConv1D DepthwiseConv2D"
        ),
        "pooling": (
            "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D "
            "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D "
            "GlobalAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D "
            "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"
        ),
        "normalization": (
            "BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization "
            "SpectralNormalization"
        ),
        "regularization": (
            "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout AlphaDropout "
            "ActivityRegularization"
        ),
        "reshaping": (
            "Flatten Reshape Permute RepeatVector Cropping1D Cropping2D Cropping3D ZeroPadding1D ZeroPadding2D "
            "ZeroPadding3D UpSampling1D UpSampling2D UpSampling3D"
        ),
        "merging": "Add Subtract Multiply Average Maximum Minimum Concatenate Dot",
        "rnn": "SimpleRNN LSTM GRU RNN",
        "rnn_cells": "SimpleRNNCell LSTMCell GRUCell StackedRNNCells",
        "conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
        "wrappers": "Bidirectional TimeDistributed",
        "multi_head_attention": "MultiHeadAttention GroupQueryAttention",
        "attention": "Attention AdditiveAttention",
        "lookup": "TextVectorization StringLookup IntegerLookup",
        "preprocessing": "Hashing HashedCrossing CategoryEncoding Discretization Normalization Rescaling",
        "image_geometry": (
            "Resizing CenterCrop RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom RandomShear "
            "RandomPerspective RandomElasticTransform RandomErasing"
        ),
        "image_color": (
            "RandomBrightness RandomContrast RandomColorDegeneration RandomColorJitter RandomGaussianBlur "
            "RandomGrayscale RandomHue RandomInvert RandomPosterization RandomSaturation RandomSharpness AutoContrast "
            "ContrastLimitedAdaptiveHistogramEqualization Equalization Solarization"
        ),
        "image_mixing": "MaxNumBoundingBoxes MixUp CutMix AugMix RandAugment Pipeline",
        "audio": "MelSpectrogram STFTSpectrogram",
    }.items()
}
"""Every layer type under the module that contains its class."""

ALIASES: dict[str, str] = {
    "InputLayer": "Input",
    **{f"Convolution{n}D": f"Conv{n}D" for n in (1, 2, 3)},
    **{f"Convolution{n}DTranspose": f"Conv{n}DTranspose" for n in (1, 2, 3)},
    **{f"SeparableConvolution{n}D": f"SeparableConv{n}D" for n in (1, 2)},
    **{f"MaxPool{n}D": f"MaxPooling{n}D" for n in (1, 2, 3)},
    **{f"AvgPool{n}D": f"AveragePooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalMaxPool{n}D": f"GlobalMaxPooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalAvgPool{n}D": f"GlobalAveragePooling{n}D" for n in (1, 2, 3)},
    **operations.ALIASES,
}
"""Other names that Keras has for the same class or function."""

REFUSED: dict[str, str] = {
    "Lambda": "it runs code, which a spec cannot contain; use an operation (type: ops.NAME), or a layer class in a plugin",
    "TFSMLayer": "it loads a file that can run code; build the rest from a spec and add the layer in Python",
    "TorchModuleWrapper": "it wraps a PyTorch module, which is code; write the module's layers in the spec",
    "JaxLayer": "it wraps a JAX function, which is code; write its layers in the spec",
    "FlaxLayer": "it wraps a Flax module, which is code; write its layers in the spec",
    "Layer": "it is the base class of layers and does nothing; Identity passes a tensor on",
    "Wrapper": "it is the base class of wrappers; use TimeDistributed, Bidirectional or SpectralNormalization",
    **operations.REFUSED,
}
"""Keras's layers and operations that no spec can name: the reason and the way out."""

_FAMILY_OF = {name: family for family, names in FAMILIES.items() for name in names}


@cache
def _keras_type(name: str) -> NodeType | None:
    main = ALIASES.get(name, name)
    if main.startswith("ops."):
        return cast("type[Operation] | None", operations.find(main))
    family = _FAMILY_OF.get(main)
    if family is None:
        return None
    found: type[Layer] = getattr(import_module(f"specc.layers.{family}"), main)
    return found


def find(name: str) -> NodeType | None:
    """The class of a layer type or an operation, by its name or an alias; None if there is none."""
    added = plugged.CLASSES["operation" if name.startswith("ops.") else "layer"].get(name)
    return _keras_type(name) if added is None else cast("NodeType", added)


def names() -> list[str]:
    """The main name of every layer type and operation."""
    return [*_FAMILY_OF, *operations.names(), *plugged.CLASSES["operation"], *plugged.CLASSES["layer"]]


COST_OF_A_HINT = 200
"""The cost of finding the type that an unknown one was meant to be, in comparisons of names."""


def unknown(name: str, further: list[str] | None = None) -> Problem:
    """The problem of an unknown layer type; ``further`` are names (of blocks) that would also be right.

    Finding the intended type takes time, so it is skipped in a spec with very many unknown types.
    """
    last = name.rpartition(".")[2]
    if (refused := next((one for one in (name, last, f"ops.{last}") if one in REFUSED), None)) is not None:
        return Problem("refused-layer", f"{refused} cannot be used in a spec", help=REFUSED[refused])
    budget = current()
    if budget.comparisons <= 0:
        return Problem("unknown-layer", f"unknown layer type {quote_value(name)}", help=LISTED)
    from specc.layers import meant

    budget.comparisons -= COST_OF_A_HINT
    return meant.unknown_layer(name, [*(further or ()), *_known()])


def _in_another_form(problem: Problem, value: Any) -> Problem:
    """The problem of an inner layer that is not a layer, with what was meant: an item in another form, or several."""
    from specc.layers.other_forms import item_form  # only errors need these modules

    if isinstance(value, list) and len(value) > 1:
        help = "only one layer is allowed here: put these into a block under 'blocks' and write its name, or write an item for each"
        return replace(problem, help=help)
    raw = value[0] if isinstance(value, list) and value else value
    meant = item_form(raw) if isinstance(raw, dict) and "type" not in raw else None
    return problem.meaning(meant)


def parse_inner(value: Any) -> Callee:
    """Check a layer that is another layer's argument: a type's name, or a map with ``type``.

    A layer instance is returned unchanged. ProblemsError has what is wrong, with paths relative to ``value``.
    """
    if isinstance(value, Callee):
        return value
    given = {"type": value} if isinstance(value, str) else value
    if not isinstance(given, dict):
        message = f"must be a layer: a type, or a map with 'type', not {quote_value(value)}"
        raise ProblemsError(
            [_in_another_form(Problem("argument-value", message, (), "for instance {type: Dense, units: 8}"), value)]
        )
    name = given.get("type")
    where = ("type",) if isinstance(value, dict) and "type" in value else ()
    if not isinstance(name, str):
        message = "has no 'type' that says which layer"
        raise ProblemsError(
            [_in_another_form(Problem("missing-key", message, where, "add 'type', a layer type"), value)]
        )
    cls = find(name)
    if cls is None:
        problem = unknown(name)
        is_name = problem.fix is None or isinstance(problem.fix.value, str)
        raise ProblemsError([replace(problem, path=where, fix=problem.fix if is_name or not where else None)])
    if name.startswith("ops."):
        message = f"{name} is an operation, which cannot be inside a layer"
        raise ProblemsError(
            [Problem("argument-value", message, where, "make it a separate item, or put it in a block")]
        )
    assert issubclass(cls, Layer)
    layer, problems = cls.parse({key: item for key, item in given.items() if key != "type"})
    if layer is None:
        raise ProblemsError([problem.with_subject(name) for problem in problems])
    if layer.dtype is not None and "_from_" in layer.dtype:
        message = f"{name} cannot have dtype {layer.dtype} inside another layer, which would ignore its scales"
        help = f"give it dtype: {layer.dtype.partition('_from_')[2]}, or make it a separate item"
        raise ProblemsError([Problem("argument-value", message, ("dtype",), help)])
    return layer


def _known() -> list[str]:
    return [*names(), *ALIASES]


def _layer_type(name: str) -> str | None:
    from specc.layers import meant  # only errors need these modules

    return meant.layer_type(name, _known())


KINDS["layer"] = Kind(find, parse_inner, _layer_type, lambda: REFUSED)
