"""The ``compile`` section against Keras's own ``Model.compile``."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import pytest

from specc.backends.keras_model import realize
from specc.shapes import Tensor
from specc.training import Training, check_outputs, parse_training
from tests.support.checking import said
from tests.support.helps import helps


def parsed(data: Any) -> Training:
    training, problems = parse_training(data)
    assert training is not None, problems
    return training


def messages(data: Any) -> list[tuple[str, str, tuple[Any, ...], str | None]]:
    training, problems = parse_training(data)
    assert training is None
    return [(problem.code, problem.message, problem.path, problem.help) for problem in problems]


OUTPUTS = ["zeta", "box"]
TENSORS = [Tensor((None, 2)), Tensor((None, 3))]


def refusals(
    data: Any, outputs: list[str] = OUTPUTS, tensors: list[Tensor] = TENSORS
) -> list[tuple[str, tuple[Any, ...]]]:
    return [(problem.message, problem.path) for problem in check_outputs(parsed(data), outputs, tensors)]


def test_arguments_are_those_of_compile() -> None:
    wanted = {
        parameter.name: parameter.default
        for parameter in inspect.signature(keras.Model.compile).parameters.values()
        if parameter.name != "self"
    }
    assert {name: field.default for name, field in Training.model_fields.items()} == wanted
    assert list(Training.model_fields) == list(wanted)


def test_parse_messages() -> None:
    assert messages([]) == [
        ("invalid-value", "compile must be a map, not []", (), "for instance {optimizer: adam, loss: mse}")
    ]
    assert messages({"lost": "mse"}) == [
        ("unknown-argument", 'compile has no argument "lost"', ("lost",), "did you mean 'loss'?")
    ]
    assert messages({"optimizer": "adm", "loss": {"a": "msee", "b": 3}}) == [
        (
            "unknown-optimizer",
            'unknown optimizer "adm"',
            ("optimizer",),
            "did you mean 'Adam'?",
        ),
        (
            "unknown-loss",
            'loss of "a": unknown loss "msee"',
            ("loss", "a"),
            "did you mean 'mse'?",
        ),
        ("argument-value", "loss of \"b\" must be a loss: a name, or a map with 'type', not 3", ("loss", "b"), None),
    ]
    assert messages({"metrics": {"a": ["mae", {"type": "AUC", "curve": "x"}]}}) == [
        (
            "argument-value",
            'metrics of "a": number 2: AUC: curve must be "ROC", "PR", "PRGAIN", "roc", "pr" or "prgain", not "x"',
            ("metrics", "a", 1, "curve"),
            'set curve to "ROC", "PR", "PRGAIN", "roc", "pr" or "prgain"',
        )
    ]
    assert messages({"loss_weights": {"a": "2"}})[0][:3] == (
        "argument-value", 'loss_weights of "a" must be a number, not "2"', ("loss_weights", "a"),
    )  # fmt: skip
    assert messages({"metrics": [["mae", None]]})[0][2] == ("metrics", 0, 1)
    assert messages({"jit_compile": "x"})[0][1].startswith('jit_compile must be "auto", true or false or null')
    assert messages({"steps_per_execution": 0})[0][1] == "steps_per_execution must be a positive integer, not 0"


ONE_OUTPUT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"loss": "mse"}, {"loss": "mse"}),
    ({"loss": ["mse"]}, {"loss": "mse"}),
    ({"loss": {"out": "mse"}}, {"loss": "mse"}),
    ({"loss": {"out": None}}, {"loss": None}),
    ({"loss": "mse", "loss_weights": 2}, {"loss": "mse", "loss_weights": 2.0}),
    ({"loss": "mse", "loss_weights": {"out": 2}}, {"loss": "mse", "loss_weights": 2.0}),
    ({"metrics": "mae"}, {"metrics": ["mae"]}),
    ({"metrics": ["mae", "acc"]}, {"metrics": ["mae", "acc"]}),
    ({"metrics": [["mae", "acc"]]}, {"metrics": ["mae", "acc"]}),
    ({"metrics": {"out": ["mae"]}}, {"metrics": ["mae"]}),
    ({"metrics": [], "weighted_metrics": {}}, {"metrics": None, "weighted_metrics": None}),
    ({"metrics": [None]}, {"metrics": None}),
]


@pytest.mark.parametrize(("data", "wanted"), ONE_OUTPUT)
def test_one_output(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert refusals(data, ["out"], [Tensor((None, 2))]) == []
    assert parsed(data).arguments(["out"]) == wanted


TWO_OUTPUTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"loss": "mse"}, {"loss": {"zeta": "mse", "box": "mse"}}),
    ({"loss": ["mse", "mae"]}, {"loss": {"zeta": "mse", "box": "mae"}}),
    ({"loss": ["mse", None]}, {"loss": {"zeta": "mse", "box": None}}),
    ({"loss": {"box": "mae"}}, {"loss": {"zeta": None, "box": "mae"}}),
    ({"loss": [None, None]}, {"loss": None}),
    (
        {"loss": ["mse", "mae"], "loss_weights": {"box": 5}},
        {"loss": {"zeta": "mse", "box": "mae"}, "loss_weights": {"zeta": None, "box": 5.0}},
    ),
    (
        {"loss": {"zeta": "mse", "box": "mae"}, "loss_weights": [1, 5]},
        {"loss": {"zeta": "mse", "box": "mae"}, "loss_weights": {"zeta": 1.0, "box": 5.0}},
    ),
    (
        {"loss": {"zeta": "mse", "box": "mae"}, "loss_weights": 3},
        {"loss": {"zeta": "mse", "box": "mae"}, "loss_weights": {"zeta": 3.0, "box": 3.0}},
    ),
    ({"metrics": ["mae", "mse"]}, {"metrics": {"zeta": ["mae"], "box": ["mse"]}}),
    ({"metrics": [["mae", "acc"], None]}, {"metrics": {"zeta": ["mae", "acc"]}}),
    ({"metrics": {"box": "mae", "zeta": []}}, {"metrics": {"box": ["mae"]}}),
    ({"metrics": [None, None]}, {"metrics": None}),
]


@pytest.mark.parametrize(("data", "wanted"), TWO_OUTPUTS)
def test_two_outputs(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert refusals(data) == []
    assert parsed(data).arguments(OUTPUTS) == wanted


def model(form: str) -> Any:
    """A model whose outputs' names are not in alphabetical order, and in a map not those of its layers."""
    inputs = keras.Input((3,))
    if form == "one":
        return keras.Model(inputs, keras.layers.Dense(2, name="out", kernel_initializer="zeros")(inputs))
    names = OUTPUTS if form == "list" else ["first", "second"]
    outputs = [
        keras.layers.Dense(size, name=name, kernel_initializer="zeros")(inputs)
        for name, size in zip(names, (2, 3), strict=True)
    ]
    return keras.Model(inputs, outputs if form == "list" else dict(zip(OUTPUTS, outputs, strict=True)))


