"""The temporal fusion transformer."""

from keras import Input, Model, layers, ops

SOURCE = "Lim et al., Temporal Fusion Transformers for Interpretable Multi-horizon Time Series Forecasting, 2021"
LINK = "https://github.com/google-research/google-research/tree/master/tft"
SMALL = {
    "static_sizes": [5, 4], "seen": ["sales"], "past_steps": 5, "future_steps": 3, "width": 8,
    "heads": 2,
}  # fmt: skip


class Builder:
    """The parts of the network, which all have one width and one rate of dropout."""

    def __init__(self, width, heads, dropout):
        self.width, self.heads, self.dropout = width, heads, dropout

    def gate(self, x, shortcut):
        units = shortcut.shape[-1]
        x = layers.Dropout(self.dropout)(x)
        gated = layers.Dense(units)(x) * layers.Dense(units, activation="sigmoid")(x)
        return layers.LayerNormalization()(shortcut + gated)

    def grn(self, x, context=None, units=None):
        units = units or self.width
        hidden = layers.Dense(self.width)(x)
        if context is not None:
            hidden = layers.Add()([hidden, layers.Dense(self.width, use_bias=False)(context)])
        hidden = layers.Dense(self.width)(layers.Activation("elu")(hidden))
        shortcut = x if x.shape[-1] == units else layers.Dense(units)(x)
        return self.gate(hidden, shortcut)

    def select(self, variables, context=None):
        weights = self.grn(layers.Concatenate()(variables), context, len(variables))
        weights = layers.Softmax()(weights)
        rows = ops.stack([self.grn(variable) for variable in variables], axis=-1)
        return ops.sum(rows * weights[..., None, :], axis=-1)

    def attend(self, x):
        size = self.width // self.heads
        queries = [layers.Dense(size)(x) / ops.sqrt(float(size)) for _ in range(self.heads)]
        keys = [layers.Dense(size)(x) for _ in range(self.heads)]
        value = layers.Dense(size)(x)
        heads = [
            layers.Attention()([query, value, key], use_causal_mask=True)
            for query, key in zip(queries, keys, strict=True)
        ]
        return layers.Dense(self.width)(layers.Average()(heads))

    def lstm(self, x, state, **arguments):
        return layers.LSTM(self.width, return_sequences=True, **arguments)(x, initial_state=state)


def build(
    static=("store", "city"),
    static_sizes=(50, 20),
    seen=("sales", "traffic"),
    known=("price", "holiday"),
    past_steps=168,
    future_steps=24,
    width=160,
    heads=4,
    dropout=0.1,
    quantiles=(0.1, 0.5, 0.9),
):
    make = Builder(width, heads, dropout)
    constants = [Input((), dtype="int32", name=name) for name in static]
    observed = [Input((past_steps, 1), name=name) for name in seen]
    planned = [Input((past_steps + future_steps, 1), name=name) for name in known]
    embedded = [layers.Embedding(size, width)(it) for it, size in zip(constants, static_sizes, strict=True)]
    seen_before = [layers.Dense(width)(it) for it in observed]
    known_all = [layers.Dense(width)(it) for it in planned]

    series = make.select(embedded)
    chooser, state, memory, enricher = (make.grn(series) for _ in range(4))
    chooser, enricher = chooser[:, None], enricher[:, None]
    before = make.select([*seen_before, *(it[:, :past_steps] for it in known_all)], chooser)
    ahead = make.select([it[:, past_steps:] for it in known_all], chooser)

    encoded, *state = make.lstm(before, [state, memory], return_state=True)
    decoded = make.lstm(ahead, state)
    read = layers.Concatenate(axis=1)([encoded, decoded])
    temporal = make.gate(read, layers.Concatenate(axis=1)([before, ahead]))
    enriched = make.grn(temporal, enricher)
    attended = make.gate(make.attend(enriched), enriched)
    x = make.gate(make.grn(attended), temporal)[:, past_steps:]
    return Model([*constants, *observed, *planned], layers.Dense(len(quantiles))(x))
