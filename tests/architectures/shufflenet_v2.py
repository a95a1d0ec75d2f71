"""ShuffleNetV2."""

from keras import Input, Model, layers, ops

SOURCE = "Ma et al., ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design, 2018"
LINK = "https://arxiv.org/abs/1807.11164"
PUBLISHED = "2.3M"
SMALL = {"size": 32, "classes": 5, "stem": 6, "widths": [8, 12, 16], "depths": [2, 3, 2], "last": 20}


def conv(x, filters, kernel_size=1, strides=1):
    x = layers.Conv2D(filters, kernel_size, strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def depthwise(x, strides=1):
    x = layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def branch(x, filters, strides=1):
    return conv(depthwise(conv(x, filters), strides), filters)


def shuffle(left, right):
    height, width, channels = left.shape[1:]
    x = ops.stack([left, right], axis=-1)
    return layers.Reshape((height, width, 2 * channels))(x)


def unit(x):
    left, right = ops.split(x, 2, axis=-1)
    return shuffle(left, branch(right, right.shape[-1]))


def stage(x, filters, depth):
    shortcut = conv(depthwise(x, strides=2), filters // 2)
    x = shuffle(shortcut, branch(x, filters // 2, strides=2))
    for _ in range(depth - 1):
        x = unit(x)
    return x


def build(size=224, classes=1000, stem=24, widths=(116, 232, 464), depths=(4, 8, 4), last=1024):
    image = Input((size, size, 3))
    x = conv(image, stem, kernel_size=3, strides=2)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for filters, depth in zip(widths, depths, strict=True):
        x = stage(x, filters, depth)
    x = conv(x, last)
    x = layers.GlobalAveragePooling2D()(x)
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(image, label)
