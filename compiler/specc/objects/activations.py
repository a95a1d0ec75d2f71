"""Keras's activation functions. They take no arguments; the activation layers (``LeakyReLU``...) do."""

from functools import cache

from specc.arguments.kinds import find
from specc.objects.base import KerasObject


class Activation(KerasObject):
    """A function of each value, or of each row of values."""

    kind = "activation"
    keras_module = "activations"
    has_class = False

    @classmethod
    def hint_for_unknown(cls, name: str) -> str | None:
        """The layer or operation that takes an argument of Keras's function."""
        from specc.arguments.names import today  # only errors need these modules

        function = cls.keras_name()
        layer = find("layer", LAYERS.get(function, ""))
        argument = name if layer is None else today(layer, name)
        if layer is not None and argument in layer.argument_fields():
            return f"a function takes none; the layer may: {{type: {LAYERS[function]}, {argument}: ...}}"
        operation = find("layer", f"ops.{function}")
        if operation is not None and name in operation.argument_fields():
            return f"a function takes none; an item of type ops.{function} after this one does"
        return super().hint_for_unknown(name)

    @classmethod
    def as_layer(cls) -> str:
        """The activation layer of the same name."""
        return LAYERS.get(cls.keras_name(), "")


LAYERS = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "softmax": "Softmax"}
"""The functions that are layers too, with arguments, which Keras also takes as activations."""
FUNCTIONS: dict[str, str] = {
    "linear": "The value itself.",
    "relu": "The value, or 0 below 0.",
    "relu6": "The value, kept between 0 and 6.",
    "leaky_relu": "The value, or 0.2 times it below 0.",
    "elu": "The value, or exp(x) - 1 below 0.",
    "celu": "The value, or exp(x) - 1 below 0: continuously differentiable for every alpha.",
    "selu": "The scaled elu, which keeps mean and variance over many layers.",
    "gelu": "The value times the normal distribution's share below it.",
    "silu": "The value times its sigmoid; also called swish.",
    "mish": "The value times tanh(softplus(x)).",
    "sigmoid": "1 / (1 + exp(-x)), between 0 and 1.",
    "hard_sigmoid": "A sigmoid of straight pieces.",
    "hard_silu": "The value times its hard sigmoid; also called hard_swish.",
    "log_sigmoid": "The logarithm of the sigmoid.",
    "sparse_sigmoid": "A straight line from 0 at -1 to 1 at 1.",
    "tanh": "The hyperbolic tangent, between -1 and 1.",
    "hard_tanh": "The value, kept between -1 and 1.",
    "tanh_shrink": "The value minus its tanh.",
    "hard_shrink": "The value, or 0 between -0.5 and 0.5.",
    "soft_shrink": "The value brought 0.5 closer to 0, or 0 between -0.5 and 0.5.",
    "softplus": "log(exp(x) + 1), a smooth relu.",
    "sparse_plus": "A smooth relu that is exactly 0 below -1 and exactly the value above 1.",
    "squareplus": "(x + sqrt(x * x + 4)) / 2, a smooth relu.",
    "softsign": "x / (abs(x) + 1), between -1 and 1.",
    "exponential": "exp(x).",
    "softmax": "Probabilities along the last axis, which sum to 1.",
    "log_softmax": "The logarithm of the softmax.",
    "sparsemax": "Probabilities along the last axis, many of which are exactly 0.",
}
"""Each function by its name in Keras, with what it returns."""
ALIASES: dict[str, tuple[str, ...]] = {"silu": ("swish",), "hard_silu": ("hard_swish",)}
_MAIN_NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


CLASSES: tuple[type[Activation], ...]
"""The classes of all functions. A spec uses few of them, so `named` makes one at a time."""


def __getattr__(name: str) -> tuple[type[Activation], ...]:
    if name == "CLASSES":
        return tuple(map(_made, FUNCTIONS))
    raise AttributeError(name)


def named(name: str) -> type[Activation] | None:
    """The class of a function, by its name or an alias; None if there is none."""
    name = _MAIN_NAMES.get(name, name)
    return _made(name) if name in FUNCTIONS else None


@cache
def _made(name: str) -> type[Activation]:
    said = {"__doc__": FUNCTIONS[name], "__module__": __name__, "spellings": ALIASES.get(name, ())}
    return type(name, (Activation,), said)


REFUSED: dict[str, str] = {
    "glu": (
        "it halves the last axis, which Keras's layers do not allow for: remove 'activation', and put {type: ops.glu} after this layer"
    ),
    "threshold": (
        "it needs arguments, which an activation cannot have: remove 'activation', "
        "and put {type: ops.threshold, threshold: 0.0, default_value: 0.0} after this layer"
    ),
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
