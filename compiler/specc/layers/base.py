"""What every layer class is: arguments, a shape rule, weights."""

# Annotations are not postponed where arguments are declared: see `specc.calls`.

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from specc.arguments import Arguments, Initializer, LayerPolicy, Regularizer
from specc.calls import Argument, Call, Callee, Policy, Weight
from specc.diagnostics.problem import Problem, RuleError
from specc.layers.inner import inner_names, listed
from specc.shapes import Shape, Tensor, is_float

__all__ = ["Argument", "Call", "Callee", "Initializer", "Layer", "Policy", "Weight"]

Operate = Callable[..., Any]
"""Makes an operation of tensors by its name: what they are called in it, and its constants."""
UnlikeWeights = Literal["refused", "promoted", "own", "inputs"]


class Layer(Callee):
    """A Keras layer: its constructor arguments as fields, its rules as methods.

    The simplest subclass has fields and `output_shape`. One with weights adds `weights`; one with
    several inputs or outputs sets `tensors` or `ports` and overrides `infer`.
    """

    kind = "layer"
    keras_module = "layers"

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("inputs"),)
    """The tensor arguments of ``call``, in Keras's order."""
    casts: ClassVar[bool] = True
    """Whether Keras casts float inputs to the compute dtype before ``call``; otherwise ``call`` casts if needed."""
    converts: ClassVar[bool] = True
    """Whether Keras converts what a call is given: its ``_convert_input_args``."""
    announces_dtype: ClassVar[bool] = False
    """Whether Keras announces the dtype that it gives; otherwise the compute dtype, whatever it gives."""
    quantizes: ClassVar[tuple[str, ...]] = ()
    """The modes of quantized dtype policies that Keras has a computation of this layer for."""
    missing_base_arguments: ClassVar[frozenset[str]] = frozenset()
    """Base arguments (``trainable``, ``activity_regularizer``) that Keras's constructor does not take."""
    saves_no_regularizer: ClassVar[Literal["always", "given", "never", "named"]] = "named"
    """When Keras's ``get_config`` gives ``activity_regularizer`` also if there is none: if null was given, or if its
    constructor names the argument."""
    inner_prefixes: ClassVar[dict[str, str]] = {}
    """What Keras puts before the name of the layer that is an argument, by argument."""
    inner_settled: ClassVar[frozenset[str]] = frozenset()
    """The arguments of the layers inside it that Keras sets, whatever they were given."""
    builds_without_shape: ClassVar[bool] = False
    """Whether Keras's ``get_build_config`` gives an empty map, also before it is built."""
    saves_policy: ClassVar[bool] = True
    """Whether Keras's ``get_config`` gives its dtype policy; else it gives the name of the dtype of its weights."""
    unlike_weights: ClassVar[UnlikeWeights] = "own"
    """The output's dtype if the inputs' dtype is not the weights', as only in a TimeDistributed: none (an error), the
    dtype that both are promoted to, its own compute dtype, or that of the inputs."""

    name: str | None = None
    trainable: bool = True
    dtype: LayerPolicy | None = None
    activity_regularizer: Regularizer | None = None

    @classmethod
    def foreign(cls) -> frozenset[str]:
        """Base arguments that a spec cannot give. It can always give ``trainable``, for which Keras has a setter."""
        return cls.missing_base_arguments - {"trainable"}

    @classmethod
    def argument_fields(cls) -> dict[str, Any]:
        """The arguments of Keras's constructor, and ``trainable``."""
        foreign = cls.foreign()
        return {name: field for name, field in super().argument_fields().items() if name not in foreign}

    @classmethod
    def parse(cls, given: dict[str, Any]) -> tuple[Self | None, list[Problem]]:
        """Check the arguments. null for one that a spec may not give is Keras's default, and is ignored."""
        foreign = cls.foreign()
        if foreign.isdisjoint(given) and cls.refused.keys().isdisjoint(given):
            parsed, problems = super().parse(given)
            wrong = None if parsed is None or "dtype" not in given else _no_quantization(parsed)
            return (parsed, problems) if wrong is None else (None, [wrong])
        refused = [_foreign_argument(cls, name, given) for name in given if name in foreign]
        rest = {
            name: value
            for name, value in given.items()
            if name not in foreign and (value is not None or name not in cls.refused)
        }
        parsed, problems = super().parse(rest)
        return (None, refused + problems) if refused else (parsed, problems)

    @classmethod
    def argument_order(cls) -> list[str]:
        """The arguments that every layer has, then its own in the order of the Keras signature."""
        order = super().argument_order()
        return list(dict.fromkeys([*(name for name in Layer.model_fields if name in order), *order]))

    def policy_name(self, default: str) -> str:
        """The name of the dtype policy that Keras's constructor gives it, by that of the model."""
        return self.dtype or default

    @property
    def own_name(self) -> str | None:
        """The argument ``name``, which only a layer inside another has."""
        return self.name

    @property
    def frozen(self) -> bool:
        """Whether it has ``trainable: false``."""
        return not self.trainable

    def inside(self) -> dict[str, tuple[tuple[str, Callee], ...]]:
        """The layers in its arguments, each with the name that Keras has for it, by argument."""
        given = {key: listed(value) for key, value in self.given().items() if key in self.inner_layers()}
        names = iter(inner_names([layer for layers in given.values() for layer in layers]))
        return {key: tuple((next(names), layer) for layer in layers) for key, layers in given.items()}

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """The class variable `tensors`."""
        return self.tensors

    def call(
        self, tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any], default_policy: Policy
    ) -> Call:
        """The call of this layer with those inputs, its policy resolved and floats cast as Keras casts them."""
        policy = default_policy if self.dtype is None else Policy.named(self.dtype)
        if self.casts:
            compute = policy.compute
            tensors = {
                name: _cast(value, compute) if isinstance(value, Tensor) else tuple(_cast(x, compute) for x in value)
                for name, value in tensors.items()
            }
        return Call(tensors, options, policy, default_policy)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of a call, one for each of `ports`.

        Raises RuleError for anything that Keras refuses, whether it is called or, later, predicts.
        """
        return (Tensor(self.output_shape(call.shape), self.output_dtype(call)),)

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """The mask of the output, made of what the layer is given and its mask as Keras's ``compute_mask`` does it.

        ``operate("ops.not_equal", {"x1": inputs}, x2=0)`` is an operation of the model.
        """
        return mask

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for one input's shape, batch axis included; the same by default."""
        return shape

    def output_dtype(self, call: Call) -> str:
        """The output's dtype; the compute dtype by default."""
        return call.policy.compute


