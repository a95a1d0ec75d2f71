"""Layers around another layer: both directions of time, and one layer at every time step."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeVar

from specc.arguments import InnerLayer
from specc.calls import Callee, Tracked
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import result_type
from specc.layers.accept import need_dense
from specc.layers.base import Argument, Call, Layer, Weight, example_of
from specc.layers.inner import inner_cautions, inner_names, inner_weights
from specc.layers.rnn import Recurrent
from specc.shapes import Dim, Shape, Tensor, broadcast, fits, is_float, need_rank, show_shape

T = TypeVar("T")

_RECURRENT = "a recurrent layer (SimpleRNN, LSTM, GRU, RNN or a ConvLSTM)"


class Bidirectional(Layer):
    """A recurrent layer run over the time steps in both directions, and the two outputs merged."""

    tensors = Recurrent.tensors
    options = {"training": bool | None}
    inner_prefixes = {"layer": "forward_"}
    inner_settled = frozenset({"zero_output_for_mask"})
    refused = {"weights": "load weights into the built model"}
    shape_rule = "(batch, time, n) -> what its layer gives, the last axis doubled by merge_mode concat"
    example = example_of("Bidirectional, layer: {type: LSTM, units: 4}", "[5, 3]")

    layer: InnerLayer
    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = "concat"
    backward_layer: InnerLayer | None = None

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        wrong = list(self._not_recurrent())
        yield from wrong or self._mismatches()

    def _not_recurrent(self) -> Iterator[Problem]:
        for argument, layer in (("layer", self.layer), ("backward_layer", self.backward_layer)):
            if layer is not None and not isinstance(layer, Recurrent):
                yield Problem(
                    "argument-value",
                    f"{argument} must be {_RECURRENT}, not {layer.type_name}",
                    (argument,),
                    "TimeDistributed applies any layer to each time step",
                )

    def _mismatches(self) -> Iterator[Problem]:
        forward, backward = self._directions()
        if self.backward_layer is None and forward.go_backwards:
            yield Problem(
                "argument-clash",
                "layer must not go backwards, since the copy for the other direction does",
                ("layer", "go_backwards"),
                "remove go_backwards from layer, or give backward_layer",
            )
        elif forward.go_backwards == backward.go_backwards:
            yield Problem(
                "argument-clash",
                "one of layer and backward_layer must go backwards, the other not",
                ("backward_layer",),
                "add go_backwards: true to backward_layer",
            )
        for flag in ("stateful", "return_sequences", "return_state"):
            if getattr(forward, flag) != getattr(backward, flag):
                yield Problem(
                    "argument-clash",
                    f"layer and backward_layer must have the same {flag}",
                    ("backward_layer",),
                    f"set {flag} to {str(getattr(forward, flag)).lower()} on backward_layer",
                )
        if forward.return_state and backward.return_state and len(forward.state_names()) != len(backward.state_names()):
            yield Problem(
                "argument-clash",
                "can return the states only of two layers with the same number of states",
                ("backward_layer",),
                "use the same type for both, or remove return_state",
            )
        if forward.stateful and forward.return_state:
            yield Problem(
                "argument-clash",
                "cannot wrap a layer that is stateful and returns its states",
                ("layer",),
                "remove stateful or return_state",
            )

    def _directions(self) -> tuple[Recurrent, Recurrent]:
        forward: Recurrent = self.layer
        backward: Recurrent = self.backward_layer or forward.model_copy(update={"go_backwards": True})
        return _with_zeros(forward), _with_zeros(backward)

    def _states(self) -> tuple[str, ...]:
        forward, backward = self._directions()
        names = [f"forward_{name}" for name in forward.state_names()]
        return (*names, *(f"backward_{name}" for name in backward.state_names()))

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The output, then the states."""
        outputs = ("output",) if self.merge_mode else ("forward_output", "backward_output")
        return (*outputs, *self._states()) if self.layer.return_state else outputs

    def switched_ports(self) -> dict[str, str]:
        """The ports that other arguments would add."""
        switched = {} if self.layer.return_state else dict.fromkeys(self._states(), "return_state: true in its layer")
        if self.merge_mode:
            switched |= dict.fromkeys(("forward_output", "backward_output"), "merge_mode: null")
        return switched

    def nest(self, argument: str, tensors: Sequence[T]) -> list[Any]:
        """The states, grouped as Keras expects them."""
        if argument != "initial_state":
            return list(tensors)
        half = len(tensors) // 2
        forward, backward = self._directions()
        return [*forward.nest(argument, tensors[:half]), *backward.nest(argument, tensors[half:])]

    def _calls(self, call: Call) -> tuple[tuple[Recurrent, Call], tuple[Recurrent, Call]]:
        """Each direction's layer and its call."""
        forward, backward = self._directions()
        states = call.many("initial_state")
        if states and len(states) != len(self._states()):
            raise ShapeError(
                f"has {len(self._states())} states, got {len(states)} in 'initial_state'",
                help=f"give them in this order: {', '.join(self._states())}",
                tensors=("initial_state",),
            )
        half = len(forward.state_names())
        if states and half != len(backward.state_names()):
            raise ShapeError(
                "cannot halve its initial states between layers with different numbers of states",
                help="use the same type for layer and backward_layer",
                tensors=("initial_state",),
            )
        both = [dict(call.tensors), dict(call.tensors)]
        if states:
            both[0]["initial_state"], both[1]["initial_state"] = states[:half], states[half:]
        options = call.options
        return (
            (forward, call.inner(forward, both[0], options)),
            (backward, call.inner(backward, both[1], options)),
        )

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        (forward, forward_call), (backward, backward_call) = self._calls(call)
        there, *states = forward.infer(forward_call)
        back, *back_states = backward.infer(backward_call)
        dtype = call.policy.compute
        shape = self._merged(there.shape, back.shape)
        for one, other in zip(states, back_states, strict=True):
            self._need_same(one.shape, other.shape)
        outputs = [Tensor(shape, dtype, mask=there.mask)] * (1 if self.merge_mode else 2)
        return (*outputs, *(Tensor(state.shape, state.dtype) for state in (*states, *back_states)))

    def _merged(self, there: Shape, back: Shape) -> Shape:
        """The output's shape."""
        if self.merge_mode in (None, "concat"):
            self._need_same(there, back)
        elif broadcast(there, back) != there:
            raise ShapeError(
                f"cannot merge {show_shape(there)} and {show_shape(back)} by {self.merge_mode}",
                argument="backward_layer",
                help="make layer and backward_layer give the same shape",
            )
        last = there[-1]
        return (*there[:-1], 2 * last) if self.merge_mode == "concat" and last is not None else there

    def _need_same(self, there: Shape, back: Shape) -> None:
        """ShapeError if the directions differ: Keras announces the forward layer's output for both."""
        if not fits(there, back):
            raise ShapeError(
                f"needs two directions of the same shape, got {show_shape(there)} and {show_shape(back)}",
                argument="backward_layer",
                help="make layer and backward_layer give the same shape",
            )

    def cautions(self, call: Call) -> Iterator[Problem]:
        """The cautions of both directions, or of the one layer that they share."""
        both = zip(("layer", "backward_layer"), self._calls(call), strict=True)
        for argument, (layer, inner) in both if self.backward_layer is not None else [*both][:1]:
            yield from inner_cautions(layer, inner, argument)

    def direction_names(self) -> tuple[str, str]:
        """The names of the layers of both directions, which Keras makes from one."""
        name, *further = inner_names([layer for layer in (self.layer, self.backward_layer) if layer is not None])
        back = further[0] if further else f"backward_{name.removeprefix('backward_')}"
        return f"forward_{name.removeprefix('forward_')}", back

    def tracked(self) -> Sequence[Tracked] | None:
        """The layers of both directions."""
        both = zip(("forward_layer", "backward_layer"), self.direction_names(), self._directions(), strict=True)
        return [Tracked(*each) for each in both]

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        for name, (layer, inner) in zip(self.direction_names(), self._calls(call), strict=True):
            yield from inner_weights(layer, inner, name)

    def inside(self) -> dict[str, tuple[tuple[str, Callee], ...]]:
        """Both directions; Keras makes a copy for each, but for a given backward layer."""
        there, back = zip(self.direction_names(), self._directions(), strict=True)
        return {"layer": (there,), "backward_layer": (back,)}

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """The calls of both directions, which are built for the sequences alone."""
        alone: dict[str, Tensor | tuple[Tensor, ...]] = {"sequences": call.tensor("sequences")}
        forward, backward = self._directions()
        return {"layer": (call.inner(forward, alone),), "backward_layer": (call.inner(backward, alone),)}


