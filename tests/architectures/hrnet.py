"""HRNet-W32, for poses."""

from keras import Input, Model, layers

SOURCE = "Sun et al., Deep High-Resolution Representation Learning for Human Pose Estimation, 2019"
LINK = "https://arxiv.org/abs/1902.09212"
PUBLISHED = "28.5M"
SMALL = {"size": 64, "joints": 3, "stem": 4, "width": 2, "depth": 1, "modules": [1, 2, 1]}


def conv(x, filters, kernel_size=3, strides=1, activation="relu"):
    x = layers.Conv2D(filters, kernel_size, strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x)


def residual(x, filters):
    y = conv(x, filters)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(y)
    y = layers.BatchNormalization()(y)
    return layers.Activation("relu")(layers.Add()([y, x]))


def bottleneck(x, filters):
    y = conv(conv(x, filters, 1), filters)
    y = conv(y, 4 * filters, 1, activation="linear")
    if x.shape[-1] != 4 * filters:
        x = conv(x, 4 * filters, 1, activation="linear")
    return layers.Activation("relu")(layers.Add()([y, x]))


def to_finer(x, filters, steps):
    x = conv(x, filters, 1, activation="linear")
    return layers.UpSampling2D(2**steps)(x)


def to_coarser(x, filters, steps):
    for _ in range(steps - 1):
        x = conv(x, x.shape[-1], strides=2)
    return conv(x, filters, strides=2, activation="linear")


def fuse(maps, level):
    filters = maps[level].shape[-1]
    given = []
    for n, x in enumerate(maps):
        if n < level:
            x = to_coarser(x, filters, level - n)
        elif n > level:
            x = to_finer(x, filters, n - level)
        given.append(x)
    return layers.ReLU()(layers.Add()(given))


def module(maps, depth, fused):
    deep = []
    for x in maps:
        for _ in range(depth):
            x = residual(x, x.shape[-1])
        deep.append(x)
    return [fuse(deep, level) for level in range(fused)]


def build(size=256, joints=17, stem=64, width=32, depth=4, modules=(1, 4, 3)):
    image = x = Input((size, size, 3))
    for _ in range(2):
        x = conv(x, stem, strides=2)
    for _ in range(depth):
        x = bottleneck(x, stem)
    maps = [conv(x, width), conv(x, 2 * width, strides=2)]
    for stage, count in enumerate(modules):
        if stage > 0:
            maps.append(conv(maps[-1], width * 2 ** (stage + 1), strides=2))
        for index in range(count):
            is_last = stage == 2 and index == count - 1
            maps = module(maps, depth, 1 if is_last else len(maps))
    return Model(image, layers.Conv2D(joints, 1)(maps[0]))
