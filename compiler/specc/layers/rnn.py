"""Recurrent layers, which run a cell over the time steps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import PlainValidator, WithJsonSchema

from specc.arguments import MOST_INNER_LAYERS, Arguments, TypeWords
from specc.calls import Callee, Tracked
from specc.diagnostics.problem import DTypeError, Problem, ProblemsError, RuleError, ShapeError
from specc.layers.accept import PLAIN, Kind, need_dense, need_kind
from specc.layers.base import Argument, Call, Weight, example_of
from specc.layers.inner import inner_names, under
from specc.layers.rnn_cells import (
    Cell,
    GRUSteps,
    LSTMSteps,
    SimpleSteps,
    StackedRNNCells,
    Steps,
    cell_call,
    need_states,
    not_a_cell,
)
from specc.shapes import Shape, Tensor, fits, need_known, need_rank, show_shape

T = TypeVar("T")
STEPS = "give each example a time axis, the first after the batch axis"


class Recurrent(Steps):
    """A layer that runs a cell over the time axis, the first after the batch axis."""

    tensors = (
        Argument("sequences"),
        Argument("initial_state", required=False, many=True),
        Argument("mask", required=False),
    )

    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    zero_output_for_mask: bool = False

    def cell_name(self) -> str:
        """The name of the inner cell, which is the prefix of the weights' names."""
        raise NotImplementedError

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The output, then the states."""
        return ("output", *self.state_names()) if self.return_state else ("output",)

    def switched_ports(self) -> dict[str, str]:
        """The ports that other arguments would add."""
        return {} if self.return_state else dict.fromkeys(self.state_names(), "return_state: true")

    def nest(self, argument: str, tensors: Sequence[T]) -> list[Any]:
        """The states, grouped as Keras expects them."""
        return self.nest_states(tensors) if argument == "initial_state" else list(tensors)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        shape, dtype = call.shape, call.policy.compute
        need_kind(call.first, self.step_takes(), "sequences", "an input")
        need_dense(call.first)
        need_rank(shape, self.step_rank() + 1, help=STEPS)
        if self.unroll and shape[1] is None:
            raise ShapeError(
                f"cannot unroll an unknown number of time steps, got {show_shape(shape)}",
                argument="unroll",
                help="give the time axis a number in the Input's shape, or remove unroll",
            )
        step = (shape[0], *shape[2:])
        states = self.step_states(step)
        if self.stateful and shape[0] is None:
            raise ShapeError(
                f"is stateful and needs a known batch size, got {show_shape(shape)}",
                argument="stateful",
                help="give the Input a batch_size",
            )
        if call.many("initial_state"):
            need_states(call.many("initial_state"), states, "initial_state")
        mask = self._mask(call)
        output = self.step_output(step)
        if self.return_sequences:
            output = (output[0], shape[1], *output[1:])
        first = Tensor(output, dtype, mask=mask if self.return_sequences else None)
        return (first, *(Tensor(state, dtype) for state in states)) if self.return_state else (first,)

    def _mask(self, call: Call) -> Shape | None:
        """The mask that is used: the given one, else that of the sequences.

        With an initial state Keras passes the latter on but does not use it.
        """
        given = call.one("mask")
        if given is not None:
            need_kind(given, PLAIN, "mask")
            need_mask(given.shape, call.shape)
            return given.shape
        mask = call.first.mask
        if mask is not None and not call.many("initial_state"):
            need_mask(mask, call.shape, came=True)
        return mask

    def tracked(self) -> Sequence[Tracked] | None:
        """The cell."""
        return [Tracked("cell", self.cell_name())]

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        shape = call.shape
        return under(self.cell_name(), self.step_weights(call, (shape[0], *shape[2:])))


def need_mask(mask: Shape, shape: Shape, *, came: bool = False) -> None:
    """ShapeError unless the mask has a value for each time step. ``came``: it came with the sequences."""
    if fits(mask, shape[:2]) or fits(mask, (*shape[:2], 1)):
        return
    if came:
        raise ShapeError(
            f"cannot use the mask {show_shape(mask)} that comes with its input {show_shape(shape)}",
            help=f"give it a mask of shape {show_shape(shape[:2])}, as in from: {{sequences: ..., mask: ...}}",
            tensors=("sequences",),
        )
    raise ShapeError(
        f"needs a mask of shape {show_shape(shape[:2])}, got {show_shape(mask)}",
        help="a mask has one value for each time step: (batch, time)",
        tensors=("sequences", "mask"),
    )


class _OfVectors(Recurrent):
    """A recurrent layer whose steps are vectors."""

    shape_rule = "(batch, time, n) -> (batch, units), or (batch, time, units) with return_sequences"

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        need_rank(call.shape, self.step_rank() + 1, help=STEPS)
        need_known(call.shape, -1, "to size its kernel")
        return super().infer(call)


class SimpleRNN(_OfVectors, SimpleSteps):
    """A fully connected recurrent layer whose output is fed back as its state."""

    example = example_of("SimpleRNN, units: 4", "[5, 3]")
    unsaved = frozenset({"seed"})

    def saved(self) -> dict[str, Any]:
        """None, whatever it was given: Keras's constructor drops the regularizer."""
        return {"activity_regularizer": None}

    def cell_name(self) -> str:
        """Keras's name for it."""
        return "simple_rnn_cell"


