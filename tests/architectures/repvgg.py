"""RepVGG-A0, in its form for training."""

from keras import Input, Model, layers

SOURCE = "Ding et al., RepVGG: Making VGG-style ConvNets Great Again, 2021"
LINK = "https://arxiv.org/abs/2101.03697"
PUBLISHED = "9.1M"
SMALL = {"size": 64, "classes": 5, "stem": 6, "widths": [8, 8, 12], "depths": [2, 3, 1]}


def branch(x, filters, kernel_size, strides):
    x = layers.Conv2D(filters, kernel_size, strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def unit(x, filters, strides=1):
    branches = [branch(x, filters, kernel_size, strides) for kernel_size in (3, 1)]
    if strides == 1 and x.shape[-1] == filters:
        branches.append(layers.BatchNormalization()(x))
    return layers.ReLU()(layers.Add()(branches))


def build(size=224, classes=1000, stem=48, widths=(48, 96, 192, 1280), depths=(2, 4, 14, 1)):
    image = Input((size, size, 3))
    x = unit(image, stem, strides=2)
    for filters, depth in zip(widths, depths, strict=True):
        for index in range(depth):
            x = unit(x, filters, strides=2 if index == 0 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(image, label)
