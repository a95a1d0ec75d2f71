"""DeepLabV3+, on a ResNet-50."""

from keras import Input, Model, layers

SOURCE = "Chen et al., Encoder-Decoder with Atrous Separable Convolution for Semantic Image Segmentation, 2018"
LINK = "https://keras.io/examples/vision/deeplabv3_plus"
SMALL = {"size": 32, "classes": 3, "width": 6, "low": 4, "rates": [2, 3], "depths": [1, 1, 1, 1]}


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


def resnet(image, depths):
    """The maps of the first three stages."""
    x = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(64, 7, strides=2)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    maps = []
    for stage, depth in enumerate(depths[:3]):
        for index in range(depth):
            x = bottleneck(x, 64 * 2**stage, 2 if stage > 0 and index == 0 else 1, project=index == 0)
        maps.append(x)
    return maps


def conv(x, filters, kernel_size=3, rate=1):
    x = layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        dilation_rate=rate,
        use_bias=False,
        kernel_initializer="he_normal",
    )(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def pyramid(x, filters, rates):
    maps = [conv(x, filters, 1), *(conv(x, filters, rate=rate) for rate in rates)]
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    mean = conv(mean, filters, 1)
    maps.append(layers.UpSampling2D(x.shape[1:3], interpolation="bilinear")(mean))
    return conv(layers.Concatenate()(maps), filters, 1)


def build(size=512, classes=20, width=256, low=48, rates=(6, 12, 18), depths=(3, 4, 6, 3)):
    image = Input((size, size, 3))
    fine, _, coarse = resnet(image, depths)
    far = pyramid(coarse, width, rates)
    far = layers.UpSampling2D(4, interpolation="bilinear")(far)
    x = layers.Concatenate()([far, conv(fine, low, 1)])
    for _ in range(2):
        x = conv(x, width)
    x = layers.UpSampling2D(4, interpolation="bilinear")(x)
    return Model(image, layers.Conv2D(classes, 1)(x))
