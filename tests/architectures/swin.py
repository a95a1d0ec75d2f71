"""Swin-T."""

import numpy as np
from keras import Input, Model, initializers, layers, ops

SOURCE = "Liu et al., Swin Transformer: Hierarchical Vision Transformer using Shifted Windows, 2021"
LINK = "https://arxiv.org/abs/2103.14030"
PUBLISHED = "28.3M"
SMALL = {"size": 32, "classes": 3, "patch": 4, "width": 4, "depths": [2, 1], "heads": [1, 2], "window": 4}


def norm(x):
    return layers.LayerNormalization(epsilon=1e-5)(x)


def learned(x, shape, initializer):
    """A learned tensor for each example: a kernel that is applied to ones."""
    one = layers.Reshape([1])(ops.ones_like(ops.max(x, axis=list(range(1, x.ndim))), dtype="float32"))
    values = layers.Dense(int(np.prod(shape)), use_bias=False, kernel_initializer=initializer)(one)
    return layers.Reshape(shape)(values)


def distances(window):
    """The number of the distance of each two tokens of a window."""
    rows, columns = np.divmod(np.arange(window**2), window)
    down = rows[:, None] - rows + window - 1
    right = columns[:, None] - columns + window - 1
    return (down * (2 * window - 1) + right).astype("int32")


def mask(size, window, shift):
    place = np.arange(size)
    part = np.where(place < size - window, 0, np.where(place < size - shift, 1, 2))
    region = 3 * part[:, None] + part
    cut = region.reshape(size // window, window, size // window, window).transpose(0, 2, 1, 3)
    windows = cut.reshape(-1, 1, window**2)
    return np.where(windows == windows.transpose(0, 2, 1), 0.0, -100.0).astype("float32")


def attention(x, heads, size, window, shift):
    windows, tokens, channels = x.shape[1:]
    parts = layers.Dense(3 * channels)(x)
    parts = layers.Reshape((windows, tokens, 3, heads, channels // heads))(parts)
    query = parts[:, :, :, 0] * (channels // heads) ** -0.5
    scores = ops.einsum("bwqhd,bwkhd->bwhqk", query, parts[:, :, :, 1])
    table = learned(x, [(2 * window - 1) ** 2, heads], initializers.TruncatedNormal(stddev=0.02))
    bias = ops.transpose(ops.take(table, distances(window), axis=1), [0, 3, 1, 2])
    scores = scores + bias[:, None]
    if shift:
        scores = scores + mask(size, window, shift)[:, None]
    read = ops.einsum("bwhqk,bwkhd->bwqhd", ops.softmax(scores), parts[:, :, :, 2])
    read = layers.Reshape((windows, tokens, channels))(read)
    return layers.Dense(channels)(read)


def layer(x, heads, window, is_shifted):
    size, _, channels = x.shape[1:]
    shift = window // 2 if is_shifted and size > window else 0
    count = size // window
    y = norm(x)
    if shift:
        y = ops.roll(y, [-shift, -shift], axis=[1, 2])
    y = layers.Reshape((count, window, count, window, channels))(y)
    y = layers.Permute((1, 3, 2, 4, 5))(y)
    y = layers.Reshape((-1, window**2, channels))(y)
    y = attention(y, heads, size, window, shift)
    y = layers.Reshape((count, count, window, window, channels))(y)
    y = layers.Permute((1, 3, 2, 4, 5))(y)
    y = layers.Reshape((size, size, channels))(y)
    if shift:
        y = ops.roll(y, [shift, shift], axis=[1, 2])
    x = layers.Add()([x, y])
    y = layers.Dense(4 * channels, activation="gelu")(norm(x))
    return layers.Add()([x, layers.Dense(channels)(y)])


def merge(x):
    joined = ops.concatenate([x[:, ::2, ::2], x[:, 1::2, ::2], x[:, ::2, 1::2], x[:, 1::2, 1::2]], axis=-1)
    return layers.Dense(2 * x.shape[-1], use_bias=False)(norm(joined))


def build(size=224, classes=1000, patch=4, width=96, depths=(2, 2, 6, 2), heads=(3, 6, 12, 24), window=7):
    image = Input((size, size, 3))
    x = norm(layers.Conv2D(width, patch, strides=patch)(image))
    for stage, (depth, count) in enumerate(zip(depths, heads, strict=True)):
        if stage > 0:
            x = merge(x)
        for index in range(depth):
            x = layer(x, count, window, is_shifted=index % 2 == 1)
    x = layers.GlobalAveragePooling2D()(norm(x))
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(image, label)
