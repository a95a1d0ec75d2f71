"""MobileViT-XXS."""

from keras import Input, Model, layers

SOURCE = "Mehta and Rastegari, MobileViT: Light-weight, General-purpose, and Mobile-friendly Vision Transformer, 2021"
LINK = "https://keras.io/examples/vision/mobilevit"
PUBLISHED = "1.3M"
SMALL = {
    "size": 64,
    "classes": 3,
    "stem": 4,
    "widths": [6, 8, 8, 12],
    "projections": [8, 8, 12],
    "depths": [2, 1, 1],
    "last": 10,
}


def conv(x, filters, kernel_size, strides=1):
    return layers.Conv2D(filters, kernel_size, strides, padding="same", activation="swish")(x)


def inverted(x, filters, strides=1):
    y = layers.Conv2D(2 * x.shape[-1], 1, padding="same", use_bias=False)(x)
    y = layers.Activation("swish")(layers.BatchNormalization()(y))
    if strides == 2:
        y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
    y = layers.DepthwiseConv2D(3, strides, padding="same" if strides == 1 else "valid", use_bias=False)(y)
    y = layers.Activation("swish")(layers.BatchNormalization()(y))
    y = layers.Conv2D(filters, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if strides == 1 and x.shape[-1] == filters:
        return layers.Add()([y, x])
    return y


def encoder(x):
    width = x.shape[-1]
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = layers.MultiHeadAttention(num_heads=2, key_dim=width, dropout=0.1)(y, y)
    x = layers.Add()([y, x])
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    for units in (2 * width, width):
        y = layers.Dense(units, activation="swish")(y)
        y = layers.Dropout(0.1)(y)
    return layers.Add()([y, x])


def mobilevit(x, filters, depth):
    local = conv(conv(x, filters, 3), filters, 1)
    height, width = local.shape[1:3]
    y = layers.Reshape((4, height * width // 4, filters))(local)
    for _ in range(depth):
        y = encoder(y)
    y = layers.Reshape((height, width, filters))(y)
    y = conv(y, x.shape[-1], 1)
    return conv(layers.Concatenate()([x, y]), filters, 3)


def build(size=256, classes=5, stem=16, widths=(24, 48, 64, 80), projections=(64, 80, 96), depths=(2, 4, 3), last=320):
    image = Input((size, size, 3))
    x = layers.Rescaling(1 / 255)(image)
    x = inverted(conv(x, stem, 3, strides=2), stem)
    for index in range(3):
        x = inverted(x, widths[0], strides=2 if index == 0 else 1)
    for filters, projection, depth in zip(widths[1:], projections, depths, strict=True):
        x = inverted(x, filters, strides=2)
        x = mobilevit(x, projection, depth)
    x = conv(x, last, 1)
    x = layers.GlobalAveragePooling2D()(x)
    label = layers.Dense(classes, activation="softmax")(x)
    return Model(image, label)
