"""The cells of recurrent layers: what happens at one time step."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, Field

from specc.arguments import (
    Activation,
    Constraint,
    Fraction,
    Initializer,
    InnerLayer,
    Integer,
    PositiveInt,
    Regularizer,
    TypeWords,
    freeze,
)
from specc.diagnostics.problem import Problem, ShapeError
from specc.layers.accept import FLOATS, PLAIN, Kind, need_dense, need_kind
from specc.layers.base import Argument, Call, Layer, Weight
from specc.layers.inner import inner_names, inner_weights
from specc.layers.weight_arguments import WithBias, WithKernel
from specc.shapes import Shape, Tensor, broadcast, fits, need_known, need_rank, show_shape

T = TypeVar("T")

CELLS = "SimpleRNNCell, LSTMCell, GRUCell or StackedRNNCells"
"""Keras's cells, as messages name them."""


class Steps(Layer):
    """What happens at one time step: what a cell and the layer that runs it over a sequence share."""

    options = {"training": bool | None}

    def step_rank(self) -> int:
        """The rank of the input of one step, batch axis included."""
        return 2

    def step_takes(self) -> tuple[Kind, ...]:
        """The kinds of values that a step computes with."""
        return PLAIN

    def step_states(self, step: Shape) -> tuple[Shape, ...]:
        """The shapes of the states, for a step's input; RuleError for an input that does not fit."""
        raise NotImplementedError

    def step_output(self, step: Shape) -> Shape:
        """The shape of a step's output."""
        return self.step_states(step)[0]

    def step_weights(self, call: Call, step: Shape) -> Iterator[Weight]:
        """The weights for a step's input, in Keras's order."""
        raise NotImplementedError

    def state_names(self) -> tuple[str, ...]:
        """The ports of the states."""
        return ("state",)

    def nest_states(self, states: Sequence[T]) -> list[Any]:
        """The states, which specc has in one list, as Keras groups them."""
        return list(states)


class Cell(Steps):
    """One step of a recurrent layer as a layer: input and states to output and new states."""

    announces_dtype = True
    tensors = (Argument("inputs"), Argument("states", many=True))

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The output, then the states."""
        return ("output", *self.state_names())

    def nest(self, argument: str, tensors: Sequence[T]) -> list[Any]:
        """The states, grouped as Keras expects them."""
        return self.nest_states(tensors) if argument == "states" else list(tensors)

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        return self.step_weights(call, call.shape)


def need_states(states: Sequence[Tensor], wanted: Sequence[Shape], argument: str) -> None:
    """ShapeError unless the states have the expected shapes."""
    if len(states) != len(wanted):
        raise ShapeError(
            f"has {len(wanted)} state{'s' * (len(wanted) > 1)}, got {len(states)} in '{argument}'",
            help=f"give {', '.join(map(show_shape, wanted))}",
            tensors=(argument,),
        )
    for state, shape in zip(states, wanted, strict=True):
        need_kind(state, PLAIN, argument, "a state")
        if not fits(state.shape, shape):
            raise ShapeError(
                f"needs a state of shape {show_shape(shape)} in '{argument}', got {show_shape(state.shape)}",
                help="take it from a layer with the same number of units" if len(shape) == 2 else None,
                tensors=(argument,),
            )


# -- What the built-in cells compute -------------------------------------------------------------


class Weighted(Steps, WithKernel, WithBias):
    """The arguments that all of Keras's cells have."""

    activation: Activation | None = "tanh"
    use_bias: bool = True
    recurrent_initializer: Initializer = "orthogonal"
    recurrent_regularizer: Regularizer | None = None
    recurrent_constraint: Constraint | None = None
    dropout: Fraction = 0.0
    recurrent_dropout: Fraction = 0.0
    seed: Integer | None = None

    def step_takes(self) -> tuple[Kind, ...]:
        """Dropout scales the input, so it cannot be integers."""
        return FLOATS if 0 < self.dropout < 1 else PLAIN

    def step_kernels(
        self, call: Call, kernel: tuple[int, ...], recurrent: tuple[int, ...], bias: tuple[int, ...]
    ) -> Iterator[Weight]:
        """The weights of these shapes."""
        dtype = call.policy.variable
        yield Weight("kernel", kernel, dtype, initializer=self.kernel_initializer)
        yield Weight("recurrent_kernel", recurrent, dtype, initializer=self.recurrent_initializer)
        if self.use_bias:
            yield Weight("bias", bias, dtype, initializer=self.bias_initializer)


