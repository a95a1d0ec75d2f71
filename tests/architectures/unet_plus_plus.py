"""U-Net++, with an output at each depth."""

from keras import Input, Model, layers

SOURCE = "Zhou et al., UNet++: A Nested U-Net Architecture for Medical Image Segmentation, 2018"
LINK = "https://arxiv.org/abs/1807.10165"
PUBLISHED = "9.04M"
SMALL = {"size": 16, "classes": 2, "depth": 3, "width": 2}


def convolutions(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return x


def node(below, row, filters):
    up = layers.Conv2DTranspose(filters, 2, strides=2)(below)
    return convolutions(layers.Concatenate()([up, *row]), filters)


def build(size=96, classes=1, depth=4, width=32):
    image = Input((size, size, 3))
    rows = [[convolutions(image, width)]]
    for row in range(1, depth + 1):
        x = layers.MaxPooling2D(2)(rows[-1][0])
        rows.append([convolutions(x, width * 2**row)])
    for column in range(1, depth + 1):
        for row in range(depth - column + 1):
            rows[row].append(node(rows[row + 1][column - 1], rows[row], width * 2**row))
    masks = [layers.Conv2D(classes, 1, activation="sigmoid")(x) for x in rows[0][1:]]
    return Model(image, masks)
