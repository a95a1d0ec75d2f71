"""The Switch Transformer as a text classifier."""

from keras import Input, Model, layers, ops

SOURCE = "Fedus et al., Switch Transformers: Scaling to Trillion Parameter Models, 2021"
LINK = "https://keras.io/examples/nlp/text_classification_with_switch_transformer"
EQUAL = "results: by hand, learned positions are a Layer of their own"
SMALL = {"vocabulary": 30, "length": 12, "width": 8, "experts": 3}


class Positions(layers.Layer):
    """Adds a learned vector for each position."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:])

    def call(self, x):
        return x + self.table


def switch(x, width, experts):
    capacity = x.shape[1] // experts
    chances = layers.Dense(experts, activation="softmax")(x)
    chosen = ops.one_hot(ops.argmax(chances, axis=-1), experts)
    place = ops.cumsum(chosen, axis=1) * chosen - 1
    sent = chosen[..., None] * ops.one_hot(ops.cast(place, "int32"), capacity)
    queues = ops.einsum("btec,btd->becd", sent, x)
    done = []
    for number in range(experts):
        hidden = layers.Dense(width, activation="relu")(queues[:, number])
        done.append(layers.Dense(width)(hidden))
    done = ops.stack(done, axis=1)
    out = ops.einsum("btec,becd->btd", sent, done) * ops.max(chances, axis=-1, keepdims=True)
    balance = ops.sum(ops.mean(chosen, axis=1) * ops.mean(chances, axis=1), axis=-1) * experts
    return out, balance


def build(vocabulary=20000, length=200, width=32, heads=2, experts=10, dropout=0.25):
    words = Input((length,), dtype="int32")
    x = layers.Embedding(vocabulary, width)(words)
    x = Positions()(x)
    attended = layers.MultiHeadAttention(heads, width)(x, x)
    x = layers.LayerNormalization(epsilon=1e-6)(x + layers.Dropout(dropout)(attended))
    switched, balance = switch(x, width, experts)
    x = layers.LayerNormalization(epsilon=1e-6)(x + layers.Dropout(dropout)(switched))
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(width, activation="relu")(x)
    x = layers.Dropout(dropout)(x)
    sentiment = layers.Dense(2, activation="softmax")(x)
    return Model(words, {"sentiment": sentiment, "balance": balance})
