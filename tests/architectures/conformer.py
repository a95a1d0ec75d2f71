"""Conformer-CTC."""

import numpy as np
from keras import Input, Model, layers, ops

SOURCE = "Gulati et al., Conformer: Convolution-augmented Transformer for Speech Recognition, 2020"
LINK = "https://github.com/TensorSpeech/TensorFlowASR"
SMALL = {"frames": 24, "mels": 8, "width": 8, "heads": 2, "depth": 2, "kernel": 5}


def positions(length, width):
    angle = np.arange(length)[:, None] * 10000.0 ** (-np.arange(0, width, 2) / width)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=-1).astype("float32")


def feed(x, width, dropout):
    y = layers.LayerNormalization()(x)
    y = layers.Dense(4 * width, activation="silu")(y)
    y = layers.Dense(width)(y)
    return x + layers.Dropout(dropout)(y) / 2


def convolve(x, width, kernel, dropout):
    y = layers.LayerNormalization()(x)
    y = ops.glu(layers.Conv1D(2 * width, 1)(y))
    y = layers.DepthwiseConv1D(kernel, padding="same")(y)
    y = layers.BatchNormalization()(y)
    y = layers.Activation("silu")(y)
    y = layers.Conv1D(width, 1)(y)
    return layers.Add()([x, layers.Dropout(dropout)(y)])


def conformer(x, width, heads, kernel, dropout):
    x = feed(x, width, dropout)
    y = layers.LayerNormalization()(x)
    y = layers.MultiHeadAttention(heads, width // heads, dropout=dropout)(y, y)
    x = layers.Add()([x, layers.Dropout(dropout)(y)])
    x = convolve(x, width, kernel, dropout)
    x = feed(x, width, dropout)
    return layers.LayerNormalization()(x)


def build(frames=1600, mels=80, width=144, heads=4, depth=16, kernel=32, letters=29, dropout=0.1):
    sound = Input((frames, mels))
    x = layers.Reshape((frames, mels, 1))(sound)
    for _ in range(2):
        x = layers.Conv2D(width, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]))(x)
    x = layers.Dropout(dropout)(layers.Dense(width)(x))
    x = x + positions(x.shape[1], width)
    for _ in range(depth):
        x = conformer(x, width, heads, kernel, dropout)
    model = Model(sound, layers.Dense(letters, activation="softmax")(x))
    model.compile(optimizer="adam", loss="ctc")
    return model
