"""YOLOv3."""

from keras import Input, Model, layers, regularizers

SOURCE = "Redmon and Farhadi, YOLOv3: An Incremental Improvement, 2018"
LINK = "https://arxiv.org/abs/1804.02767"
PUBLISHED = "61.9M"
SMALL = {"size": 64, "classes": 2, "anchors": 2, "width": 2, "depths": [0, 2, 1, 1, 1]}


def convolution(x, filters, kernel_size, strides=1, padding="same", use_bias=False):
    regularizer = regularizers.L2(5e-4)
    return layers.Conv2D(filters, kernel_size, strides, padding, use_bias=use_bias, kernel_regularizer=regularizer)(x)


def conv(x, filters, kernel_size, strides=1, padding="same"):
    x = convolution(x, filters, kernel_size, strides, padding)
    x = layers.BatchNormalization()(x)
    return layers.LeakyReLU(negative_slope=0.1)(x)


def residual(x):
    filters = x.shape[-1]
    y = conv(x, filters // 2, 1)
    y = conv(y, filters, 3)
    return layers.Add()([x, y])


def stage(x, filters, depth):
    x = layers.ZeroPadding2D(((1, 0), (1, 0)))(x)
    x = conv(x, filters, 3, strides=2, padding="valid")
    for _ in range(depth):
        x = residual(x)
    return x


def level(x, skip, filters, anchors, classes):
    if skip is not None:
        up = layers.UpSampling2D(2)(conv(x, filters, 1))
        x = layers.Concatenate()([up, skip])
    for index in range(5):
        x = conv(x, filters * (1 + index % 2), 1 + index % 2 * 2)
    values = conv(x, 2 * filters, 3)
    values = convolution(values, anchors * (classes + 5), 1, use_bias=True)
    return x, layers.Reshape((*values.shape[1:3], anchors, classes + 5))(values)


def build(size=416, classes=80, anchors=3, width=32, depths=(1, 2, 8, 8, 4)):
    image = Input((size, size, 3))
    x = conv(image, width, 3)
    stages = []
    for index, depth in enumerate(depths):
        x = stage(x, width * 2 ** (index + 1), depth)
        stages.append(x)
    outputs = []
    for index in range(3):
        skip = stages[-1 - index] if index else None
        x, boxes = level(x, skip, width * 2 ** (4 - index), anchors, classes)
        outputs.append(boxes)
    return Model(image, outputs)