class _DenseSteps(Weighted):
    """A step whose input and states are vectors."""

    gates: ClassVar[int] = 1
    """The number of kernels of ``units`` columns that are side by side."""

    units: PositiveInt

    def step_states(self, step: Shape) -> tuple[Shape, ...]:
        """States of ``units`` values."""
        need_known(step, -1, "to size its kernel")
        return ((*step[:-1], self.units),) * len(self.state_names())

    def step_weights(self, call: Call, step: Shape) -> Iterator[Weight]:
        width = need_known(step, -1, "to size its kernel")
        columns = self.gates * self.units
        return self.step_kernels(call, (width, columns), (self.units, columns), self.bias_shape())

    def bias_shape(self) -> tuple[int, ...]:
        """The shape of the bias."""
        return (self.gates * self.units,)


class SimpleSteps(_DenseSteps):
    """The step of SimpleRNN."""


class LSTMSteps(_DenseSteps):
    """The step of LSTM."""

    gates = 4

    recurrent_activation: Activation | None = "sigmoid"
    unit_forget_bias: bool = True
    implementation: Integer = 2

    def state_names(self) -> tuple[str, ...]:
        """The hidden state and the carry."""
        return "state_h", "state_c"


class GRUSteps(_DenseSteps):
    """The step of GRU."""

    gates = 3

    recurrent_activation: Activation | None = "sigmoid"
    reset_after: bool = True
    implementation: Integer = 2

    def bias_shape(self) -> tuple[int, ...]:
        """Two rows with ``reset_after``, one for each kernel."""
        columns = self.gates * self.units
        return (2, columns) if self.reset_after else (columns,)


# -- Cells ---------------------------------------------------------------------------------------


class _DenseCell(Cell, _DenseSteps):
    """A cell whose input and states are vectors, in a separate graph."""

    shape_rule = "(batch, n) and states of (batch, units) -> (batch, units) and new states"
    multiplied: ClassVar[str] = ""
    """The state that Keras multiplies without a cast, so it must contain floats."""

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        inputs, states = call.first, call.many("states")
        for tensor in (inputs, *states):
            need_dense(tensor, sparse=True)
        always = self.gates == 1  # SimpleRNNCell makes its dropout masks outside training too
        need_kind(inputs, self.step_takes() if always else PLAIN, self.tensors[0].name, "an input")
        need_rank(inputs.shape, 2, least=True)
        wanted = self.step_states(inputs.shape)
        if len(states) != len(wanted):
            need_states(states, wanted, "states")
        lead: Shape | None = inputs.shape[:-1]
        for name, state in zip(self.state_names(), states, strict=True):
            dropped = always and 0 < self.recurrent_dropout < 1
            kinds = FLOATS if dropped or name == self.multiplied else PLAIN
            need_kind(state, kinds, "states", "a state")
            joined = broadcast(lead or (), state.shape[:-1])
            if joined is None or len(state.shape) < 2 or state.shape[-1] not in (self.units, None):
                need_states([state], [(*inputs.shape[:-1], self.units)], "states")
            lead = joined
        assert lead is not None
        if len(lead) > 1 and not self._any_rank():
            need_rank((*lead, self.units), 2)
        return (Tensor((*lead, self.units), call.policy.compute),) * (1 + len(wanted))

    def _any_rank(self) -> bool:
        """Keras splits its fused kernels on axis 1; with recurrent dropout it uses them one by one."""
        return self.gates == 1 or self.recurrent_dropout > 0


_CELL_EXAMPLE = """layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Input, name: state, shape: [4]}
  - {type: %s, units: 4, from: {%s: x, states: [%s]}}
"""


class SimpleRNNCell(_DenseCell, SimpleSteps):
    """One step of a SimpleRNN."""

    tensors = (Argument("sequence"), Argument("states", many=True, most=1))
    example = _CELL_EXAMPLE % ("SimpleRNNCell", "sequence", "state")


class LSTMCell(_DenseCell, LSTMSteps):
    """One step of an LSTM; its states are the hidden state and the carry."""

    unsaved = frozenset({"implementation"})
    tensors = (Argument("inputs"), Argument("states", many=True, least=2, most=2))
    multiplied = "state_c"
    example = _CELL_EXAMPLE % ("LSTMCell", "inputs", "state, state")


