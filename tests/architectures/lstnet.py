"""LSTNet."""

from keras import Input, Model, layers, ops, optimizers

SOURCE = "Lai et al., Modeling Long- and Short-Term Temporal Patterns with Deep Neural Networks, 2018"
LINK = "https://github.com/flaviagiammarino/lstnet-tensorflow"
SMALL = {"series": 5, "window": 20, "filters": 6, "kernel": 3, "units": 7, "skip_units": 2, "period": 4, "linear": 6}


def build(series=321, window=168, filters=100, kernel=6, units=100, skip_units=5, period=24, linear=24, dropout=0.2):
    past = Input((window, series))
    seen = layers.Conv1D(filters, kernel, activation="relu")(past)
    seen = layers.Dropout(dropout)(seen)
    now = layers.Dropout(dropout)(layers.GRU(units, activation="relu")(seen))

    days = seen.shape[1] // period
    x = ops.reshape(seen[:, -days * period :], (-1, days, period, filters))
    x = ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (-1, days, filters))
    x = layers.GRU(skip_units, activation="relu")(x)
    before = layers.Dropout(dropout)(ops.reshape(x, (-1, period * skip_units)))
    patterned = layers.Dense(series)(layers.Concatenate()([now, before]))

    line = layers.Dense(1)(ops.transpose(past[:, -linear:], (0, 2, 1)))
    model = Model(past, patterned + ops.squeeze(line, -1))
    model.compile(optimizer=optimizers.Adam(clipnorm=10.0), loss="mae")
    return model
