"""Models written by hand with Keras's functional API: what specs of the same networks must become."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


def gpt2(vocabulary: int, context: int, depth: int, width: int, heads: int, dropout: float) -> Any:
    """A pre-norm decoder with causal attention, its head tied to its token table."""

    def norm(x: Any) -> Any:
        return layers.LayerNormalization(epsilon=1e-5)(x)

    tokens = keras.Input((context,), dtype="int32")
    table = layers.ReversibleEmbedding(vocabulary, width)
    words = table(tokens)
    ones = ops.ones_like(ops.take(words, 0, axis=-1), dtype="int32")
    positions = ops.subtract(ops.cumsum(ones, axis=1), 1)
    x = layers.Add()([words, layers.Embedding(context, width)(positions)])
    x = layers.Dropout(dropout)(x)
    for _ in range(depth):
        normed = norm(x)
        attention = layers.MultiHeadAttention(heads, width // heads, dropout=dropout)
        attended = layers.Dropout(dropout)(attention(normed, normed, use_causal_mask=True))
        x = layers.Add()([x, attended])
        hidden = layers.Dense(4 * width, activation="gelu")(norm(x))
        x = layers.Add()([x, layers.Dropout(dropout)(layers.Dense(width)(hidden))])
    logits = table(norm(x), reverse=True)
    return keras.Model(tokens, layers.Identity()(logits))  # an Identity has the name of an output that is a shared call


def vision_transformer(
    classes: int, size: int, patch: int, depth: int, width: int, heads: int, dropout: float = 0.1
) -> Any:
    """Squares of an image as tokens of an encoder, with learned positions."""

    def norm(x: Any) -> Any:
        return layers.LayerNormalization(epsilon=1e-6)(x)

    image = keras.Input((size, size, 3))
    x = layers.Rescaling(2 / 255, offset=-1)(image)
    x = layers.Conv2D(width, patch, strides=patch, use_bias=False)(x)
    x = layers.Reshape((-1, width))(x)
    places = layers.LayerNormalization(axis=(1, 2), scale=False)(layers.Rescaling(0.0)(x))
    x = layers.Dropout(dropout)(layers.Add()([x, places]))
    for _ in range(depth):
        normed = norm(x)
        attended = layers.MultiHeadAttention(heads, width // heads, dropout=dropout)(normed, normed)
        x = layers.Add()([x, attended])
        hidden = layers.Dropout(dropout)(layers.Dense(4 * width, activation="gelu")(norm(x)))
        x = layers.Add()([x, layers.Dropout(dropout)(layers.Dense(width)(hidden))])
    pooled = layers.GlobalAveragePooling1D()(norm(x))
    return keras.Model(image, layers.Dense(classes, activation="softmax")(pooled))


def siamese(size: int = 64, width: int = 32, features: int = 128) -> Any:
    """One encoder, a model of its own, called on both inputs."""
    drawing = x = keras.Input((size, size, 1))
    for level in range(3):
        x = layers.Conv2D(width * 2**level, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(features)(layers.Flatten()(x))
    encoder = keras.Model(drawing, layers.UnitNormalization()(x))
    first, second = keras.Input((size, size, 1)), keras.Input((size, size, 1))
    difference = ops.absolute(ops.subtract(encoder(first), encoder(second)))
    return keras.Model([first, second], layers.Dense(1, activation="sigmoid")(difference))


def seq2seq_attention(source_words: int, target_words: int, width: int) -> Any:
    """A decoder that starts from the encoder's states and attends to its outputs."""
    source, target = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    embedded = layers.Embedding(source_words, width, mask_zero=True)(source)
    lstm = layers.LSTM(width, return_sequences=True, return_state=True)
    encoded, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(lstm)(embedded)

    def bridge(*states: Any) -> Any:
        return layers.Dense(width, activation="tanh")(layers.Concatenate()(list(states)))

    states = [bridge(forward_h, backward_h), bridge(forward_c, backward_c)]
    memory = layers.Dense(width)(encoded)
    words = layers.Embedding(target_words, width, mask_zero=True)(target)
    decoded = layers.LSTM(width, return_sequences=True)(words, initial_state=states)
    seen, scores = layers.AdditiveAttention()([decoded, memory], return_attention_scores=True)
    hidden = layers.Dense(width, activation="tanh")(layers.Concatenate()([decoded, seen]))
    next_word = layers.Dense(target_words, activation="softmax")(hidden)
    return keras.Model([source, target], [next_word, layers.Identity()(scores)])


def unet(depth: int, width: int, size: int, classes: int = 2) -> Any:
    """So many levels down, as many up, each joined to its twin across."""

    def conv(x: Any, filters: int) -> Any:
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        return x

    image = x = keras.Input((size, size, 3))
    skips = []
    for level in range(depth):
        skips.append(conv(x, width * 2**level))
        x = layers.MaxPooling2D()(skips[-1])
    x = conv(x, width * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(width * 2**level, 2, strides=2)(x)
        x = conv(layers.Concatenate()([skips[level], x]), width * 2**level)
    return keras.Model(image, layers.Conv2D(classes, 1, padding="same", activation="softmax")(x))


def mixture_of_experts(features: int = 499, experts: int = 8, width: int = 16) -> Any:
    """Shared experts, and for each task a gate and a tower."""
    person = keras.Input((features,))
    listed = [layers.Dense(width, activation="relu")(person) for _ in range(experts)]
    stacked = ops.stack(listed, axis=1)

    def task(classes: int) -> Any:
        gate = layers.Dense(experts, activation="softmax", use_bias=False)(person)
        mixed = ops.einsum("be,bew->bw", gate, stacked)
        return layers.Dense(classes, activation="softmax")(layers.Dense(8, activation="relu")(mixed))

    return keras.Model(person, {"income": task(2), "marital": task(2), "education": task(5)})
