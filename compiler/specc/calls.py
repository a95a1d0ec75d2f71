"""What a node of a graph calls: its arguments, inputs, outputs and weights, and one call of it.

Keras's layers, the functions of ``keras.ops`` and the nested models of a spec are each a `Callee`; the compiler treats
them all alike.
"""

# Annotations are not postponed where arguments are declared: pydantic would evaluate each again from its string, for
# every subclass, and a cold check would take a quarter longer.

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from specc.arguments import Arguments, is_inner_layer
from specc.diagnostics.problem import Problem
from specc.policies import Policy
from specc.shapes import Shape, Tensor

__all__ = ["FLOAT32", "Argument", "Call", "Callee", "ModelsInside", "Policy", "Weight"]

T = TypeVar("T")


class Argument(NamedTuple):
    """A tensor argument of a layer's ``call``, as ``from`` fills it."""

    name: str
    required: bool = True
    many: bool = False
    """It takes a list of tensors."""
    least: int = 1
    """With ``many``: the minimum number."""
    most: int | None = None
    """With ``many``: the maximum number; None for any number."""


class Weight(NamedTuple):
    """A weight as Keras creates it. ``name`` is its path inside the layer: "kernel", "lstm_cell/kernel"."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool = True
    initializer: Any = "zeros"
    argument: str | None = None
    """What the names of the arguments about it begin with, if that does not follow from its own name."""
    fans: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    """The axes that count as inputs and as outputs for an initializer that does not say it; None for the last two."""

    @property
    def role(self) -> str:
        """What the names of the arguments about it begin with.

        >>> Weight("lstm_cell/kernel", (), "float32").role, Weight("pointwise_kernel", (), "float32").role
        ('kernel', 'pointwise')
        """
        return self.argument or self.name.rpartition("/")[2].removesuffix("_kernel")


class Tracked(NamedTuple):
    """A layer inside another, as Keras tracks it and its files name it."""

    attribute: str
    """The attribute of the outer layer that has it."""
    name: str
    """Its name, which the names of its weights begin with; empty if it is automatic, or that of the outer layer."""
    layer: "Callee | None" = None
    """None for a layer that Keras makes for itself."""
    type: str = ""
    """The type of a layer that Keras makes for itself and gives an automatic name."""


FLOAT32 = Policy.named("float32")


class ModelsInside(Protocol):
    """Infers the nested models of a graph, call by call."""

    def infer(self, model: "Callee", given: dict[str, Tensor], policy: Policy) -> tuple[Tensor, ...]:
        """The outputs of a call of a model on the given tensors, by the model's inputs."""

    def weights(self, model: "Callee") -> Iterable[Weight]:
        """The weights of a model that was called."""


@dataclass(slots=True)
class Call:
    """One call of a layer, as its rules see it.

    ``tensors`` has what each call argument gets (a tuple if the argument takes many), with
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
    models: "ModelsInside | None" = None
    """The nested models that the layer is or contains."""

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

    def tensor(self, name: str) -> Tensor:
        """The tensor given for a call argument that needs one."""
        value = self.tensors[name]
        return value if isinstance(value, Tensor) else value[0]

    def many(self, name: str = "inputs") -> tuple[Tensor, ...]:
        """The tensors given for a call argument that takes a list."""
        value = self.tensors.get(name, ())
        return (value,) if isinstance(value, Tensor) else value

    def inner(
        self, layer: "Callee", tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any] | None = None
    ) -> "Call":
        """The call that a wrapper makes of the layer inside it, cast to that layer's dtype."""
        call = layer.call(tensors, options or {}, self.default_policy)
        call.passes_gradients = self.passes_gradients
        call.models = self.models
        return call


