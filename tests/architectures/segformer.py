"""SegFormer-B0."""

from keras import Input, Model, layers

SOURCE = "Xie et al., SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers, 2021"
LINK = "https://arxiv.org/abs/2105.15203"
PUBLISHED = "3.8M"
SMALL = {
    "size": 32,
    "classes": 3,
    "widths": [4, 8],
    "depths": [1, 2],
    "heads": [1, 2],
    "ratios": [2, 1],
    "decoder": 6,
}


def norm(x):
    return layers.LayerNormalization(epsilon=1e-5)(x)


def attention(x, heads, ratio):
    height, width, channels = x.shape[1:]
    query = layers.Reshape((-1, channels))(x)
    if ratio > 1:
        x = norm(layers.Conv2D(channels, ratio, strides=ratio)(x))
    value = layers.Reshape((-1, channels))(x)
    read = layers.MultiHeadAttention(heads, channels // heads)(query, value)
    return layers.Reshape((height, width, channels))(read)


def mix(x):
    channels = x.shape[-1]
    x = layers.Dense(4 * channels)(x)
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.Activation("gelu")(x)
    return layers.Dense(channels)(x)


def layer(x, heads, ratio):
    x = layers.Add()([x, attention(norm(x), heads, ratio)])
    return layers.Add()([x, mix(norm(x))])


def build(
    size=512,
    classes=150,
    widths=(32, 64, 160, 256),
    depths=(2, 2, 2, 2),
    heads=(1, 2, 5, 8),
    ratios=(8, 4, 2, 1),
    decoder=256,
):
    image = x = Input((size, size, 3))
    levels = []
    for stage, (width, depth, count, ratio) in enumerate(zip(widths, depths, heads, ratios, strict=True)):
        kernel_size, strides = (7, 4) if stage == 0 else (3, 2)
        x = norm(layers.Conv2D(width, kernel_size, strides, padding="same")(x))
        for _ in range(depth):
            x = layer(x, count, ratio)
        x = norm(x)
        level = layers.Dense(decoder)(x)
        if stage > 0:
            level = layers.UpSampling2D(2**stage, interpolation="bilinear")(level)
        levels.append(level)
    x = layers.Concatenate()(levels[::-1])
    x = layers.Conv2D(decoder, 1, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.1)(x)
    return Model(image, layers.Conv2D(classes, 1)(x))
