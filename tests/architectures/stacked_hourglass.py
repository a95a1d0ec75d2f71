"""Stacked hourglass network."""

from keras import Input, Model, layers

SOURCE = "Newell et al., Stacked Hourglass Networks for Human Pose Estimation, 2016"
LINK = "https://arxiv.org/abs/1603.06937"
SMALL = {"size": 32, "joints": 3, "stacks": 2, "depth": 1, "width": 8}


def normed_conv(x, filters, kernel_size=1):
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return layers.Conv2D(filters, kernel_size, padding="same")(x)


def residual(x, filters):
    y = normed_conv(x, filters // 2)
    y = normed_conv(y, filters // 2, 3)
    y = normed_conv(y, filters)
    if x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1)(x)
    return layers.Add()([y, x])


def hourglass(x, depth, width):
    if depth == 0:
        return residual(x, width)
    skip = residual(x, width)
    x = residual(layers.MaxPooling2D(2)(x), width)
    x = hourglass(x, depth - 1, width)
    x = residual(x, width)
    return layers.Add()([skip, layers.UpSampling2D(2)(x)])


def build(size=256, joints=16, stacks=8, depth=4, width=256):
    image = Input((size, size, 3))
    x = layers.Conv2D(width // 4, 7, strides=2, padding="same")(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = residual(x, width // 2)
    x = layers.MaxPooling2D(2)(x)
    x = residual(x, width // 2)
    x = residual(x, width)
    outputs = []
    for index in range(stacks):
        y = hourglass(x, depth, width)
        y = residual(y, width)
        y = layers.Conv2D(width, 1)(y)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        found = layers.Conv2D(joints, 1)(y)
        outputs.append(found)
        if index < stacks - 1:
            back = layers.Conv2D(width, 1)(y)
            found_back = layers.Conv2D(width, 1)(found)
            x = layers.Add()([x, back, found_back])
    return Model(image, outputs)