def _with_zeros(layer: Recurrent) -> Recurrent:
    """The layer of one direction, which gives zeros for masked steps if it gives sequences."""
    return layer.model_copy(update={"zero_output_for_mask": layer.return_sequences})


class TimeDistributed(Layer):
    """A layer applied to every time step by itself, always with the same weights."""

    tensors = (Argument("inputs"), Argument("mask", required=False))
    options = {"training": bool | None}
    shape_rule = "(batch, time, ...) -> (batch, time, what its layer makes of the rest)"
    example = example_of("TimeDistributed, layer: {type: Dense, units: 4}", "[5, 3]")

    layer: InnerLayer

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        layer: Layer = self.layer
        needed = [argument for argument in layer.tensor_arguments() if argument.required]
        if len(needed) != 1 or needed[0].many:
            what = (
                "no inputs" if not needed else f"a list in '{needed[0].name}'" if len(needed) == 1 else "several inputs"
            )
            yield Problem(
                "argument-value",
                f"cannot wrap {layer.type_name}, which takes {what}",
                ("layer",),
                "it gives its layer one tensor, a time step; a nested block with one input can contain the rest",
            )
        elif len(layer.ports({})) != 1:
            yield Problem(
                "argument-value",
                f"cannot wrap {layer.type_name} with {len(layer.ports({}))} outputs",
                ("layer",),
                "let the layer give one output: remove return_state, or set merge_mode"
                if layer.block is None
                else f"a wrapped block has one output: write outputs: [{(*layer.ports({}), '...')[0]}] in the block "
                f"'{layer.type_name}', or join them in it",
            )

    def _call(self, call: Call) -> Call:
        """The call of the inner layer at one time step."""
        inputs, mask = call.first, self._mask(call)
        tensors: dict[str, Tensor | tuple[Tensor, ...]] = {
            self.layer.tensor_arguments()[0].name: Tensor(_without_time(inputs.shape), inputs.dtype)
        }
        if mask is not None and any(argument.name == "mask" for argument in self.layer.tensor_arguments()):
            tensors["mask"] = Tensor(_without_time(mask.shape), mask.dtype)
        return call.inner(self.layer, tensors, call.options)

    def _mask(self, call: Call) -> Tensor | None:
        given = call.one("mask")
        if given is not None:
            return given
        return None if call.first.mask is None else Tensor(call.first.mask, "bool")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        shape, mask = call.shape, self._mask(call)
        if call.first.dtype == "string":
            raise DTypeError("cannot take strings", help="turn them into numbers before it, with a StringLookup layer")
        need_dense(call.first)
        need_rank(shape, 3, least=True)
        if mask is not None and not (len(mask.shape) >= 2 and fits(mask.shape[:2], shape[:2])):
            raise ShapeError(
                f"needs a mask whose shape begins with {show_shape(shape[:2])}, got {show_shape(mask.shape)}",
                help="a mask has one value for each time step: (batch, time)",
            )
        inner = self._call(call)
        (step,) = self.layer.infer(inner)
        dtype = self._dtype(call, inner, step.dtype)
        if not step.shape:
            raise ShapeError(f"needs a layer that keeps the batch axis; {self.layer.type_name} gives a scalar")
        output = Tensor(_with_time(step.shape, shape[1]), dtype, mask=None if mask is None else mask.shape)
        told = step.announced
        return (output if told is None else output.but(_with_time(told.shape, shape[1]), told.help),)

    def _dtype(self, call: Call, inner: Call, step: str) -> str:
        """The output's dtype; DTypeError if the inner layer cannot compute with its weights.

        ``step`` is the dtype that the inner layer gives by itself: neither layer casts integers.

        Keras calls the inner layer without its casts, so its inputs have this layer's compute dtype. Its weights keep
        their own dtype, unless the policy of this layer or of the model is mixed, which casts them.
        """
        own, within = call.policy, inner.policy
        if not isinstance(self.layer, Layer) or not self.layer.casts:  # it casts by itself
            return step
        has_weights = any(True for _ in self.layer.weights(inner))
        casts_weights = any(policy.compute != policy.variable for policy in (own, call.default_policy))
        if not is_float(call.first.dtype):
            promoted = has_weights and casts_weights and self.layer.unlike_weights == "promoted"
            return own.compute if promoted else step
        if not has_weights:
            return own.compute if is_float(step) else step
        weights = own.compute if casts_weights else within.variable
        match self.layer.unlike_weights:
            case "refused" if weights != own.compute:
                inside = self.layer.type_name
                raise DTypeError(
                    f"computes in {own.name}, and {inside} inside it in {within.name}",
                    argument="dtype" if self.dtype is not None else "layer",
                    help=f"give both the same dtype: {{type: TimeDistributed, dtype: {within.name}, layer: {{type: {inside}, dtype: {within.name}, ...}}}}",
                )
            case "promoted":
                return result_type(own.compute, weights)
            case "own":
                return within.compute
        return own.compute

    def cautions(self, call: Call) -> Iterator[Problem]:
        """The cautions of the inner layer."""
        yield from inner_cautions(self.layer, self._call(call), "layer")

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        return inner_weights(self.layer, self._call(call), inner_names([self.layer])[0])

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """The call of one time step."""
        return {"layer": (self._call(call),)}


def _with_time(step: Shape, time: Dim) -> Shape:
    return (step[0], time, *step[1:])


def _without_time(shape: Shape) -> Shape:
    return (shape[0], *shape[2:])