def training_failure(layer: Layer, call: Call) -> Iterator[Problem]:
    """The caution about a call that works in ``predict`` and fails in ``fit``."""
    try:
        layer.infer(replace(call, options={**call.options, "training": True}, built_for_inference=False))
    except RuleError as error:
        problem = error.problem
        yield replace(problem, code="cannot-train", message=f"cannot train, where it {problem.message}")


def _no_quantization(layer: Layer) -> Problem | None:
    """The problem of a quantized policy that Keras takes, and has no computation for when the model runs."""
    mode, of, source = (layer.dtype or "").partition("_from_")
    if (
        not of or mode.partition("/")[0] in layer.quantizes or type(layer) is Layer
    ):  # what an instance hands to its members
        return None
    mode = mode.partition("/")[0]
    if layer.quantizes:
        help = f"write {layer.quantizes[0]}_from_{source}"
    else:
        help = f"give it the dtype {source}; Keras quantizes Dense, EinsumDense, Embedding and ReversibleEmbedding"
    return Problem(
        "argument-value", f"cannot have dtype {layer.dtype}: Keras has no {mode} computation for it", ("dtype",), help
    )


def _foreign_argument(cls: type[Layer], name: str, given: dict[str, Any]) -> Problem:
    from specc.arguments.names import unknown_argument  # the table of names is for errors only

    return unknown_argument(cls, name, given)


def _cast(tensor: Tensor, dtype: str) -> Tensor:
    if tensor.dtype != dtype and is_float(tensor.dtype) and dtype != "string":  # no float can become a string
        return tensor._replace(dtype=dtype)
    return tensor


def ungraded(call: Call) -> Iterator[Problem]:
    """The caution about area interpolation, for which TensorFlow has no gradient."""
    if call.passes_gradients:
        yield Problem(
            "cannot-train",
            'cannot train the layers before it: interpolation "area" has no gradient',
            ("interpolation",),
            "set interpolation to bilinear",
        )


def unsaved_regularizer(layer: Layer) -> Iterator[Problem]:
    """The problem of a regularizer object in a layer that Keras saves with plain values only."""
    if isinstance(layer.activity_regularizer, Arguments):
        yield Problem(
            "argument-clash",
            "activity_regularizer must be a name, since Keras cannot save this layer with an object",
            ("activity_regularizer",),
            "write l1, l2 or l1l2, or put an ActivityRegularization layer after it",
        )


def example_of(layer: str, shape: str, name: str = "x") -> str:
    """A spec with that layer, followed by its arguments, on an input of that shape.

    >>> example_of("Dropout, rate: 0.5", "[16]")
    'layers:\\n  - {type: Input, name: x, shape: [16]}\\n  - {type: Dropout, rate: 0.5}\\n'
    """
    item = f"{{type: {layer}}}" if "," in layer else layer
    return f"layers:\n  - {{type: Input, name: {name}, shape: {shape}}}\n  - {item}\n"