class _CuDNN(Arguments):
    """The argument of the layers that have a cuDNN kernel."""

    unsaved = frozenset({"use_cudnn", "implementation"})

    use_cudnn: Literal["auto"] | bool = "auto"


class LSTM(_CuDNN, _OfVectors, LSTMSteps):
    """Long short-term memory: a recurrent layer with three gates and a carry in addition to its state."""

    example = example_of("LSTM, units: 4", "[5, 3]")

    def cell_name(self) -> str:
        """Keras's name for it."""
        return "lstm_cell"

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        yield from _cudnn_problems(self)


class GRU(_CuDNN, _OfVectors, GRUSteps):
    """A gated recurrent unit: a recurrent layer with two gates."""

    example = example_of("GRU, units: 4", "[5, 3]")

    def cell_name(self) -> str:
        """Keras's name for it."""
        return "gru_cell"

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        yield from _cudnn_problems(self)
        if self.use_cudnn is True and not self.reset_after:
            yield _no_cudnn("reset_after: true")


def _cudnn_problems(layer: LSTM | GRU) -> Iterator[Problem]:
    if layer.use_cudnn is not True:
        return
    needs = {
        "activation: tanh": is_function(layer.activation, "tanh"),
        "recurrent_activation: sigmoid": is_function(layer.recurrent_activation, "sigmoid"),
        "use_bias: true": layer.use_bias,
        "recurrent_dropout: 0": layer.recurrent_dropout == 0,
        "unroll: false": not layer.unroll,
    }
    yield from (_no_cudnn(need) for need, met in needs.items() if not met)


def _no_cudnn(need: str) -> Problem:
    return Problem(
        "argument-clash",
        f"use_cudnn: true needs {need}",
        ("use_cudnn",),
        "remove use_cudnn, which is then chosen for you",
    )


def is_function(activation: Any, name: str) -> bool:
    """Whether an activation argument is the function of that name."""
    return activation == name or type(activation).__name__ == name


def _cell(value: Any) -> Callee:
    """A cell, or the stack for a list of cells."""
    from specc.layers import parse_inner  # the table of layers names this module

    if not isinstance(value, list | tuple):
        return parse_inner(value)
    if not value:
        raise ProblemsError([Problem("argument-value", "must be a cell or a list of one or more cells, not []")])
    if len(value) > MOST_INNER_LAYERS:
        said = f"must be a cell or a list of at most {MOST_INNER_LAYERS:,} cells, not of {len(value):,}"
        raise ProblemsError([Problem("argument-value", said)])
    cells, problems = [], []
    for index, item in enumerate(value):
        try:
            cells.append(parse_inner(item))
        except ProblemsError as error:
            problems += [problem.under(index) for problem in error.problems]
    if problems:
        raise ProblemsError(problems)
    stack, problems = StackedRNNCells.parse({"cells": cells})
    if stack is None:
        raise ProblemsError([replace(p, path=p.path[1:]) for p in problems])
    return stack


_INNER = {"x-ref": "#/$defs/inner_layer"}
_OneOrMoreCells = Annotated[
    Any,
    PlainValidator(_cell),
    WithJsonSchema({"anyOf": [_INNER, {"type": "array", "items": _INNER, "minItems": 1}]}),
    TypeWords("a cell or a list of cells"),
]


class _OfCells(Steps):
    cell: _OneOrMoreCells