def trained(form: str, data: dict[str, Any]) -> dict[str, float]:
    """What one step of training reports, with targets of 1 for the first output and 10 for the second."""
    made = model(form)
    names = ["out"] if form == "one" else OUTPUTS
    made.compile(**{name: realize(value) for name, value in parsed(data).arguments(names).items()}, run_eagerly=True)
    targets: Any = [np.full((2, 2), 1.0), np.full((2, 3), 10.0)]
    targets = {"one": targets[0], "list": targets, "map": dict(zip(OUTPUTS, targets, strict=True))}[form]
    return {
        name: float(value) for name, value in made.train_on_batch(np.zeros((2, 3)), targets, return_dict=True).items()
    }


@pytest.mark.parametrize("form", ["list", "map"])
def test_keras_reads_names_not_positions(form: str) -> None:
    found = trained(form, {"loss": ["mse", "mae"], "loss_weights": [1, 1000], "metrics": [None, "mse"]})
    assert found == {"loss": 10001.0, "zeta_loss": 1.0, "box_loss": 10.0, "box_mse": 100.0}
    found = trained(form, {"loss": {"box": "mse"}, "metrics": {"box": ["mae"], "zeta": "mae"}})
    assert found == {"loss": 100.0, "zeta_mae": 1.0, "box_mae": 10.0}
    found = trained(
        form, {"loss": "mae", "loss_weights": {"box": 2}, "weighted_metrics": {"zeta": {"type": "MeanSquaredError"}}}
    )
    assert found == {"loss": 21.0, "zeta_loss": 1.0, "box_loss": 10.0, "zeta_mean_squared_error": 1.0}


@pytest.mark.parametrize(
    "data", [data for data, _ in ONE_OUTPUT if (data.get("loss") or {"out": None}) != {"out": None}]
)
def test_keras_trains_one_output(data: dict[str, Any]) -> None:
    assert trained("one", data)["loss"] == (2.0 if "loss_weights" in data else 1.0)


