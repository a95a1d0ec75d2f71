"""The deep learning recommendation model."""

from keras import Input, Model, layers, ops

SOURCE = "Naumov et al., Deep Learning Recommendation Model for Personalization and Recommendation Systems, 2019"
LINK = "https://arxiv.org/abs/1906.00091"
SMALL = {
    "columns": ["user", "item"], "sizes": [9, 7], "numbers": 3, "width": 4, "bottom": [6, 5], "top": [8, 5],
}  # fmt: skip


def perceptron(x, widths):
    for units in widths:
        x = layers.Dense(units, activation="relu")(x)
    return x


def build(
    columns=("user", "item", "shop", "city"),
    sizes=(100000, 50000, 800, 300),
    numbers=13,
    width=64,
    bottom=(512, 256),
    top=(512, 256),
):
    dense = Input((numbers,), name="numbers")
    inputs = [Input((), dtype="int32", name=column) for column in columns]
    low = perceptron(dense, [*bottom, width])
    vectors = [layers.Embedding(size, width)(it) for it, size in zip(inputs, sizes, strict=True)]
    vectors = ops.stack([low, *vectors], axis=1)
    products = layers.Flatten()(ops.matmul(vectors, ops.transpose(vectors, (0, 2, 1))))
    count = len(columns) + 1
    pairs = ops.take(products, [i * count + j for i in range(count) for j in range(i)], axis=1)
    x = perceptron(layers.Concatenate()([low, pairs]), top)
    model = Model([dense, *inputs], layers.Dense(1, activation="sigmoid")(x))
    model.compile(optimizer="adagrad", loss="binary_crossentropy")
    return model
