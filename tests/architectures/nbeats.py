"""N-BEATS in its interpretable form."""

import numpy as np
from keras import Input, Model, layers, ops

SOURCE = "Oreshkin et al., N-BEATS: Neural basis expansion analysis for interpretable time series forecasting, 2020"
LINK = "https://github.com/philipperemy/n-beats"
EQUAL = "results: by hand, a block is a Model that is called again"
SMALL = {"past": 12, "future": 4, "units": 8, "thetas": [3, 4], "blocks": 2, "layers": 2}


def basis(kind, steps, count):
    time = np.arange(steps) / steps
    if kind == "trend":
        curves = time ** np.arange(count)[:, None]
    else:
        angles = 2 * np.pi * np.arange(count // 2)[:, None] * time
        curves = np.concatenate([np.cos(angles), np.sin(angles)])
    return curves.astype("float32")


def block(kind, past, future, units, theta, depth):
    x = series = Input((past,))
    for _ in range(depth):
        x = layers.Dense(units, activation="relu")(x)
    backcast = ops.matmul(layers.Dense(theta, use_bias=False)(x), basis(kind, past, theta))
    forecast = ops.matmul(layers.Dense(theta, use_bias=False)(x), basis(kind, future, theta))
    return Model(series, [forecast, backcast])


def build(past=120, future=24, units=256, kinds=("trend", "seasonality"), thetas=(3, 24), blocks=3, layers=4):
    series = Input((past,))
    rest, forecasts = series, []
    for kind, theta in zip(kinds, thetas, strict=True):
        shared = block(kind, past, future, units, theta, layers)
        for _ in range(blocks):
            forecast, backcast = shared(rest)
            rest = rest - backcast
            forecasts.append(forecast)
    return Model(series, {"forecast": sum(forecasts), "rest": rest})
