"""EfficientDet-D0."""

from keras import Input, Model, layers, ops

SOURCE = "Tan et al., EfficientDet: Scalable and Efficient Object Detection, 2020"
LINK = "https://arxiv.org/abs/1911.09070"
PUBLISHED = "3.9M"
SMALL = {
    "size": 128,
    "classes": 3,
    "anchors": 2,
    "stem": 4,
    "widths": [4, 4, 4, 4, 4, 4, 4],
    "depths": [0, 2, 1, 1, 0, 1, 0],
    "kernels": [3, 3, 5, 3, 5, 5, 3],
    "strides": [1, 2, 2, 2, 1, 2, 1],
    "width": 4,
    "fusions": 1,
    "depth": 1,
}


def conv(x, filters, kernel_size=3, strides=1, activation="swish"):
    x = layers.Conv2D(filters, kernel_size, strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x)


def squeeze_excite(x, ratio):
    channels = x.shape[-1]
    factors = layers.GlobalAveragePooling2D(keepdims=True)(x)
    factors = layers.Conv2D(max(1, channels // ratio), 1, activation="relu")(factors)
    factors = layers.Conv2D(channels, 1, activation="sigmoid")(factors)
    return layers.Multiply()([x, factors])


def inverted_residual(x, filters, kernel_size, strides, expansion):
    y = x
    if expansion != 1:
        y = conv(y, x.shape[-1] * expansion, 1)
    y = layers.DepthwiseConv2D(kernel_size, strides, padding="same", use_bias=False)(y)
    y = layers.Activation("swish")(layers.BatchNormalization()(y))
    y = squeeze_excite(y, 4 * expansion)
    y = conv(y, filters, 1, activation="linear")
    if strides == 1 and x.shape[-1] == filters:
        return layers.Add()([x, y])
    return y


def resampled(x, width):
    x = layers.Conv2D(width, 1)(x)
    return layers.BatchNormalization()(x)


def pool(x):
    return layers.MaxPooling2D(3, strides=2, padding="same")(x)


def learned(x, shape, initializer):
    """Learned numbers for each example: a kernel that is applied to ones."""
    one = layers.Reshape([1])(ops.ones_like(ops.max(x, axis=list(range(1, x.ndim))), dtype="float32"))
    values = layers.Dense(shape[0], use_bias=False, kernel_initializer=initializer)(one)
    return layers.Reshape(shape)(values)


def fused(maps, width):
    weights = learned(maps[0], [len(maps)], "ones")
    shares = ops.relu(weights) / (ops.sum(ops.relu(weights), axis=-1, keepdims=True) + 0.0001)
    x = ops.sum(ops.stack(maps, axis=-1) * shares[:, None, None, None], axis=-1)
    x = layers.Activation("swish")(x)
    x = layers.SeparableConv2D(width, 3, padding="same")(x)
    return layers.BatchNormalization()(x)


def bifpn(maps, width):
    down = [maps[-1]]
    for x in reversed(maps[:-1]):
        up = layers.UpSampling2D(2)(down[-1])
        down.append(fused([x, up], width))
    down.reverse()
    out = [down[0]]
    for level in range(1, len(maps)):
        given = [maps[level], down[level]] if level < len(maps) - 1 else [maps[level]]
        out.append(fused([*given, pool(out[-1])], width))
    return out


def head(maps, width, depth, anchors, values):
    for _ in range(depth):
        shared = layers.SeparableConv2D(width, 3, padding="same")
        maps = [layers.Activation("swish")(layers.BatchNormalization()(shared(x))) for x in maps]
    shared = layers.SeparableConv2D(anchors * values, 3, padding="same")
    return layers.Concatenate(axis=1)([layers.Reshape((-1, values))(shared(x)) for x in maps])


def build(
    size=512,
    classes=90,
    anchors=9,
    stem=32,
    widths=(16, 24, 40, 80, 112, 192, 320),
    depths=(1, 2, 2, 3, 3, 4, 1),
    kernels=(3, 3, 5, 3, 5, 5, 3),
    strides=(1, 2, 2, 2, 1, 2, 1),
    width=64,
    fusions=3,
    depth=3,
):
    image = Input((size, size, 3))
    x = conv(image, stem, strides=2)
    stages = []
    for stage, (filters, count, kernel_size, stride) in enumerate(zip(widths, depths, kernels, strides, strict=True)):
        for index in range(count):
            expansion = 1 if stage == 0 else 6
            x = inverted_residual(x, filters, kernel_size, stride if index == 0 else 1, expansion)
        stages.append(x)
    maps = [resampled(stages[level], width) for level in (2, 4, 6)]
    maps.append(pool(resampled(stages[6], width)))
    maps.append(pool(maps[-1]))
    for _ in range(fusions):
        maps = bifpn(maps, width)
    box = head(maps, width, depth, anchors, 4)
    label = head(maps, width, depth, anchors, classes)
    return Model(image, [layers.Identity(name="box")(box), layers.Identity(name="label")(label)])
