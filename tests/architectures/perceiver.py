"""Perceiver, for images."""

import math

from keras import Input, Model, layers, ops

SOURCE = "Jaegle et al., Perceiver: General Perception with Iterative Attention, 2021"
LINK = "https://keras.io/examples/vision/perceiver_image_classification"
SMALL = {
    "size": 8,
    "classes": 3,
    "patch": 2,
    "latents": 5,
    "width": 8,
    "heads": 2,
    "depth": 2,
    "iterations": 3,
    "dropout": 0.1,
}


def norm():
    return layers.LayerNormalization(epsilon=1e-6)


class Perceptron:
    def __init__(self, width, units, dropout):
        self.layers = [layers.Dense(width, activation="gelu"), layers.Dense(units), layers.Dropout(dropout)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class CrossAttention:
    def __init__(self, width, dropout):
        self.norm_latents, self.norm_data, self.norm = norm(), norm(), norm()
        self.query, self.key, self.value = (layers.Dense(width) for _ in range(3))
        self.attention = layers.Attention(use_scale=True, dropout=dropout)
        self.perceptron = Perceptron(width, width, dropout)
        self.adds = [layers.Add(), layers.Add()]

    def __call__(self, latents, data):
        latents, data = self.norm_latents(latents), self.norm_data(data)
        read = self.attention([self.query(latents), self.value(data), self.key(data)])
        x = self.norm(self.adds[0]([read, latents]))
        return self.adds[1]([self.perceptron(x), x])


class SelfAttention:
    def __init__(self, width, heads, dropout):
        self.norms = [norm(), norm()]
        self.attention = layers.MultiHeadAttention(heads, width, dropout=dropout)
        self.perceptron = Perceptron(width, width, dropout)
        self.adds = [layers.Add(), layers.Add()]

    def __call__(self, x):
        y = self.norms[0](x)
        x = self.adds[0]([self.attention(y, y), x])
        return self.adds[1]([self.perceptron(self.norms[1](x)), x])


def learned(x, shape, initializer):
    """A learned tensor for each example: a kernel that is applied to ones."""
    one = layers.Reshape([1])(ops.ones_like(ops.max(x, axis=list(range(1, x.ndim))), dtype="float32"))
    values = layers.Dense(math.prod(shape), use_bias=False, kernel_initializer=initializer)(one)
    return layers.Reshape(shape)(values)


def build(size=64, classes=100, patch=2, latents=256, width=256, heads=4, depth=4, iterations=2, dropout=0.1):
    image = Input((size, size, 3))
    data = layers.Conv2D(width, patch, strides=patch)(image)
    data = layers.Reshape((-1, width))(data)
    zeros = layers.Rescaling(0.0)(data)
    positions = layers.LayerNormalization(axis=[1, 2], scale=False, beta_initializer="uniform")(zeros)
    data = layers.Add()([data, positions])
    x = learned(data, [latents, width], "random_normal")
    cross = CrossAttention(width, dropout)
    encoders = [SelfAttention(width, heads, dropout) for _ in range(depth)]
    for _ in range(iterations):
        x = cross(x, data)
        for encoder in encoders:
            x = encoder(x)
    x = layers.GlobalAveragePooling1D()(x)
    logits = Perceptron(width, classes, dropout)(x)
    return Model(image, layers.Identity(name="logits")(logits))
