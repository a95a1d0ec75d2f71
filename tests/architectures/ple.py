"""Progressive layered extraction."""

from keras import Input, Model, layers, ops

SOURCE = "Tang et al., Progressive Layered Extraction (PLE), 2020"
LINK = "https://github.com/shenweichen/DeepCTR"
SMALL = {
    "columns": ["user", "item"], "sizes": [9, 7], "numbers": 2, "width": 4, "expert": [8, 5], "tower": [4],
}  # fmt: skip


def perceptron(x, widths):
    for units in widths:
        x = layers.Dense(units, activation="relu")(x)
    return x


def gate(x, experts):
    weights = layers.Dense(len(experts), use_bias=False, activation="softmax")(x)
    return layers.Dot(axes=1)([ops.stack(experts, axis=1), weights])


def level(common, inputs, own, shared, expert):
    shared_experts = [perceptron(common, expert) for _ in range(shared)]
    own_experts = [[perceptron(x, expert) for _ in range(own)] for x in inputs]
    tasks = [gate(x, mine + shared_experts) for x, mine in zip(inputs, own_experts, strict=True)]
    everyone = [it for mine in own_experts for it in mine] + shared_experts
    return gate(common, everyone), tasks


def build(
    columns=("user", "item", "shop"),
    sizes=(10000, 5000, 800),
    numbers=4,
    width=8,
    tasks=("click", "buy"),
    levels=2,
    own=2,
    shared=1,
    expert=(256,),
    tower=(64,),
):
    inputs = [Input((), dtype="int32", name=column) for column in columns]
    dense = Input((numbers,), name="numbers")
    vectors = [layers.Embedding(size, width)(it) for it, size in zip(inputs, sizes, strict=True)]
    common = layers.Concatenate()([*vectors, dense])
    each = [common for _ in tasks]
    for _ in range(levels):
        common, each = level(common, each, own, shared, expert)
    towers = [perceptron(x, tower) for x in each]
    outputs = [
        layers.Dense(1, use_bias=False, activation="sigmoid", name=task)(x)
        for task, x in zip(tasks, towers, strict=True)
    ]
    model = Model([*inputs, dense], outputs)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model