class RNN(_OfVectors, _OfCells):
    """A recurrent layer around a cell, or around a list of cells that feed one another."""

    shape_rule = "(batch, time, n) -> (batch, m), or (batch, time, m) with return_sequences"
    example = example_of("RNN, cell: [{type: LSTMCell, units: 4}, {type: GRUCell, units: 2}]", "[5, 3]")

    @classmethod
    def inner_layers(cls) -> tuple[str, ...]:
        """The cell, which may be a list of cells."""
        return ("cell",)

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses, and arguments that do not work with the states of a stack."""
        yield from not_a_cell("cell", self.cell, ("cell",))
        if not isinstance(self.cell, StackedRNNCells):
            return
        if self.return_state and self.cell.depth() > 2:
            yield Problem(
                "argument-clash",
                "cannot return the states of stacks inside a stack",
                ("return_state",),
                "put the inner stack's cells into the outer one, or remove return_state",
            )
        # Keras mistakes a single cell's list of states, and a stack inside a stack, for the states of several cells.
        if self.unroll and any(isinstance(cell, StackedRNNCells) for cell in self.cell.cells):
            yield Problem(
                "argument-clash",
                "cannot unroll stacks inside a stack",
                ("unroll",),
                "put the inner stack's cells into the outer one, or remove unroll",
            )
        elif self.unroll and len(self.cell.cells) == 1 and len(self.cell.state_names()) > 1:
            yield Problem(
                "argument-clash",
                f"cannot unroll a stack of one {self.cell.cells[0].type_name}",
                ("unroll",),
                "give the cell itself, without a list, or remove unroll",
            )

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError unless the cells compute in one dtype, since one loop carries all their states."""
        cells = self.cell.cells if isinstance(self.cell, StackedRNNCells) else (self.cell,)
        computed = dict.fromkeys(call.inner(cell, {}).policy.compute for cell in cells)
        if len(computed) > 1:
            raise DTypeError(
                f"cannot run cells of {' and '.join(computed)} together",
                argument="cell",
                help="give all cells the same dtype, or an RNN each",
            )
        around = call.inner(self.cell, {}).policy.compute if isinstance(self.cell, StackedRNNCells) else None
        if around is not None and around not in computed:  # the stack casts their states to its own dtype
            (dtype,) = computed
            raise DTypeError(
                f"cannot run cells of {dtype} in a stack of {around}",
                argument="cell",
                help=f"give the stack their dtype: {{type: StackedRNNCells, dtype: {dtype}, cells: [...]}}",
            )
        if "initial_state" in call.tensors and any(_has_lone_state(cell) for cell in cells):
            raise RuleError(
                "cannot take states for a stack of one state that is itself in a stack: Keras loses the list around it",
                tensors=("initial_state",),
                help="put the inner stack's cells into the outer one",
            )
        return super().infer(call)

    def cell_name(self) -> str:
        """Keras's name for it."""
        return inner_names([self.cell])[0]

    def tracked(self) -> Sequence[Tracked] | None:
        """The cell, which is an argument."""
        return None

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """The call of one step."""
        return {"cell": (cell_call(call, self.cell, (call.shape[0], *call.shape[2:])),)}

    def state_names(self) -> tuple[str, ...]:
        """One port for each state."""
        return tuple(f"state_{index}" for index in range(len(self.cell.state_names())))

    def nest_states(self, states: Sequence[T]) -> list[Any]:
        """Each cell's states as a list, or a single state by itself."""
        cell: Cell = self.cell
        return cell.nest_states(states)

    def step_rank(self) -> int:
        """The rank of the cell's input."""
        cell: Cell = self.cell
        return cell.step_rank()

    def step_takes(self) -> tuple[Kind, ...]:
        """The kinds of values that the first cell accepts."""
        cell: Cell = self.cell
        return cell.step_takes()

    def step_states(self, step: Shape) -> tuple[Shape, ...]:
        """The states of the cells, in order."""
        cell: Cell = self.cell
        return cell.step_states(step)

    def step_output(self, step: Shape) -> Shape:
        """The last cell's output."""
        cell: Cell = self.cell
        return cell.step_output(step)

    def step_weights(self, call: Call, step: Shape) -> Iterator[Weight]:
        """The weights of the cells, in order."""
        cell: Cell = self.cell
        for weight in cell.weights(cell_call(call, cell, step)):
            yield weight._replace(trainable=weight.trainable and not cell.frozen)


def _has_lone_state(cell: Callee) -> bool:
    """Whether a cell is a stack with a single state, or contains such a stack."""
    if not isinstance(cell, StackedRNNCells):
        return False
    return len(cell.state_names()) == 1 or any(map(_has_lone_state, cell.cells))
