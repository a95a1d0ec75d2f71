"""V-Net, for volumes."""

from keras import Input, Model, layers, ops

SOURCE = "Milletari et al., V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation, 2016"
LINK = "https://arxiv.org/abs/1606.04797"
SMALL = {"size": [8, 8, 4], "classes": 2, "width": 2, "depths": [1, 2, 1]}


def prelu(x):
    return layers.PReLU(shared_axes=[1, 2, 3])(x)


def residual(x, shortcut, depth):
    for index in range(depth):
        if index > 0:
            x = prelu(x)
        x = layers.Conv3D(shortcut.shape[-1], 5, padding="same")(x)
        x = layers.BatchNormalization()(x)
    return prelu(layers.Add()([x, shortcut]))


def down(x, depth):
    x = layers.Conv3D(2 * x.shape[-1], 2, strides=2, padding="same")(x)
    x = prelu(layers.BatchNormalization()(x))
    return residual(x, x, depth)


def up(x, skip, depth):
    x = layers.Conv3DTranspose(skip.shape[-1], 2, strides=2)(x)
    x = prelu(layers.BatchNormalization()(x))
    x = layers.Concatenate()([x, skip])
    return residual(x, x, depth)


def build(size=(128, 128, 64), classes=2, width=16, depths=(1, 2, 3, 3, 3)):
    volume = Input((*size, 1))
    x = residual(volume, ops.repeat(volume, width, axis=-1), depths[0])
    skips = [x]
    for depth in depths[1:]:
        x = down(x, depth)
        skips.append(x)
    for depth, skip in zip(depths[-2::-1], skips[-2::-1], strict=True):
        x = up(x, skip, depth)
    return Model(volume, layers.Conv3D(classes, 1, padding="same", activation="softmax")(x))
