"""Layers, their arguments, operations."""

from __future__ import annotations

from tests.growing.repeating import X, lines, listed, one

lines("layers", f"layers:\n- {X}\n", "- ReLU\n")
lines("layers with arguments", f"layers:\n- {X}\n", "- {type: Dense, units: 3, activation: relu}\n")
lines("layers of different sizes", f"layers:\n- {X}\n", "- {type: Dense, units: @}\n")
lines("layers with names", f"layers:\n- {X}\n", "- {type: Dense, units: 3, name: d@}\n")
lines("layers with values", f"vars: {{w: 3}}\nlayers:\n- {X}\n", "- {type: Dense, units: $w}\n")
lines("layers with expressions", f"vars: {{w: 3}}\nlayers:\n- {X}\n", "- {type: Dense, units: $(w * @)}\n")
lines("layers that fail", f"layers:\n- {X}\n", "- Dense\n")
lines("layers of the wrong rank", f"layers:\n- {X}\n", "- {type: Conv2D, filters: 1, kernel_size: 1, from: x}\n")
lines("unknown layers", f"layers:\n- {X}\n", "- Dens@\n")
lines("one unknown layer", f"layers:\n- {X}\n", "- Dens\n")
lines("unknown arguments", f"layers:\n- {X}\n", "- {type: ReLU, unist: @}\n")
lines("wrong arguments", f"layers:\n- {X}\n", "- {type: ReLU, max_value: a}\n")
lines("wrong activations", f"layers:\n- {X}\n", "- {type: Dense, units: 3, activation: rel@}\n")
lines("equal names", f"layers:\n- {X}\n", "- {type: ReLU, name: a}\n")
lines("names of another case", f"layers:\n- {X}\n", "- {type: ReLU, name: A@}\n- {type: ReLU, name: a@}\n")
lines("automatic names that are taken", f"layers:\n- {X}\n", "- {type: ReLU, name: re_lu_@}\n- ReLU\n")
lines("inputs", "layers:\n", "- {type: Input, name: x@, shape: [3]}\n")
lines("inputs joined", "layers:\n", "- {type: Input, name: x@, shape: [3]}\n", end="- {type: Add, name: a}\n")
lines("wrong inputs", "layers:\n", "- {type: Input, name: x@, shape: [0]}\n")
listed("a long shape", "layers: [{type: Input, shape: [", "1", "]}, ReLU]")
listed("a long wrong shape", "layers: [{type: Input, shape: [", "a", "]}, ReLU]")
listed("a long target", f"layers: [{X}, {{type: Reshape, target_shape: [", "1", "]}]")
listed("a long permutation", f"layers: [{X}, {{type: Permute, dims: [", "@", "]}]")
listed("a long mean", f"layers: [{X}, {{type: Normalization, variance: 1, mean: [", "@", "]}]")
listed(
    "a vocabulary", "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [", "w@", "]}]"
)
listed(
    "a vocabulary of one word",
    "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [",
    "a",
    "]}]",
)
listed(
    "a vocabulary of numbers",
    "layers: [{type: Input, shape: [3], dtype: int32}, {type: IntegerLookup, vocabulary: [",
    "@",
    "]}]",
)
listed(
    "a wrong vocabulary",
    "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [",
    "@",
    "]}]",
)
listed("bin boundaries", f"layers: [{X}, {{type: Discretization, bin_boundaries: [", "@", "]}]")
one("an equation", f"layers: [{X}, {{type: EinsumDense, output_shape: 3, equation: 'ab,bc->", "a", "'}]")
one("an equation of ellipses", f"layers: [{X}, {{type: EinsumDense, output_shape: 3, equation: '", "...", "'}]")
listed("an equation of operands", f"layers: [{X}, {{type: ops.einsum, from: x, subscripts: '", "ab", "->ab'}]")
listed(
    "a constant", f"layers: [{X}, {{type: Dense, units: 3, kernel_initializer: {{type: Constant, value: [", "1", "]}}]"
)
listed("cells", "layers: [{type: Input, shape: [3, 3]}, {type: RNN, cell: [", "{type: GRUCell, units: 3}", "]}]")
listed("wrong cells", "layers: [{type: Input, shape: [3, 3]}, {type: RNN, cell: [", "{type: GRUCel, units: 3}", "]}]")
listed("a pipeline", "layers: [{type: Input, shape: [3, 3, 3]}, {type: Pipeline, layers: [", "RandomFlip", "]}]")
lines(
    "wrappers",
    "layers:\n- {type: Input, shape: [3, 3]}\n",
    "- {type: TimeDistributed, layer: {type: Dense, units: 3}}\n",
)
lines(
    "deep wrappers",
    f"layers:\n- {{type: Input, shape: [{', '.join(['1'] * 7)}]}}\n",
    f"- {'{type: TimeDistributed, layer: ' * 80}ReLU{'}' * 80}\n",
)
lines("operations", f"layers:\n- {X}\n", "- ops.abs\n")
lines("operations of two", f"layers:\n- {X}\n", "- {type: ops.add, from: [x, x]}\n")
lines("unknown operations", f"layers:\n- {X}\n", "- ops.ab@\n")
listed("pads", f"layers: [{X}, {{type: ops.pad, pad_width: [", "[1, 1]", "]}]")
listed("constant calls", f"layers: [{X}, {{type: ReLU, call: {{", "k@: 1", "}}]")
lines(
    "frozen layers",
    "layers:\n- {type: Input, shape: [3, 3]}\n",
    "- {type: LSTM, units: 3, return_sequences: true, trainable: false}\n",
)
lines("losses of weight", f"layers:\n- {X}\n", "- {type: Dense, units: 3, kernel_regularizer: {type: L2, l2: 0.@}}\n")
lines("dtypes", f"layers:\n- {X}\n", "- {type: ReLU, dtype: float@}\n")
