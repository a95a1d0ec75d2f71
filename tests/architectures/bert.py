"""BERT."""

from keras import Input, Model, layers

SOURCE = "Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, 2019"
LINK = "https://arxiv.org/abs/1810.04805"
PUBLISHED = "110M"
EQUAL = "results: by hand, learned positions are a Layer of their own"
SMALL = {"vocabulary": 50, "length": 8, "width": 16, "parts": 4, "depth": 2, "heads": 2}


class Bias(layers.Layer):
    """A learned number for each entry of the last axis."""

    def build(self, shape):
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        return x + self.bias


class Positions(layers.Layer):
    """Adds a learned vector for each position."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:])

    def call(self, x):
        return x + self.table


def norm(x):
    return layers.LayerNormalization(epsilon=1e-12)(x)


def encoder(x, seen, width, heads, dropout):
    attended = layers.MultiHeadAttention(heads, width // heads, dropout=dropout)(x, x, attention_mask=seen)
    x = norm(x + layers.Dropout(dropout)(attended))
    fed = layers.Dense(4 * width, activation="gelu")(x)
    fed = layers.Dropout(dropout)(layers.Dense(width)(fed))
    return norm(x + fed)


def build(vocabulary=30522, length=512, width=768, parts=2, depth=12, heads=12, dropout=0.1):
    tokens = Input((length,), dtype="int32")
    segments = Input((length,), dtype="int32")
    seen = (tokens != 0)[:, None, :]
    words = layers.ReversibleEmbedding(vocabulary, width)
    x = words(tokens)
    x = Positions()(x)
    x = x + layers.Embedding(parts, width)(segments)
    x = layers.Dropout(dropout)(norm(x))
    for _ in range(depth):
        x = encoder(x, seen, width, heads, dropout)
    guess = norm(layers.Dense(width, activation="gelu")(x))
    word = Bias()(words(guess, reverse=True))
    pooled = layers.Dense(width, activation="tanh")(x[:, 0])
    follows = layers.Dense(2)(pooled)
    return Model([tokens, segments], [word, follows])
