"""Tacotron."""

from keras import Input, Model, initializers, layers

SOURCE = "Wang et al., Tacotron: Towards End-to-End Speech Synthesis, 2017"
LINK = "https://github.com/jkamalu/keras_tacotron"
SMALL = {"letters": 20, "mels": 6, "bins": 9, "width": 16, "channels": 8, "bank": 2, "bank_after": 1}


def prenet(x, width, channels, dropout):
    for units in (width, channels):
        x = layers.Dense(units, activation="relu")(x)
        x = layers.Dropout(dropout)(x)
    return x


def conv(x, filters, kernel_size, activation="relu"):
    x = layers.Conv1D(filters, kernel_size, padding="same", activation=activation)(x)
    return layers.BatchNormalization()(x)


def highway(x):
    units = x.shape[-1]
    gate = layers.Dense(units, activation="sigmoid", bias_initializer=initializers.Constant(-1.0))(x)
    change = layers.Dense(units, activation="relu")(x)
    return gate * change + (1 - gate) * x


def cbhg(x, channels, bank, projections):
    y = layers.Concatenate()([conv(x, channels, size) for size in range(1, bank + 1)])
    y = layers.MaxPooling1D(2, strides=1, padding="same")(y)
    y = conv(y, projections[0], 3, "relu")
    y = conv(y, projections[1], 3, "linear")
    y = layers.Add()([y, x])
    if x.shape[-1] != channels:
        y = layers.Dense(channels)(y)
    for _ in range(4):
        y = highway(y)
    return layers.Bidirectional(layers.GRU(channels, return_sequences=True))(y)


def build(
    letters=70,
    length=None,
    mels=80,
    bins=1025,
    frames=2,
    width=256,
    channels=128,
    bank=16,
    bank_after=8,
    dropout=0.5,
):
    text = Input((length,), dtype="int32")
    memory = prenet(layers.Embedding(letters, width)(text), width, channels, dropout)
    memory = cbhg(memory, channels, bank, (channels, channels))

    before = Input((None, mels))
    asks = layers.GRU(width, return_sequences=True)(prenet(before, width, channels, dropout))
    read, alignment = layers.AdditiveAttention()([asks, memory], return_attention_scores=True)
    x = layers.Dense(width)(layers.Concatenate()([asks, read]))
    for _ in range(2):
        x = layers.Add()([x, layers.GRU(width, return_sequences=True)(x)])
    x = layers.Dense(mels * frames)(x)
    mel = layers.Reshape((-1, mels))(x)

    linear = layers.Dense(bins)(cbhg(mel, channels, bank_after, (width, mels)))
    return Model([text, before], {"mel": mel, "linear": linear, "alignment": alignment})
