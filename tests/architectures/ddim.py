"""The residual U-Net of DDIM."""

import math

import numpy as np
from keras import Input, Model, layers, ops

SOURCE = "Song et al., Denoising Diffusion Implicit Models, 2021"
LINK = "https://keras.io/examples/generative/ddim"
SMALL = {"size": 16, "widths": [4, 6, 8], "waves": 6}


def residual(x, width):
    y = layers.BatchNormalization(center=False, scale=False)(x)
    y = layers.Conv2D(width, 3, padding="same", activation="silu")(y)
    y = layers.Conv2D(width, 3, padding="same")(y)
    if x.shape[-1] != width:
        x = layers.Conv2D(width, 1)(x)
    return layers.Add()([y, x])


def waves_of(variance, waves, fastest):
    speeds = 2 * math.pi * np.exp(np.linspace(0, math.log(fastest), waves // 2)).astype("float32")
    angles = ops.multiply(speeds, variance)
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def build(size=64, widths=(32, 64, 96, 128), depth=2, waves=32, fastest=1000):
    image = Input((size, size, 3))
    variance = Input((1, 1, 1))
    level = layers.UpSampling2D(size)(waves_of(variance, waves, fastest))
    x = layers.Concatenate()([layers.Conv2D(widths[0], 1)(image), level])
    skips = []
    for width in widths[:-1]:
        for _ in range(depth):
            x = residual(x, width)
            skips.append(x)
        x = layers.AveragePooling2D(2)(x)
    for _ in range(depth):
        x = residual(x, widths[-1])
    for width in reversed(widths[:-1]):
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        for _ in range(depth):
            x = residual(layers.Concatenate()([x, skips.pop()]), width)
    return Model([image, variance], layers.Conv2D(3, 1, kernel_initializer="zeros")(x))
