"""RetinaNet."""

import math

from keras import Input, Model, initializers, layers

SOURCE = "Lin et al., Focal Loss for Dense Object Detection, 2017"
LINK = "https://keras.io/examples/vision/retinanet"
SMALL = {"size": 64, "classes": 3, "anchors": 2, "width": 8, "depth": 2, "stages": [1, 2, 1, 1]}


def bottleneck(x, filters, strides=1, project=False):
    shortcut = x
    if project:
        shortcut = layers.Conv2D(4 * filters, 1, strides)(x)
        shortcut = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(shortcut)
    x = layers.Conv2D(filters, 1, strides)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(4 * filters, 1)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    return layers.Activation("relu")(layers.Add()([shortcut, x]))


def resnet(image, stages):
    x = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(64, 7, strides=2)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    maps = []
    for stage, depth in enumerate(stages):
        for index in range(depth):
            x = bottleneck(x, 64 * 2**stage, 2 if stage > 0 and index == 0 else 1, project=index == 0)
        maps.append(x)
    return maps[1:]


def conv(filters, kernel_size, **options):
    return layers.Conv2D(filters, kernel_size, padding="same", **options)


def pyramid(maps, width):
    """The levels from fine to coarse."""
    maps = [layers.Conv2D(width, 1)(x) for x in maps]
    merged = [maps[-1]]
    for x in reversed(maps[:-1]):
        up = layers.UpSampling2D(2)(merged[-1])
        merged.append(layers.Add()([up, x]))
    return [conv(width, 3)(x) for x in reversed(merged)]


def head(width, depth, anchors, values, bias="zeros"):
    """A function that applies the same layers to any level."""
    small = initializers.RandomNormal(stddev=0.01)
    convs = [conv(width, 3, activation="relu", kernel_initializer=small) for _ in range(depth)]
    convs.append(conv(anchors * values, 3, kernel_initializer=small, bias_initializer=bias))
    convs.append(layers.Reshape((-1, values)))

    def apply(x):
        for layer in convs:
            x = layer(x)
        return x

    return apply


def build(size=512, classes=80, anchors=9, width=256, depth=4, stages=(3, 4, 6, 3)):
    image = Input((size, size, 3))
    maps = resnet(image, stages)
    small = initializers.RandomNormal(stddev=0.01)
    p6 = conv(width, 3, strides=2, kernel_initializer=small)(maps[-1])
    p7 = conv(width, 3, strides=2, kernel_initializer=small)(layers.ReLU()(p6))
    levels = [*pyramid(maps, width), p6, p7]
    boxes = head(width, depth, anchors, 4)
    prior = initializers.Constant(-math.log((1 - 0.01) / 0.01))
    labels = head(width, depth, anchors, classes, prior)
    box = layers.Concatenate(axis=1)([boxes(x) for x in levels])
    label = layers.Concatenate(axis=1)([labels(x) for x in levels])
    return Model(image, {"box": box, "label": label})
