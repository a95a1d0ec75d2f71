"""What an unknown layer type was meant to be: the help is the type or the item to write instead."""

from __future__ import annotations

import pytest

from specc import layers
from specc.arguments import kinds


@pytest.mark.parametrize(("written", "help"), [
    ("Linear", "write Dense, which PyTorch calls Linear"),
    ("nn.Linear", "write Dense, which PyTorch calls Linear"),
    ("BatchNorm2d", "write BatchNormalization, which PyTorch calls BatchNorm2d; its momentum is 1 minus PyTorch's"),
    ("Deconvolution2D", "write Conv2DTranspose, which Keras 1 calls Deconvolution2D"),
    ("Conv2d", "did you mean 'Conv2D'?"),
    ("keras.layers.Dense", "did you mean 'Dense'?"),
    ("GELU", "write {type: Activation, activation: gelu}"),
    ("sigmoid", "write {type: Activation, activation: sigmoid}"),
    ("MatMul", "write ops.matmul"),
    ("tf.nn.softmax", "write ops.softmax"),
    ("tf.reduce_mean", "write ops.mean, which TensorFlow calls reduce_mean"),
    ("ops.gather", "write ops.take, which TensorFlow calls gather"),
    ("ops.concat", "write ops.concatenate"),
    ("Upsample", "write UpSampling2D; scale_factor is size; or UpSampling1D, UpSampling3D; to a given size: Resizing"),
    ("InstanceNormalization", "write {type: GroupNormalization, groups: -1}; one group for each channel"),
    ("adam", '"adam" is an optimizer: it goes under \'compile\', as in compile: {optimizer: ...}'),
    ("he_normal", '"he_normal" is an initializer: it is an argument of a layer'),
    ("Dense(10)", "write {type: Dense, units: 10}"),
    ("layers.Dense(units=10, activation='relu')", "write {type: Dense, units: 10, activation: relu}"),
    ("nn.Conv2d(3, 64, kernel_size=(3, 3), bias=False)", "write {type: Conv2D, filters: 64, kernel_size: [3, 3], use_bias: false}"),
    ("Conv2D(32, 3, kernel_regularizer=l2(0.01))", "write {type: Conv2D, filters: 32, kernel_size: 3, kernel_regularizer: {type: l2, l2: 0.01}}"),
    ("Dense(10)(x)", "write {type: Dense, units: 10, from: x}"),
    ("Bidirectional(LSTM(8))", "write {type: Bidirectional, layer: {type: LSTM, units: 8}}"),
    ("DropoutLayer", "did you mean 'Dropout'?"),
    ("SoftmaxWithLoss", "write Softmax, which Caffe calls SoftmaxWithLoss; the loss goes under 'compile'"),
    ("a Dense layer", "did you mean 'Dense'?"),
    ("Dense - ReLU", "write an item for each, their dashes in one column: - Dense, - ReLU"),
    ("Dense 10 relu", "write {type: Dense, units: 10, activation: relu}"),
    ("ResNet50", "a spec cannot contain networks with trained weights: list the layers of the network, as a block, and load weights "
     "with specc build --weights FILE"),
    ("lambda x: x * 2", "a spec contains no code; write an operation (type: ops.NAME), or a layer class in a plugin"),
])  # fmt: skip
def test_help_for_types(written: str, help: str) -> None:
    assert layers.unknown(written).help == help


@pytest.mark.parametrize(("name", "known"), [
    ("Dense", "Dense"),
    ("keras.layers.Dense", "Dense"),
    ("conv2d", "Conv2D"),
    ("nn.Linear", "Dense"),
    ("tf.reduce_mean", "ops.mean"),
    ("GELU", None),  # it takes an argument besides the type
    ("adam", None),
])  # fmt: skip
def test_the_type_that_a_name_stands_for(name: str, known: str | None) -> None:
    assert kinds.layer_type(name) == known


def test_blocks_are_types_too() -> None:
    assert layers.unknown("residaul", ["residual"]).help == "did you mean 'residual'?"
