"""PointNet."""

import numpy as np
from keras import Input, Model, initializers, layers

SOURCE = "Qi et al., PointNet: Deep Learning on Point Sets for 3D Classification and Segmentation, 2017"
LINK = "https://keras.io/examples/vision/pointnet"
PUBLISHED = "3.5M"
SMALL = {"points": 12, "classes": 4, "width": 4}


def conv(x, filters):
    x = layers.Conv1D(filters, 1)(x)
    x = layers.BatchNormalization(momentum=0.0)(x)
    return layers.ReLU()(x)


def dense(x, units):
    x = layers.Dense(units)(x)
    x = layers.BatchNormalization(momentum=0.0)(x)
    return layers.ReLU()(x)


def turn(points, width):
    size = points.shape[-1]
    x = points
    for filters in (width, 2 * width, 16 * width):
        x = conv(x, filters)
    x = layers.GlobalMaxPooling1D()(x)
    for units in (8 * width, 4 * width):
        x = dense(x, units)
    identity = initializers.Constant(np.eye(size).flatten().tolist())
    x = layers.Dense(size**2, kernel_initializer="zeros", bias_initializer=identity)(x)
    matrix = layers.Reshape((size, size))(x)
    return layers.Dot(axes=(2, 1))([points, matrix])


def build(points=2048, classes=10, width=64):
    cloud = Input((points, 3))
    x = turn(cloud, width)
    for _ in range(2):
        x = conv(x, width)
    x = turn(x, width)
    for filters in (width, 2 * width, 16 * width):
        x = conv(x, filters)
    x = layers.GlobalMaxPooling1D()(x)
    for units in (8 * width, 4 * width):
        x = dense(x, units)
        x = layers.Dropout(0.3)(x)
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(cloud, label)
