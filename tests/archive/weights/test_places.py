"""Where each weight of a model is in Keras's file: the groups of layers, of those inside them, and of nested models."""

from __future__ import annotations

from pathlib import Path

import keras

import specc
from specc.archive.weights.places import groups
from tests.support.archives import read
from tests.support.checking import spec

MODEL = """
    blocks:
      head:
        inputs: [u]
        layers:
          - {type: Dense, name: first, units: 2}
          - {type: BatchNormalization, name: norm}
        outputs: [norm]
    layers:
      - {type: Input, name: x, shape: [3, 2]}
      - {type: Bidirectional, name: both, layer: {type: GRU, units: 1, return_sequences: true}}
      - {type: Dense, name: early, units: 2, use_bias: false}
      - {type: head, name: one, nested: true}
      - {name: two, share: early}
      - {type: MultiHeadAttention, name: attend, num_heads: 1, key_dim: 2, use_bias: false, from: [two, one]}
      - {type: ops.multiply, name: doubled, from: [attend, attend]}
      - {type: RNN, name: cells, cell: [{type: SimpleRNNCell, units: 2}, {type: SimpleRNNCell, units: 1}]}
      - {type: TimeDistributed, name: each, layer: {type: Dense, units: 1}, from: early}
    outputs: [cells, each]
    """
GROUPS = """\
layers/input_layer (x)
layers/bidirectional (both)
layers/bidirectional/forward_layer (forward_gru)
layers/bidirectional/forward_layer/cell (gru_cell): both[0] = kernel, both[1] = recurrent_kernel, both[2] = bias
layers/bidirectional/backward_layer (backward_gru)
layers/bidirectional/backward_layer/cell (gru_cell): both[3] = kernel, both[4] = recurrent_kernel, both[5] = bias
layers/dense (early): early[0] = kernel
layers/functional (one)
layers/functional/layers/input_layer (u)
layers/functional/layers/dense (first): one[0] = kernel, one[1] = bias
layers/functional/layers/batch_normalization (norm): one[2] = gamma, one[3] = beta, one[4] = moving_mean, one[5] = moving_variance
layers/multi_head_attention (attend)
layers/multi_head_attention/query_dense (query): attend[0] = kernel
layers/multi_head_attention/key_dense (key): attend[1] = kernel
layers/multi_head_attention/value_dense (value): attend[2] = kernel
layers/multi_head_attention/output_dense (attention_output): attend[3] = kernel
layers/multi_head_attention/_softmax (softmax)
layers/multi_head_attention/_dropout_layer (dropout)
layers/rnn (cells)
layers/rnn/cell (stacked_rnn_cells)
layers/rnn/cell/cells/simple_rnn_cell (simple_rnn_cell): cells[0] = kernel, cells[1] = recurrent_kernel, cells[2] = bias
layers/rnn/cell/cells/simple_rnn_cell_1 (simple_rnn_cell_1): cells[3] = kernel, cells[4] = recurrent_kernel, cells[5] = bias
layers/time_distributed (each)
layers/time_distributed/layer (dense): each[0] = kernel, each[1] = bias
"""


def test_the_groups_of_layers() -> None:
    graph = specc.compile(spec(MODEL))
    lines = []
    for group in groups(graph):
        weights = ", ".join(f"{group.node}[{index}] = {weight.name}" for index, weight in group.weights)
        lines.append(f"{group.path} ({group.name})" + (f": {weights}" if weights else ""))
    assert "".join(f"{line}\n" for line in lines) == GROUPS


def test_the_groups_are_those_of_keras(tmp_path: Path) -> None:
    keras.utils.clear_session(free_memory=False)  # the layers inside layers are counted from the beginning
    specc.build(spec(MODEL)).save(tmp_path / "model.keras")
    saved = read(tmp_path / "model.keras").weights
    found = list(groups(specc.compile(spec(MODEL))))
    wanted = {path.removesuffix("/vars"): said["name"] for path, said in saved.items() if path.endswith("/vars")}
    assert {group.path: group.name for group in found} == wanted
    shapes = {f"{it.path}/vars/{place}": weight.shape for it in found for place, (_, weight) in enumerate(it.weights)}
    assert shapes == {path: value[0].shape for path, value in saved.items() if isinstance(value, tuple)}