class GRUCell(_DenseCell, GRUSteps):
    """One step of a GRU."""

    unsaved = frozenset({"implementation"})
    tensors = (Argument("inputs"), Argument("states", many=True, most=1))
    multiplied = "state"
    example = _CELL_EXAMPLE % ("GRUCell", "inputs", "state")


_Cells = Annotated[
    tuple[InnerLayer, ...], BeforeValidator(freeze), Field(min_length=1), TypeWords("a list of one or more cells")
]


class StackedRNNCells(Cell):
    """Several cells as one, each fed by the output of the one before."""

    shape_rule = "(batch, n) and each cell's states -> the last cell's output and all new states"
    example = (
        "layers:\n"
        "  - {type: Input, name: x, shape: [5, 3]}\n"
        "  - type: RNN\n"
        "    cell: {type: StackedRNNCells, cells: [{type: LSTMCell, units: 4}, {type: GRUCell, units: 2}]}\n"
    )

    cells: _Cells

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        for index, cell in enumerate(self.cells):
            yield from not_a_cell("every cell", cell, ("cells", index))

    def depth(self) -> int:
        """How deep Keras nests its states: 1 if each cell has one state."""
        return 1 + max(
            cell.depth() if isinstance(cell, StackedRNNCells) else len(cell.state_names()) > 1 for cell in self.cells
        )

    def state_names(self) -> tuple[str, ...]:
        """One port for each state."""
        return tuple(f"state_{index}" for index in range(sum(len(cell.state_names()) for cell in self.cells)))

    def nest_states(self, states: Sequence[T]) -> list[Any]:
        """Each cell's states as a list, or a single state by itself."""
        nested: list[Any] = []
        for cell, group in zip(self.cells, self._groups(states), strict=True):
            single = len(group) == 1 and not isinstance(cell, StackedRNNCells)
            nested.append(group[0] if single else cell.nest_states(group))
        return nested

    def _groups(self, states: Sequence[T]) -> Iterator[Sequence[T]]:
        """Each cell's states."""
        start = 0
        for cell in self.cells:
            end = start + len(cell.state_names())
            yield states[start:end]
            start = end

    def step_takes(self) -> tuple[Kind, ...]:
        """The kinds of values that the first cell accepts."""
        first: Cell = self.cells[0]
        return first.step_takes()

    def _chain(self, step: Shape) -> Iterator[tuple[Cell, Shape]]:
        """Each cell and the shape of its input."""
        for cell in self.cells:
            yield cell, step
            step = cell.step_output(step)

    def step_states(self, step: Shape) -> tuple[Shape, ...]:
        """The states of the cells, in order."""
        return tuple(state for cell, shape in self._chain(step) for state in cell.step_states(shape))

    def step_output(self, step: Shape) -> Shape:
        """The last cell's output."""
        *_, (last, shape) = self._chain(step)
        return last.step_output(shape)

    def step_weights(self, call: Call, step: Shape) -> Iterator[Weight]:
        """The weights of the cells, in order."""
        for name, (cell, shape) in zip(inner_names(self.cells), self._chain(step), strict=True):
            yield from inner_weights(cell, cell_call(call, cell, shape), name)

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """A call of each cell on the output of the one before."""
        return {"cells": tuple(cell_call(call, cell, shape) for cell, shape in self._chain(call.shape))}

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        tensor, states = call.first, call.many("states")
        if len(states) != len(self.state_names()):
            need_states(states, self.step_states(call.shape), "states")
        new: list[Tensor] = []
        for cell, group in zip(self.cells, self._groups(states), strict=True):
            tensor, *after = cell.infer(
                call.inner(cell, {cell.tensor_arguments()[0].name: tensor, "states": tuple(group)})
            )
            new += after
        return (tensor, *new)


def cell_call(call: Call, cell: Cell, step: Shape) -> Call:
    """The call of a cell to size its weights, made from the call of the layer around it."""
    return call.inner(cell, {cell.tensor_arguments()[0].name: Tensor(step, call.first.dtype)})


def not_a_cell(what: str, layer: Layer, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """The problem of a layer used instead of a cell."""
    if isinstance(layer, Cell):
        return
    name = layer.type_name
    hint = f"{name} is a whole layer; write {name}Cell for its cell" if name in ("SimpleRNN", "LSTM", "GRU") else None
    yield Problem("argument-value", f"{what} must be {CELLS}, not {name}", path, hint)
