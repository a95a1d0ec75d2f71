"""GhostNet."""

from keras import Input, Model, layers

SOURCE = "Han et al., GhostNet: More Features from Cheap Operations, 2020"
LINK = "https://arxiv.org/abs/1911.11907"
PUBLISHED = "5.2M"
SMALL = {
    "size": 32,
    "classes": 5,
    "stem": 4,
    "kernels": [3, 5, 3],
    "hidden": [4, 12, 16],
    "widths": [4, 6, 6],
    "excited": [False, True, False],
    "strides": [1, 2, 1],
    "last": 10,
}


def conv(x, filters, kernel_size=1, strides=1):
    x = layers.Conv2D(filters, kernel_size, strides, padding="same" if kernel_size > 1 else "valid", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def depthwise(x, kernel_size, strides=1):
    x = layers.DepthwiseConv2D(kernel_size, strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def ghost(x, filters, activation="relu"):
    primary = layers.Activation(activation)(conv(x, filters // 2))
    cheap = layers.Activation(activation)(depthwise(primary, 3))
    return layers.Concatenate()([primary, cheap])


def squeeze_excite(x):
    channels = x.shape[-1]
    factors = layers.GlobalAveragePooling2D(keepdims=True)(x)
    factors = layers.Conv2D((channels // 4 + 2) // 4 * 4, 1, activation="relu")(factors)
    factors = layers.Conv2D(channels, 1, activation="hard_sigmoid")(factors)
    return layers.Multiply()([x, factors])


def bottleneck(x, hidden, filters, kernel_size, strides, excited):
    shortcut = x
    y = ghost(x, hidden)
    if strides > 1:
        y = depthwise(y, kernel_size, strides)
    if excited:
        y = squeeze_excite(y)
    y = ghost(y, filters, "linear")
    if strides > 1 or x.shape[-1] != filters:
        shortcut = conv(depthwise(x, kernel_size, strides), filters)
    return layers.Add()([y, shortcut])


def build(
    size=224,
    classes=1000,
    stem=16,
    kernels=(3, 3, 3, 5, 5, 3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5),
    hidden=(16, 48, 72, 72, 120, 240, 200, 184, 184, 480, 672, 672, 960, 960, 960, 960),
    widths=(16, 24, 24, 40, 40, 80, 80, 80, 80, 112, 112, 160, 160, 160, 160, 160),
    excited=(False, False, False, True, True, False, False, False, False, True, True, True, False, True, False, True),
    strides=(1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1),
    last=1280,
):
    image = Input((size, size, 3))
    x = layers.ReLU()(conv(image, stem, 3, strides=2))
    for row in zip(hidden, widths, kernels, strides, excited, strict=True):
        x = bottleneck(x, *row)
    x = layers.ReLU()(conv(x, hidden[-1]))
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Conv2D(last, 1, activation="relu")(x)
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(image, label)
