"""The arguments of Keras's objects: their types, how they are checked, and what wrong ones probably mean.

Layers, operations and objects are built on this, including those of plugins.
"""

from specc.arguments.base import Arguments
from specc.arguments.kinds import UNKNOWN_CODES
from specc.arguments.types import (
    DTYPES,
    LARGEST_INT,
    LARGEST_SIZE,
    MOST_INNER_LAYERS,
    MOST_PROBLEMS,
    Activation,
    Axes,
    Axis,
    CausalPadding,
    Constraint,
    DataFormat,
    DType,
    Fraction,
    Initializer,
    InnerLayer,
    Integer,
    Integers,
    LayerPolicy,
    LearningRate,
    Loss,
    Metric,
    NonNegativeInt,
    NonNegativeNumber,
    Number,
    Numbers,
    Optimizer,
    Padding,
    PolicyName,
    PositiveInt,
    PositiveInts,
    PositiveNumber,
    Regularizer,
    Size1,
    Size2,
    Size3,
    freeze,
    is_inner_layer,
    per_axis,
)
from specc.arguments.words import TypeWords, and_join, in_words

__all__ = [
    "DTYPES", "LARGEST_INT", "LARGEST_SIZE", "MOST_INNER_LAYERS", "MOST_PROBLEMS", "UNKNOWN_CODES",
    "Activation", "Arguments", "Axes", "Axis", "CausalPadding", "Constraint", "DType", "DataFormat", "Fraction",
    "Initializer", "InnerLayer", "Integer", "Integers", "LayerPolicy", "LearningRate", "Loss", "Metric", "NonNegativeInt",
    "NonNegativeNumber", "Number", "Numbers", "Optimizer", "Padding", "PolicyName", "PositiveInt", "PositiveInts",
    "PositiveNumber", "Regularizer", "Size1", "Size2", "Size3", "TypeWords", "and_join", "freeze", "in_words",
    "is_inner_layer", "per_axis",
]  # fmt: skip
