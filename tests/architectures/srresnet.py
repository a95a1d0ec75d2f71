"""SRResNet, the generator of SRGAN."""

from keras import Input, Model, layers, ops

SOURCE = "Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, 2017"
LINK = "https://arxiv.org/abs/1609.04802"
SMALL = {"size": 8, "width": 4, "depth": 2, "doublings": 2}


def conv(x, filters, kernel_size, activation=None):
    return layers.Conv2D(filters, kernel_size, padding="same", activation=activation)(x)


def prelu(x):
    return layers.PReLU(shared_axes=[1, 2])(x)


def residual(x, width):
    y = layers.BatchNormalization()(conv(x, width, 3))
    y = conv(prelu(y), width, 3)
    y = layers.BatchNormalization()(y)
    return layers.Add()([x, y])


def double(x, width):
    x = conv(x, 4 * width, 3)
    return prelu(ops.depth_to_space(x, 2))


def build(size=None, width=64, depth=16, doublings=2):
    small = Input((size, size, 3))
    first = x = prelu(conv(small, width, 9))
    for _ in range(depth):
        x = residual(x, width)
    x = layers.BatchNormalization()(conv(x, width, 3))
    x = layers.Add()([first, x])
    for _ in range(doublings):
        x = double(x, width)
    return Model(small, conv(x, 3, 9, activation="tanh"))