class Callee(Arguments):
    """What a node calls: its constant arguments as fields, its rules as methods."""

    options: ClassVar[dict[str, Any]] = {}
    """The constant arguments of the call: name to type. ``{"training": bool}``"""
    port_options: ClassVar[dict[str, str]] = {}
    """Ports that a boolean call argument switches on: ``{"scores": "return_attention_scores"}``."""
    shape_rule: ClassVar[str] = ""
    """The shape rule in words, for the documentation: "(batch, ..., units)"."""
    example: ClassVar[str] = ""
    """A spec in YAML that uses it and builds; for the documentation, and run by the tests."""
    allowed_in_sequential: ClassVar[bool] = True
    """Whether a ``Sequential`` can contain it: layers and models can be in one, operations cannot."""
    graded: ClassVar[bool] = True
    """Whether it has a gradient, so that the layers before it can learn."""
    any_batch: ClassVar[bool] = False
    """Whether it passes the batch axis on and none of its rules reads its size: its results for an open batch are
    also those for every batch size."""

    ctor_ignores_trainable: ClassVar[bool] = False
    """Whether Keras's constructor leaves the layers that it creates inside trainable despite ``trainable=False``."""
    ctor_drops_trainable: ClassVar[bool] = False
    """Whether the constructor of Keras's class takes ``trainable: false`` and forgets it."""

    @property
    def type_name(self) -> str:
        """What a spec calls the type: "Dense", "ops.matmul", the name of a block."""
        return self.keras_name()

    @property
    def block(self) -> str | None:
        """The block that a nested model is made from; None for a class of Keras."""
        return None

    @property
    def own_name(self) -> str | None:
        """The name that it was given as an argument of another layer; in a graph it has its node's name."""
        return None

    @property
    def frozen(self) -> bool:
        """Whether ``trainable: false`` keeps its weights unchanged."""
        return False

    @classmethod
    def tensor_names(cls) -> list[str]:
        """The tensors that a call takes; those of a nested model are its block's."""
        return [*(argument.name for argument in getattr(cls, "tensors", ())), *cls.tensors_in_list()]

    @classmethod
    def hint_for_unknown(cls, name: str) -> str | None:
        """A help for a name that is not an argument of the constructor: most often it belongs to the call."""
        if name in cls.options:
            return f"it is an argument of the call: write call: {{{name}: ...}}"
        return super().hint_for_unknown(name)

    # -- Inputs and outputs ----------------------------------------------------------------------

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """The tensor arguments of the call, in Keras's order."""
        raise NotImplementedError

    def open_tensors(self) -> tuple[Argument, ...]:
        """The tensor arguments that ``from`` fills by position; all of them, unless a constant replaces one."""
        return self.tensor_arguments()

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The names of the outputs of a call with these options, in Keras's order; the first is "output"."""
        return ("output",)

    def switched_ports(self) -> dict[str, str]:
        """Ports that a constructor argument would add: name to what to set (``"return_state: true"``)."""
        return {}

    def nest(self, argument: str, tensors: Sequence[T]) -> list[Any]:
        """The list that Keras takes for an argument of many tensors; nested if Keras expects groups of them."""
        return list(tensors)

    # -- Layers inside ---------------------------------------------------------------------------

    @classmethod
    def inner_layers(cls) -> tuple[str, ...]:
        """The arguments that are layers themselves: a wrapper's layer, an RNN's cell or cells."""
        return _inner_layers(cls)

    def with_inner(self) -> "tuple[Callee, ...]":
        """Itself, and the layers in its arguments at any depth."""
        found: tuple[Callee, ...] = (self,)
        for name in self.inner_layers():
            value = getattr(self, name, None)
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Callee):
                    found += inner.with_inner()
        return found

    def inner_calls(self, call: Call) -> "dict[str, tuple[Call | None, ...]]":
        """The calls that build the layers in its arguments, by argument; None for a layer that this does not build."""
        return {}

    def tracked(self) -> "Sequence[Tracked] | None":
        """The layers inside; None for those in its arguments, under the arguments' names."""
        return None

    def own_weights(self, weights: "Sequence[Weight]") -> "Sequence[Weight]":
        """The weights that a file has for the layer itself, in the file's order; ``weights`` are all of its weights."""
        return [weight for weight in weights if "/" not in weight.name]

    def saved_call(self, call: Call) -> dict[str, Any]:
        """What Keras's ``get_config`` gives of a layer that was called so, beyond its arguments (`saved`)."""
        return {}

    # -- A call ----------------------------------------------------------------------------------

    def call(
        self, tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any], default_policy: Policy
    ) -> Call:
        """The call with those inputs as Keras makes it, given the model's policy."""
        return Call(tensors, options, default_policy, default_policy)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of a call, one for each of `ports`.

        Raises RuleError for everything that Keras refuses in a call or, later, in predict.
        """
        raise NotImplementedError

    def scratch(self, call: Call) -> int:
        """The bytes that Keras needs to compute a call, if they may be far more than its inputs and outputs have."""
        return 0

    def has_gradient(self) -> bool:
        """Whether the layers before it can learn; the value of `graded`, unless arguments decide."""
        return self.graded

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights that the first call creates, in the order of Keras's ``layer.weights``.

        Only called after `infer` has accepted the call. The caller applies `frozen`.
        """
        return ()

    def check_options(self, options: dict[str, Any]) -> Iterator[Problem]:
        """Problems of the constant call arguments beyond their types."""
        yield from ()

    def cautions(self, call: Call) -> Iterator[Problem]:
        """What is valid but does not run, or not as expected: a warning each.

        Only called after `infer` has accepted the call. ``message`` and ``path`` are as for a problem of the arguments.
        """
        yield from ()


@cache
def _inner_layers(cls: type[Callee]) -> tuple[str, ...]:
    return tuple(name for name, field in cls.argument_fields().items() if is_inner_layer(field))
