"""Zero-DCE."""

from keras import Input, Model, layers, ops

SOURCE = "Guo et al., Zero-Reference Deep Curve Estimation for Low-Light Image Enhancement, 2020"
LINK = "https://keras.io/examples/vision/zero_dce"
PUBLISHED = "79.4K"
SMALL = {"width": 4, "curves": 3}


def conv(x, filters, activation="relu"):
    return layers.Conv2D(filters, 3, padding="same", activation=activation)(x)


def build(width=32, curves=8):
    image = x = Input((None, None, 3))
    deep = []
    for _ in range(4):
        x = conv(x, width)
        deep.append(x)
    for skip in (deep[2], deep[1]):
        x = conv(layers.Concatenate()([skip, x]), width)
    x = layers.Concatenate()([x, deep[0]])
    drawn = conv(x, 3 * curves, "tanh")
    x = image
    for curve in ops.split(drawn, curves, axis=-1):
        x = x + curve * (x**2 - x)
    return Model(image, {"image": x, "curves": drawn})
