"""``compile`` and ``expect``."""

from __future__ import annotations

from tests.growing.repeating import X, listed, nested, one

MODEL = f"layers: [{X}, {{type: Dense, name: y, units: 3}}]\n"
listed("losses", MODEL + "compile: {loss: [", "mse", "]}")
listed("wrong losses", MODEL + "compile: {loss: [", "mze@", "]}")
listed("losses by name", MODEL + "compile: {loss: {", "y@: mse", "}}")
listed("metrics", MODEL + "compile: {loss: mse, metrics: [", "mse", "]}")
listed("wrong metrics", MODEL + "compile: {loss: mse, metrics: [", "f@", "]}")
listed("lists of metrics", MODEL + "compile: {loss: mse, metrics: [", "[mse]", "]}")
listed("metrics by name", MODEL + "compile: {loss: mse, metrics: {", "y@: [mse]", "}}")
listed("loss weights", MODEL + "compile: {loss: mse, loss_weights: [", "1", "]}")
listed("unknown keys of compile", MODEL + "compile: {", "k@: 1", "}")
listed(
    "schedules",
    MODEL
    + "compile: {optimizer: {type: Adam, learning_rate: {type: PiecewiseConstantDecay, values: [1], boundaries: [",
    "@",
    "]}}}",
)
listed("thresholds", MODEL + "compile: {loss: mse, metrics: [{type: Precision, thresholds: [", "0.5", "]}]}")
nested("metrics in metrics", MODEL + "compile: {metrics: ", "{type: MeanMetricWrapper, fn: "[:20], "1", "}", "}")
listed("expectations", MODEL + "expect: {", "k@: 1", "}")
listed("expected outputs", MODEL + "expect: {outputs: {", "y@: [1]", "}}")
listed("an expected shape", MODEL + "expect: {outputs: {y: [", "1", "]}}")
one("an expected number", MODEL + "expect: {params: '", "1", "'}")
one("an expected number of spaces", MODEL + "expect: {params: '", " ", "1'}")
one("an expected bound", MODEL + "expect: {params: '<", "1", ".5M'}")
one("an expected number without quotes", MODEL + "expect: {params: ", "1", "}")
one("a policy", MODEL + "dtype_policy: ", "a", "")
