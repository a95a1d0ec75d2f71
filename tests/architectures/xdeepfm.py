"""xDeepFM."""

from keras import Input, Model, layers, ops

SOURCE = "Lian et al., xDeepFM: Combining Explicit and Implicit Feature Interactions for Recommender Systems, 2018"
LINK = "https://github.com/shenweichen/DeepCTR"
SMALL = {
    "columns": ["user", "item", "hour"], "sizes": [9, 7, 5], "numbers": 2, "width": 4, "cross": [6, 4, 3], "deep": [8, 5],
}  # fmt: skip


def cross_network(fields, maps):
    x, results = fields, []
    for number, count in enumerate(maps):
        products = x[:, :, None] * fields[:, None]
        pairs = layers.Reshape((x.shape[1] * fields.shape[1], fields.shape[2]))(products)
        made = layers.Dense(count, activation="relu")(layers.Permute((2, 1))(pairs))
        made = layers.Permute((2, 1))(made)
        x = made[:, : count // 2]
        kept = made if number == len(maps) - 1 else made[:, count // 2 :]
        results.append(ops.sum(kept, axis=-1))
    return layers.Concatenate()(results)


def build(
    columns=("user", "item", "shop", "city", "hour"),
    sizes=(10000, 5000, 800, 300, 24),
    numbers=4,
    width=8,
    cross=(128, 128, 64),
    deep=(256, 128),
):
    inputs = [Input((), dtype="int32", name=column) for column in columns]
    dense = Input((numbers,), name="numbers")
    vectors = [layers.Embedding(size, width)(it) for it, size in zip(inputs, sizes, strict=True)]
    weights = [layers.Embedding(size, 1)(it) for it, size in zip(inputs, sizes, strict=True)]
    fields = ops.stack(vectors, axis=1)
    crossed = cross_network(fields, cross)
    x = layers.Concatenate()([layers.Flatten()(fields), dense])
    for units in deep:
        x = layers.Dense(units, activation="relu")(x)
    logits = [layers.Dense(1, use_bias=False)(it) for it in (crossed, x, dense)]
    total = layers.Add()([*logits, layers.Add()(weights)])
    model = Model([*inputs, dense], layers.Activation("sigmoid")(total))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["AUC"])
    return model
