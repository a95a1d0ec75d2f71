"""What every layer class is: arguments, inputs, outputs, a shape rule, weights."""

# Annotations are not postponed where arguments are declared: pydantic would evaluate each of them from its text, again for
# every subclass, and a cold check would take a quarter longer.

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeVar

from specc.arguments import Arguments, Initializer, PolicyName, Regularizer, is_inner_layer
from specc.diagnostics.problem import Problem, RuleError
from specc.shapes import Shape, Tensor, is_float

T = TypeVar("T")


UnlikeWeights = Literal["refused", "promoted", "own", "inputs"]


class Argument(NamedTuple):
    """A tensor argument of a layer's ``call``, as ``from`` fills it."""

    name: str
    required: bool = True
    many: bool = False
    """It takes a list of tensors."""
    least: int = 1
    """With ``many``: how many at least."""
    most: int | None = None
    """With ``many``: how many at most; None for any number."""


class Weight(NamedTuple):
    """A weight as Keras creates it. ``name`` is its path inside the layer: "kernel", "lstm_cell/kernel"."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool = True
    initializer: Any = "zeros"


class Policy(NamedTuple):
    """Keras's dtype policy: the dtype a layer computes in, and that of its weights."""

    name: str
    compute: str
    variable: str

    @classmethod
    def named(cls, name: str) -> "Policy":
        """
        >>> Policy.named("mixed_float16")
        Policy(name='mixed_float16', compute='float16', variable='float32')
        """
        if name in ("mixed_float16", "mixed_bfloat16"):
            return cls(name, name.removeprefix("mixed_"), "float32")
        return cls(name, name, name)


FLOAT32 = Policy.named("float32")


@dataclass(slots=True)
class Call:
    """One call of a layer, as its rules see it.

    ``tensors`` holds what each call argument gets (a tuple where the argument takes many), with
    floats already cast to the compute dtype as Keras's ``Layer.__call__`` does; ``options`` the constant
    call arguments (``training``, ``use_causal_mask``); ``policy`` this layer's dtypes and
    ``default_policy`` the model's.
    """

    tensors: dict[str, Tensor | tuple[Tensor, ...]]
    options: dict[str, Any] = field(default_factory=dict)
    policy: Policy = FLOAT32
    default_policy: Policy = FLOAT32
    passes_gradients: bool = False
    """Whether something is trained before it, which then needs this layer's gradient."""
    built_for_inference: bool = False
    """Whether Keras builds the layer as it is outside training; what fails in training then fails in ``fit`` only."""

    @property
    def first(self) -> Tensor:
        """The tensor of the first call argument (the first of its list)."""
        for value in self.tensors.values():
            return value if isinstance(value, Tensor) else value[0]
        raise LookupError("a call without tensors")

    @property
    def shape(self) -> Shape:
        """The shape of `first`, batch axis included."""
        return self.first.shape

    def one(self, name: str) -> Tensor | None:
        """The tensor given for a call argument, or None."""
        value = self.tensors.get(name)
        return value if isinstance(value, Tensor) or value is None else value[0]

    def many(self, name: str = "inputs") -> tuple[Tensor, ...]:
        """The tensors given for a call argument that takes a list."""
        value = self.tensors.get(name, ())
        return (value,) if isinstance(value, Tensor) else value

    def inner(
        self, layer: "Layer", tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any] | None = None
    ) -> "Call":
        """The call that a wrapper makes of the layer inside it, cast to that layer's dtype."""
        call = layer.call(tensors, options or {}, self.default_policy)
        call.passes_gradients = self.passes_gradients
        return call