def test_keras_takes_everything_at_once() -> None:
    keras.utils.clear_session(free_memory=False)  # metrics are counted from the beginning
    found = trained(
        "one",
        {
            "optimizer": {"type": "LossScaleOptimizer", "inner_optimizer": {"type": "Lamb", "learning_rate": 1}},
            "loss": {"type": "Huber", "delta": 2},
            "metrics": ["accuracy", {"type": "Precision", "thresholds": [0.5]}, "Acc"],
            "steps_per_execution": 1,
            "jit_compile": False,
            "auto_scale_loss": False,
        },
    )
    assert found["loss"] == 0.5
    assert {"accuracy", "precision", "Acc"} <= set(found)
    optimizers = {
        "type": "MultiOptimizer",
        "optimizer_map": {"default_optimizer": "adam", "optimizer_map": {".*bias": {"type": "SGD"}}},
    }
    assert "loss" in trained("one", {"optimizer": optimizers, "loss": "CE"})


def test_names_that_are_no_outputs() -> None:
    assert refusals({"loss": {"bax": "mse"}, "metrics": {"zeta": "mae", "other": "mae"}}) == [
        ('loss: the model has no output "bax"', ("loss", "bax")),
        ('metrics: the model has no output "other"', ("metrics", "other")),
    ]
    problems = check_outputs(parsed({"loss": {"bax": "mse"}, "loss_weights": {"q": 1}}), OUTPUTS, TENSORS)
    assert [problem.help for problem in problems] == ["did you mean 'box'?", "outputs: zeta, box"]


def test_lists_of_the_wrong_length() -> None:
    assert refusals({"loss": ["mse"], "loss_weights": [1, 2, 3], "metrics": [], "weighted_metrics": "mae"}) == [
        ("loss lists 1 for 2 outputs", ("loss",)),
        ("loss_weights lists 3 for 2 outputs", ("loss_weights",)),
        ("metrics lists 0 for 2 outputs", ("metrics",)),
        ("weighted_metrics must say which of 2 outputs it measures", ("weighted_metrics",)),
    ]
    one = (["out"], [Tensor((None, 2))])
    assert refusals({"loss": ["mse", "mae"]}, *one) == [("loss lists 2 for 1 output", ("loss",))]
    assert refusals({"metrics": [["mse"], ["mae"]]}, *one) == [("metrics lists 2 for 1 output", ("metrics",))]


def test_losses_that_fit_no_target() -> None:
    assert refusals({"loss": "ctc", "metrics": {"box": ["mae", {"type": "Precision", "class_id": 3}]}}) == [
        ('loss of "zeta": CTC needs an output of shape (batch, length, 2 or more classes), got (None, 2)', ("loss",)),
        ('loss of "box": CTC needs an output of shape (batch, length, 2 or more classes), got (None, 3)', ("loss",)),
        (
            'metrics of "box": Precision has class_id 3, but an output of shape (None, 3) has 3 classes',
            ("metrics", "box", 1),
        ),
    ]
    assert refusals(
        {"loss": [None, {"type": "CategoricalCrossentropy", "axis": 2}], "metrics": ["accuracy", None]}
    ) == [
        (
            'loss of "box": CategoricalCrossentropy has axis 2, which an output of shape (None, 3) does not have',
            ("loss", 1),
        )
    ]
    assert refusals({"metrics": ["mse", "f1_score"]}, ["out"], [Tensor((None, 2, 2))]) == [
        ('metrics of "out": F1Score needs an output of shape (batch, classes), got (None, 2, 2)', ("metrics", 1))
    ]


def test_model_without_keras_import() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from specc.training import parse_training; from specc import objects\n"
        "assert parse_training({'optimizer': 'adam', 'loss': 'mse', 'metrics': ['auc']})[0]\n"
        "assert not {'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_list_of_losses_that_is_too_short() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: a, units: 1, from: x}\n  - {type: Dense, name: b, units: 1, from: x}\n"
    assert said(f"{text}compile: {{loss: [mse]}}\n") == ["5:17 argument-value: loss lists 1 for 2 outputs"]


@pytest.mark.parametrize(("loss", "help"), [
    ("{name: mse}", "write mse"), ("{z: mse}", "outputs: y"), ("{mse}", "write mse, without braces"),
])  # fmt: skip
def test_a_loss_in_another_form(loss: str, help: str) -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 4}\n"
    assert helps(f"{text}compile: {{loss: {loss}}}\n") == [help]
