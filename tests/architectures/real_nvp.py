"""Real NVP."""

import numpy as np
from keras import Input, Model, layers, ops, regularizers

SOURCE = "Dinh et al., Density estimation using Real NVP, 2017"
LINK = "https://keras.io/examples/generative/real_nvp"
EQUAL = "results: by hand, the nets are a Model that is called twice"
SMALL = {"couplings": 4, "units": 6, "depth": 2}


def coupling(units, depth, regularization):
    point = Input((2,))
    results = []
    for activation in ("tanh", "linear"):
        x = point
        for _ in range(depth):
            x = layers.Dense(units, activation="relu", kernel_regularizer=regularizers.L2(regularization))(x)
        x = layers.Dense(2, activation=activation, kernel_regularizer=regularizers.L2(regularization))(x)
        results.append(x)
    return Model(point, results)


def build(couplings=6, units=256, depth=4, regularization=0.01):
    nets = [coupling(units, depth, regularization) for _ in range(couplings)]
    kept = np.array([[i % 2, 1 - i % 2] for i in range(couplings)], dtype="float32")

    point, noise = Input((2,)), Input((2,))
    z, log_det = point, 0.0
    for net, keep in zip(nets, kept, strict=True):
        scale, shift = net(z * keep)
        scale, shift = scale * (1 - keep), shift * (1 - keep)
        z = (z - shift) * ops.exp(-scale) * (1 - keep) + z * keep
        log_det = log_det - ops.sum(scale, axis=-1)

    x = noise
    for net, keep in zip(reversed(nets), reversed(kept), strict=True):
        scale, shift = net(x * keep)
        x = (x * ops.exp(scale * (1 - keep)) + shift) * (1 - keep) + x * keep
    return Model([point, noise], {"noise": z, "log_det": log_det, "point": x})