class Layer(Arguments):
    """A Keras layer: its constructor arguments as fields, its rules as methods.

    The simplest subclass has fields and `output_shape`. One with weights adds `weights`; one with
    several inputs or outputs sets `tensors` or `ports` and overrides `infer`.
    """

    kind: ClassVar[str] = "layer"
    keras_module: ClassVar[str] = "layers"
    imported_from: ClassVar[str] = ""
    """Of a plugin's layer: the module that has the Keras class of the same name; imported only to build."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("inputs"),)
    """The tensor arguments of ``call``, in Keras's order."""
    options: ClassVar[dict[str, Any]] = {}
    """The constant arguments of ``call``: name to type. ``{"training": bool}``"""
    port_options: ClassVar[dict[str, str]] = {}
    """Ports that a boolean call argument switches on: ``{"scores": "return_attention_scores"}``."""
    casts: ClassVar[bool] = True
    """Whether Keras casts float inputs to the compute dtype before ``call``; else ``call`` does where it needs to."""
    behind: ClassVar[dict[str, str]] = {}
    """Where arguments stand in Keras's signature, if not as the fields here do: each with the one that it follows, or
    with "" where it is the last."""
    shape_rule: ClassVar[str] = ""
    """The shape rule in words, for the documentation: "(batch, ..., units)"."""
    example: ClassVar[str] = ""
    """A spec in YAML that uses the layer and builds; for the documentation, and run by the tests."""
    stacks: ClassVar[bool] = True
    """Whether it is a Keras layer, so that a ``Sequential`` can hold it; an operation is not."""
    unsettable: ClassVar[frozenset[str]] = frozenset()
    """Base arguments (``trainable``, ``activity_regularizer``) that Keras's constructor does not take."""
    graded: ClassVar[bool] = True
    """Whether it has a gradient, so that what stands before it can learn."""
    unlike_weights: ClassVar[UnlikeWeights] = "own"
    """What comes of inputs of another dtype than its weights', which only a TimeDistributed brings to it: nothing, the
    dtype that both are promoted to, its own compute dtype, or that of the inputs."""
    any_batch: ClassVar[bool] = False
    """Whether it hands the batch axis on and none of its rules reads its size: what they give for an open batch, they
    give for every number in its place."""
    thaws: ClassVar[bool] = False
    """Whether Keras's constructor leaves trainable, in spite of ``trainable=False``, the layers that it makes inside."""

    name: str | None = None
    """Of a layer inside a wrapper; one that stands in a graph has its node's name."""
    trainable: bool = True
    dtype: PolicyName | None = None
    activity_regularizer: Regularizer | None = None

    @classmethod
    def foreign(cls) -> frozenset[str]:
        """Base arguments that a spec cannot give. It can freeze each layer: Keras has a setter for that."""
        return cls.unsettable - {"trainable"}

    @classmethod
    def argument_fields(cls) -> dict[str, Any]:
        """The arguments of Keras's constructor, and ``trainable``."""
        foreign = cls.foreign()
        return {name: field for name, field in super().argument_fields().items() if name not in foreign}

    @classmethod
    def parse(cls, given: dict[str, Any]) -> tuple[Self | None, list[Problem]]:
        """Check the arguments; null for one that a spec may not give is Keras's default, and says nothing."""
        foreign = cls.foreign()
        if foreign.isdisjoint(given) and cls.refused.keys().isdisjoint(given):
            return super().parse(given)
        refused = [_foreign_argument(cls, name, given) for name in given if name in foreign]
        rest = {
            name: value
            for name, value in given.items()
            if name not in foreign and (value is not None or name not in cls.refused)
        }
        parsed, problems = super().parse(rest)
        return (None, refused + problems) if refused else (parsed, problems)

    @property
    def type_name(self) -> str:
        """What `specc` calls the type: Keras's class name."""
        return type(self).__name__

    def open_tensors(self) -> tuple[Argument, ...]:
        """The tensor arguments that ``from`` fills by position; all of them, unless a constant stands for one."""
        return self.tensors

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The names of the outputs of a call with these options, in Keras's order; the first is "output"."""
        return ("output",)

    @classmethod
    def elsewhere(cls, name: str) -> str | None:
        """Where a name belongs that is no argument of the constructor: most often to the call."""
        if name in cls.options:
            return f"it is an argument of the call: write call: {{{name}: ...}}"
        return super().elsewhere(name)

    @classmethod
    def inner_layers(cls) -> tuple[str, ...]:
        """The arguments that are layers themselves: a wrapper's layer, an RNN's cell or cells."""
        return _inner_layers(cls)

    def with_inner(self) -> "tuple[Layer, ...]":
        """The layer, and the layers in its arguments at any depth."""
        found: tuple[Layer, ...] = (self,)
        for name in self.inner_layers():
            value = getattr(self, name, None)
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Layer):
                    found += inner.with_inner()
        return found

    def switched_ports(self) -> dict[str, str]:
        """Ports that a constructor argument would add: name to what to set (``"return_state: true"``)."""
        return {}

    def nest(self, argument: str, tensors: Sequence[T]) -> list[Any]:
        """The list that Keras takes for a call argument that takes many; nested where Keras wants groups of them."""
        return list(tensors)

    def call(
        self, tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any], default_policy: Policy
    ) -> "Call":
        """The call of this layer with those inputs: its policy resolved, floats cast where Keras casts them."""
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

        Raises RuleError for whatever Keras refuses when it is called or, later, when it predicts.
        """
        return (Tensor(self.output_shape(call.shape), self.output_dtype(call)),)

    def has_gradient(self) -> bool:
        """Whether what stands before it can learn; what `graded` says, unless arguments decide."""
        return self.graded

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for one input's shape, batch axis included; the same by default."""
        return shape

    def output_dtype(self, call: Call) -> str:
        """The output's dtype; the compute dtype by default."""
        return call.policy.compute

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights that the first call creates, in the order of Keras's ``layer.weights``.

        Only asked for after `infer` has accepted the call. ``trainable`` of the layer is applied by the caller.
        """
        return ()

    def check_options(self, options: dict[str, Any]) -> Iterator[Problem]:
        """Problems of the constant call arguments beyond their types."""
        yield from ()

    def cautions(self, call: Call) -> Iterator[Problem]:
        """What is sound and yet does not run, or not as one would think: a warning each.

        Only asked for after `infer` has accepted the call. ``message`` and ``path`` are as those of a problem of the
        arguments.
        """
        yield from ()


def training_failure(layer: Layer, call: Call) -> Iterator[Problem]:
    """The caution of a call that ``predict`` can make and ``fit`` cannot."""
    try:
        layer.infer(replace(call, options={**call.options, "training": True}, built_for_inference=False))
    except RuleError as error:
        path = () if error.argument is None else (error.argument,)
        yield Problem("cannot-train", f"cannot train, where it {error.message}", path, error.help)


def _foreign_argument(cls: type[Layer], name: str, given: dict[str, Any]) -> Problem:
    from specc.argument_names import unknown_argument  # the table of names is for errors only

    return unknown_argument(cls, name, given)


@cache
def _inner_layers(cls: type[Layer]) -> tuple[str, ...]:
    return tuple(name for name, field in cls.argument_fields().items() if is_inner_layer(field))


def _cast(tensor: Tensor, dtype: str) -> Tensor:
    if tensor.dtype != dtype and is_float(tensor.dtype) and dtype != "string":  # no float can become a string
        return tensor._replace(dtype=dtype)
    return tensor


__all__ = ["Argument", "Call", "Initializer", "Layer", "Policy", "Weight"]


def ungraded(call: Call) -> Iterator[Problem]:
    """The caution of interpolation by areas, for which TensorFlow has no gradient."""
    if call.passes_gradients:
        yield Problem(
            "cannot-train",
            'cannot train what stands before it: interpolation "area" has no gradient',
            ("interpolation",),
            "set interpolation to bilinear",
        )


def unsaved_regularizer(layer: Layer) -> Iterator[Problem]:
    """The problem of an object as regularizer of a layer that Keras saves with plain values only."""
    if isinstance(layer.activity_regularizer, Arguments):
        yield Problem(
            "argument-clash",
            "activity_regularizer must be a name, since Keras cannot save this layer with an object",
            ("activity_regularizer",),
            "write l1, l2 or l1_l2, or put an ActivityRegularization layer behind it",
        )
