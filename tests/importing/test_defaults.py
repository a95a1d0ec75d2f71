"""What most layers of a type agree on stands once, in ``defaults``; the model stays the same."""

from __future__ import annotations

from typing import Any

import specc
from specc.archive.file import architecture
from specc.importing.defaults import with_defaults

RELU = {"type": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}
INPUT = {"type": "Input", "name": "x", "shape": [8, 8, 3]}
SPEC: dict[str, Any] = {
    "name": "small",
    "blocks": {"unit": {"inputs": ["u"], "layers": [{**RELU, "use_bias": False, "name": "v"}], "outputs": ["v"]}},
    "layers": [
        INPUT, RELU, {**RELU, "name": "a"}, {**RELU, "activation": "linear"}, {"type": "unit", "from": "a"},
        {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}}, {"type": "Dense", "units": 2},
    ],
    "compile": {"optimizer": {"type": "SGD", "momentum": 0.5}, "loss": "mse"},
}  # fmt: skip
WRITTEN = {
    "name": "small",
    "defaults": {"Conv2D": {"kernel_size": 3, "padding": "same", "activation": "relu"}},
    "blocks": {"unit": {"inputs": ["u"], "layers": [{"type": "Conv2D", "filters": 4, "use_bias": False, "name": "v"}], "outputs": ["v"]}},
    "layers": [
        INPUT, {"type": "Conv2D", "filters": 4}, {"type": "Conv2D", "filters": 4, "name": "a"},
        {"type": "Conv2D", "filters": 4, "activation": "linear"}, *SPEC["layers"][4:],
    ],
    "compile": SPEC["compile"],
}  # fmt: skip


def test_what_most_layers_agree_on() -> None:
    assert with_defaults(SPEC) == WRITTEN
    assert list(with_defaults(SPEC)) == list(WRITTEN)


def test_the_model_is_the_same() -> None:
    layers = [
        INPUT,
        RELU,
        RELU,
        {**RELU, "padding": "valid"},
        "Flatten",
        *[{"type": "Dense", "units": 2, "activation": "tanh"}] * 3,
    ]
    layers += [{"type": "Dense", "units": 2}]
    spec = {"layers": layers}
    short = with_defaults(spec)
    assert short["defaults"].keys() == {"Conv2D", "Dense"}
    assert short["layers"][-1] == {"type": "Dense", "units": 2, "activation": None}
    assert architecture(specc.compile(short)) == architecture(specc.compile(spec))


def test_what_stays() -> None:
    for items in (
        [RELU, RELU],  # too few
        [RELU, RELU, {**RELU, "kernel_size": 5}, {**RELU, "kernel_size": 1}],  # they do not agree
        [{**RELU, "name": "a", "trainable": False}] * 3,
    ):
        assert with_defaults({"layers": items}).get("defaults", {}).get("Conv2D", {}).keys() <= {
            "padding",
            "activation",
            "kernel_size",
        }
    assert with_defaults({"layers": [RELU, RELU]}) == {"layers": [RELU, RELU]}
    assert (
        "kernel_size"
        not in with_defaults({"layers": [RELU, RELU, {**RELU, "kernel_size": 5}, {**RELU, "kernel_size": 1}]})[
            "defaults"
        ]["Conv2D"]
    )
