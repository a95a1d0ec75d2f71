"""T5."""

import numpy as np
from keras import Input, Model, layers, ops

SOURCE = "Raffel et al., Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, 2020"
LINK = "https://arxiv.org/abs/1910.10683"
PUBLISHED = "60.5M"
EQUAL = "results: by hand, the biases of distances are a Layer of their own"
SMALL = {
    "vocabulary": 40, "source": 9, "target": 7, "width": 16, "heads": 2, "head_width": 8, "hidden": 32, "depth": 2,
    "buckets": 8, "farthest": 16,
}  # fmt: skip


class DistanceBias(layers.Layer):
    """A learned number for each head and each bucket of distances."""

    def __init__(self, heads, buckets, farthest, both_ways):
        super().__init__()
        self.heads, self.buckets, self.farthest, self.both_ways = heads, buckets, farthest, both_ways

    def build(self, shape):
        self.table = self.add_weight(shape=(self.buckets, self.heads))
        place = np.arange(shape[1])
        self.bucket = self._buckets(place[None, :] - place[:, None])

    def _buckets(self, distance):
        count, first = self.buckets, 0
        if self.both_ways:
            count //= 2
            first = np.where(distance > 0, count, 0)
        steps = np.abs(distance) if self.both_ways else np.maximum(-distance, 0)
        exact = count // 2
        growth = np.log(np.maximum(steps, 1) / exact) / np.log(self.farthest / exact)
        coarse = np.minimum(exact + (growth * (count - exact)).astype(int), count - 1)
        return first + np.where(steps < exact, steps, coarse)

    def call(self, x):
        return ops.transpose(ops.take(self.table, self.bucket, axis=0), (2, 0, 1))[None]


def attend(x, memory, bias, width, heads, head_width, dropout):
    normed = layers.RMSNormalization()(x)
    memory = normed if memory is None else memory
    query, key, value = (
        layers.EinsumDense("btd,dhe->bthe", (None, heads, head_width))(it) for it in (normed, memory, memory)
    )
    weights = ops.softmax(ops.einsum("bqhe,bkhe->bhqk", query, key) + bias)
    read = ops.einsum("bhqk,bkhe->bqhe", layers.Dropout(dropout)(weights), value)
    mixed = layers.EinsumDense("bthe,hed->btd", (None, width))(read)
    return x + layers.Dropout(dropout)(mixed)


def feed(x, width, hidden, dropout):
    y = layers.RMSNormalization()(x)
    y = layers.Dropout(dropout)(layers.Dense(hidden, activation="relu", use_bias=False)(y))
    return x + layers.Dropout(dropout)(layers.Dense(width, use_bias=False)(y))


def build(
    vocabulary=32128,
    source=512,
    target=512,
    width=512,
    heads=8,
    head_width=64,
    hidden=2048,
    depth=6,
    dropout=0.1,
    buckets=32,
    farthest=128,
):
    sizes = width, heads, head_width, dropout
    question = Input((source,), dtype="int32")
    answer = Input((target,), dtype="int32")
    words = layers.ReversibleEmbedding(vocabulary, width)

    hidden_words = ops.where(ops.equal(question, 0), -1e9, 0.0)[:, None, None, :]
    x = layers.Dropout(dropout)(words(question))
    bias = DistanceBias(heads, buckets, farthest, both_ways=True)(x) + hidden_words
    for _ in range(depth):
        x = attend(x, None, bias, *sizes)
        x = feed(x, width, hidden, dropout)
    memory = layers.Dropout(dropout)(layers.RMSNormalization()(x))

    x = layers.Dropout(dropout)(words(answer))
    later = np.where(np.tri(target), 0.0, -1e9).astype("float32")
    bias = DistanceBias(heads, buckets, farthest, both_ways=False)(x) + later
    for _ in range(depth):
        x = attend(x, None, bias, *sizes)
        x = attend(x, memory, hidden_words, *sizes)
        x = feed(x, width, hidden, dropout)
    x = layers.Dropout(dropout)(layers.RMSNormalization()(x))
    return Model([question, answer], words(x * width**-0.5, reverse=True))
