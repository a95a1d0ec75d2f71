"""The implicit quantile network."""

import math

import numpy as np
from keras import Input, Model, initializers, layers, ops

SOURCE = "Dabney et al., Implicit Quantile Networks for Distributional Reinforcement Learning, 2018"
LINK = "https://github.com/google/dopamine"
SMALL = {"actions": 3, "cosines": 5, "units": 6, "filters": [3, 4, 5]}


def build(actions=18, cosines=64, units=512, filters=(32, 64, 64), kernels=(8, 4, 3), strides=(4, 2, 1)):
    def dense(units, activation=None):
        return layers.Dense(units, activation=activation, kernel_initializer=initializer())

    def initializer():
        return initializers.VarianceScaling(1 / math.sqrt(3), "fan_in", "uniform")

    frames = Input((84, 84, 4), dtype="uint8")
    quantiles = Input((None,))
    x = layers.Rescaling(1 / 255)(frames)
    for count, kernel, stride in zip(filters, kernels, strides, strict=True):
        x = layers.Conv2D(count, kernel, stride, padding="same", activation="relu", kernel_initializer=initializer())(x)
    state = layers.Flatten()(x)
    speeds = math.pi * np.arange(1, cosines + 1, dtype="float32")
    asked = dense(state.shape[-1], "relu")(ops.cos(ops.multiply(speeds, quantiles[..., None])))
    x = dense(units, "relu")(state[:, None] * asked)
    returns = dense(actions)(x)
    return Model([frames, quantiles], {"returns": returns, "values": ops.mean(returns, axis=1)})
