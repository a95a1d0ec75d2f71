"""Random arguments of a layer that is called on a tensor."""

from __future__ import annotations

import math
import re
from copy import deepcopy
from random import Random
from typing import Any

from specc.arguments import in_words
from specc.layers.base import Layer
from specc.shapes import Shape, Tensor
from tests.support.random_specs.kinds import CELLS, RECURRENT, Item, class_of


class Values:
    """Draws arguments for a layer that is called on a tensor: by the argument's name, else by its type in words."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.shape: Shape = ()
        self.dtype = "float32"

    def of(self, cls: type[Layer], tensor: Tensor) -> Item:
        """The required arguments, and a few others."""
        self.shape, self.dtype = tensor.shape, tensor.dtype
        given: Item = {}
        often = self.random.choice([0.02, 0.1, 0.25])
        for name, argument in cls.argument_fields().items():
            own = name == "dtype" and argument.is_required()
            if name in ("name", "trainable", "dtype", "activity_regularizer") and not own:
                continue
            chance = 0.5 if name in OFTEN_GIVEN else often
            if argument.is_required() or name in ALWAYS_GIVEN or self.random.random() < chance:
                given[name] = self._value(name, in_words(argument), cls)
        return given

    def object(self, kind: str) -> Any:
        """An initializer, a regularizer...: its name, or a map."""
        return deepcopy(self.random.choice(OBJECTS[kind]))

    def _value(self, name: str, words: str, cls: type[Layer]) -> Any:
        random = self.random
        if "or null" in words and random.random() < 0.08:
            return None
        special = getattr(self, f"_{name}", None)
        if special is not None:
            return special(cls)
        for kind in OBJECTS:
            if words.split(" or null", maxsplit=1)[0] in (f"an {kind}", f"a {kind}"):
                return self.object(kind)
        options: list[Any] = re.findall(r'"([^"]+)"', words)
        if "true or false" in words:
            options += [True, False]
        if options:
            return random.choice(options)
        if words.startswith("an axis") or "of axes" in words:
            return self._axis(cls)
        if "least and the greatest" in words:
            return random.choice([[0, 255], [0.0, 1.0]])
        if words.startswith("a positive integer"):
            if "list of 2" in words and random.random() < 0.3:
                return [random.randint(1, 3), random.randint(1, 3)]
            return random.randint(1, 3)
        if "integer of 0 or more" in words:
            return random.randint(0, 2)
        if words.startswith("an integer from"):
            return random.randint(1, 4)
        if words.startswith("an integer"):
            return random.randint(-2, 3)
        if "a number" in words:
            return random.choice([0.1, 0.25, 0.5, 0.9])
        if "a string" in words:
            return "utf-8"
        return random.randint(1, 3)

    # -- By name ------------------------------------------------------------------------------

    def _some_size(self) -> int:
        return self.random.choice([1, 2, 3, 4, 6, 8])

    def _spatial(self, cls: type[Layer]) -> int:
        found = re.search(r"([123])D", cls.__name__)
        return int(found[1]) if found else max(1, len(self.shape) - 2)

    def _sizes(self, cls: type[Layer], most: int) -> Any:
        if self.random.random() < 0.7:
            return self.random.randint(1, most)
        sizes = [self.random.randint(1, most) for _ in range(self._spatial(cls))]
        return sizes if len(sizes) > 1 else sizes[0]

    def _units(self, cls: type[Layer]) -> int:
        return self._some_size()

    _filters = _output_dim = _units

    def _kernel_size(self, cls: type[Layer]) -> Any:
        return self._sizes(cls, 3)

    def _pool_size(self, cls: type[Layer]) -> Any:
        return self._sizes(cls, 2)

    _strides = _pool_size

    def _dilation_rate(self, cls: type[Layer]) -> Any:
        return self.random.choice([1, 1, 2])

    def _groups(self, cls: type[Layer]) -> int:
        channels = self.shape[-1] if self.shape else 1
        return self.random.choice([1, 2, channels or 1])

    def _data_format(self, cls: type[Layer]) -> str:
        return self.random.choice(["channels_last"] * 4 + ["channels_first"])

    def _padding(self, cls: type[Layer]) -> Any:
        if not cls.__name__.startswith("ZeroPadding"):
            return self.random.choice(["same", "valid"])
        return self._margins(cls)

    def _margins(self, cls: type[Layer]) -> Any:
        draw = self.random.randint
        count = self._spatial(cls)
        if self.random.random() < 0.4:
            return draw(0, 2)
        if count == 1:
            return [draw(0, 2), draw(0, 1)]
        return [[draw(0, 2), draw(0, 1)] for _ in range(count)]

    _cropping = _margins

    def _axis(self, cls: type[Layer]) -> int:
        rank = max(1, len(self.shape))
        axis: int = self.random.choice([-1, -1, *range(1, rank), self.random.randrange(-rank, rank)])
        return axis

    _axis1 = _axis2 = _axisa = _axisb = _axisc = _source = _destination = _axis

    def _axes(self, cls: type[Layer]) -> Any:
        rank = len(self.shape)
        if cls.__name__ == "Transpose":
            return self.random.choice([[0, *self._permutation(rank)], list(reversed(range(rank)))])
        return self.random.choice([1, 2, -1, [1, 1], [2, 1], [1, 2], [-1, -2]])

    def _shared_axes(self, cls: type[Layer]) -> Any:
        rank = len(self.shape)
        return [axis for axis in range(1, rank) if self.random.random() < 0.6] or [1]

    def _permutation(self, rank: int) -> list[int]:
        return self.random.sample(range(1, rank), max(0, rank - 1))

    def _dims(self, cls: type[Layer]) -> list[int]:
        return self._permutation(len(self.shape))

    def _target_shape(self, cls: type[Layer]) -> list[int]:
        sizes = self.shape[1:]
        if None in sizes or not sizes:
            return [-1, self._some_size()]
        total = math.prod(size for size in sizes if size is not None)
        divisors = [number for number in range(1, total + 1) if total % number == 0]
        first = self.random.choice(divisors)
        second = self.random.choice([number for number in divisors if (total // first) % number == 0])
        shape = self.random.choice([[total], [first, total // first], [first, second, total // first // second]])
        if self.random.random() < 0.3:
            shape[self.random.randrange(len(shape))] = -1
        return shape

    def _newshape(self, cls: type[Layer]) -> list[int]:
        return [-1, *(size if size > 0 else 1 for size in self._target_shape(cls))]

    def _rate(self, cls: type[Layer]) -> float:
        return self.random.choice([0.0, 0.1, 0.5])

    _dropout = _recurrent_dropout = _rate

    def _input_dim(self, cls: type[Layer]) -> int:
        return self.random.randint(2, 20)

    def _equation(self, cls: type[Layer]) -> str:
        letters = "abcdefgh"[1 : len(self.shape)]
        return f"a{letters},{letters[-1:]}z->a{letters[:-1]}z"

    def _bias_axes(self, cls: type[Layer]) -> str:
        return "z"

    def _output_shape(self, cls: type[Layer]) -> Any:
        if cls.__name__ == "EinsumDense":
            return [*self.shape[1:-1], self._some_size()]
        return self._some_size()

    def _vocabulary(self, cls: type[Layer]) -> list[Any]:
        return [1, 2, 5] if cls.__name__ == "IntegerLookup" else ["a", "b", "c d"]

    def _bin_boundaries(self, cls: type[Layer]) -> list[float]:
        return [0.0, 0.5, 1.0]

    def _num_tokens(self, cls: type[Layer]) -> int:
        return self.random.randint(2, 12)

    def _mean(self, cls: type[Layer]) -> Any:
        return 0.5

    _variance = _mean

    def _max_tokens(self, cls: type[Layer]) -> int:
        return self.random.randint(5, 12)

    def _encoding(self, cls: type[Layer]) -> str:
        return "utf-8"

    def _mask_token(self, cls: type[Layer]) -> Any:
        return 0 if cls.__name__ == "IntegerLookup" else ""

    def _oov_token(self, cls: type[Layer]) -> Any:
        return -1 if cls.__name__ == "IntegerLookup" else "[UNK]"

    def _shape(self, cls: type[Layer]) -> list[int]:
        return [size or 2 for size in self.shape]

    def _pad_width(self, cls: type[Layer]) -> list[list[int]]:
        return [[0, 0], *([self.random.randint(0, 2), self.random.randint(0, 1)] for _ in self.shape[1:])]

    def _key(self, cls: type[Layer]) -> Any:
        return self.random.choice([[":", 0], [":", "1:"], [":", -1], [":", None], ["...", 0], ["...", ":2"]])

    def _start_indices(self, cls: type[Layer]) -> list[int]:
        return [0] * len(self.shape)

    def _subscripts(self, cls: type[Layer]) -> str:
        letters = "abcdefgh"[: len(self.shape)]
        return self.random.choice(
            [f"{letters},{letters}->{letters}", f"{letters}->{letters[:1]}", f"{letters}->{letters[::-1]}"]
        )

    def _indices_or_sections(self, cls: type[Layer]) -> Any:
        return self.random.choice([1, 2, 3, [1], [1, 2]])

    def _x1(self, cls: type[Layer]) -> Any:
        return self.random.choice([2, 0.5, True])

    _x2 = _x1

    def _frame_length(self, cls: type[Layer]) -> int:
        return 8

    def _fft_length(self, cls: type[Layer]) -> int:
        return self.random.choice([8, 16])

    def _sequence_stride(self, cls: type[Layer]) -> int:
        return 4

    def _window(self, cls: type[Layer]) -> str:
        return "hann"

    def _renorm_clipping(self, cls: type[Layer]) -> Any:
        return {"rmax": 2.0, "rmin": 0.5, "dmax": 1.0}

    def _noise_shape(self, cls: type[Layer]) -> Any:
        return [None if self.random.random() < 0.5 else 1 for _ in self.shape]

    def _value_range(self, cls: type[Layer]) -> list[float]:
        return self.random.choice([[0, 255], [0.0, 1.0]])

    def _kernel_constraint(self, cls: type[Layer]) -> Any:
        return self.object("constraint")

    # -- Layers inside ------------------------------------------------------------------------

    def _inner(self, kind: str, shape: Shape) -> Any:
        outer = self.shape
        given = Values(self.random).of(class_of(kind), Tensor(shape, self.dtype))
        self.shape = outer
        return {"type": kind, **given} if given or self.random.random() < 0.5 else kind

    def _layer(self, cls: type[Layer]) -> Any:
        if cls.__name__ == "Bidirectional":
            kind = self.random.choice([*RECURRENT, "LSTM", "RNN", "ConvLSTM1D", "ConvLSTM2D"])
            return self._inner(kind, self.shape)
        if cls.__name__ == "SpectralNormalization":
            return self._inner(self.random.choice(["Dense", "Conv2D", "Conv1D", "Embedding"]), self.shape)
        kinds = [
            "Dense",
            "Dense",
            "Conv2D",
            "Conv1D",
            "LSTM",
            "Flatten",
            "BatchNormalization",
            "Embedding",
            "Dropout",
            "MaxPooling2D",
            "GlobalAveragePooling2D",
            "Reshape",
            "Bidirectional",
            "TimeDistributed",
        ]
        return self._inner(
            self.random.choice(kinds), (self.shape[0], *self.shape[2:]) if len(self.shape) > 2 else self.shape
        )

    def _backward_layer(self, cls: type[Layer]) -> Any:
        inner = self._inner(self.random.choice(RECURRENT), self.shape)
        return {**inner, "go_backwards": True} if isinstance(inner, dict) else inner

    def _cell(self, cls: type[Layer]) -> Any:
        one = [
            self._inner(self.random.choice([*CELLS, "StackedRNNCells"]), self.shape)
            for _ in range(self.random.choice([1, 1, 2]))
        ]
        return one[0] if len(one) == 1 else one

    def _cells(self, cls: type[Layer]) -> Any:
        return [self._inner(self.random.choice(CELLS), self.shape) for _ in range(self.random.choice([1, 2]))]

    def _layers(self, cls: type[Layer]) -> Any:
        kinds = ["RandomFlip", "Rescaling", "RandomRotation", "CenterCrop", "RandomContrast"]
        return [self._inner(self.random.choice(kinds), self.shape) for _ in range(self.random.choice([1, 2]))]


ALWAYS_GIVEN = ("vocabulary", "bin_boundaries", "mean", "variance", "idf_weights")
"""What a layer would otherwise have to learn from data before it runs."""
OFTEN_GIVEN = ("return_sequences", "return_state", "padding", "activation", "axis", "num_tokens", "x2")

OBJECTS: dict[str, list[Any]] = {
    "initializer": [
        "he_normal", "GlorotUniform", "zeros", "ones", "orthogonal", "lecun_uniform", "random_normal",
        {"type": "Constant", "value": 0.1}, {"type": "VarianceScaling", "scale": 2.0, "mode": "fan_out"},
        {"type": "RandomUniform", "minval": -0.1, "maxval": 0.1, "seed": 3}, {"type": "TruncatedNormal", "stddev": 0.02},
        {"type": "Orthogonal", "gain": 0.5}, "identity",
    ],
    "regularizer": [
        "l2", "L1", {"type": "L2", "l2": 1e-4}, {"type": "L1L2", "l1": 0.1, "l2": 0.2},
        {"type": "OrthogonalRegularizer", "factor": 0.1},
    ],
    "constraint": ["non_neg", "UnitNorm", {"type": "MaxNorm", "max_value": 2, "axis": 0}, {"type": "MinMaxNorm", "rate": 0.5}],
    "activation": ["relu", "tanh", "softmax", "gelu", "linear", "sigmoid", "swish", "log_softmax", "hard_silu"],
}  # fmt: skip
